// 佐证材料 without leaving the page: uploads and removals are sent behind it, so that figures that
// are not saved yet stay. Works without this file too; the page then says to save first.
"use strict";
(() => {
  const EXPIRED = "登录已过期，材料没有改动；请在另一个窗口重新登录后再试，本页已填内容不会丢失。";
  const LOST = "没有连接上服务器，材料没有改动；请稍后再试。";
  const section = () => document.getElementById("evidence");
  if (!section()) return;

  // The server refuses what is larger as well; this only spares the waiting.
  const LARGEST = 20 * 1024 * 1024;
  const tooLarge = (form) => {
    const file = form.elements.file && form.elements.file.files[0];
    return file && file.size > LARGEST ? `“${file.name}”超过 20 MB，请压缩扫描件或分成几个文件。` : "";
  };

  const say = (form, sentence) => {
    const old = section().querySelector("#evidence-fault");
    if (old) old.remove();
    const notice = document.createElement("p");
    notice.className = "notice error";
    notice.id = "evidence-fault";
    notice.setAttribute("role", "alert");
    notice.textContent = sentence;
    form.prepend(notice);
  };

  // A refused file stays chosen, so that only what is wrong has to be put right.
  const replace = (html, form, refused) => {
    const files = form.elements.file && form.elements.file.files;
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("evidence");
    if (!fresh) return say(form, LOST);
    section().replaceWith(fresh);
    const input = fresh.querySelector("input[type=file]");
    if (refused && files && input) input.files = files;
    fresh.querySelector("[name=confirmed]")?.focus() ?? fresh.querySelector("h2").focus();
  };

  const send = async (form) => {
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    section().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Section": "evidence" },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) say(form, EXPIRED);
      else replace(await answer.text(), form, answer.status === 422);
    } catch {
      say(form, LOST);
    } finally {
      button.disabled = false;
      section().removeAttribute("aria-busy");
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#evidence")) return;
    event.preventDefault();
    const fault = tooLarge(form);
    if (fault) say(form, fault);
    else send(form);
  });
})();
