// Whatever takes longer than a moment says so: the pressed button reads 正在处理…, a line under the
// window's edge moves, and a screen reader is told. A form is sent once, however often it is
// pressed. Everything works without this file.
"use strict";
(() => {
  const PATIENCE = 400; // ms before anything is said
  const GIVE_UP = 120000; // ms after which a form may be sent again: the answer was stopped or lost
  const WORKING = "正在处理…";
  const FILE = /\.(xlsx|csv|zip|docx)$/;

  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);

  const under = new Set(); // what is under way: functions that put things back
  const endAll = () => [...under].forEach((end) => end());

  // Shows the work of one button or link after a while; answers the function that ends it.
  const begin = (pressed, limit) => {
    const isInput = pressed instanceof HTMLInputElement;
    const before = isInput ? pressed.value : [...(pressed?.childNodes ?? [])];
    let shown = false;
    const show = () => {
      shown = true;
      document.documentElement.classList.add("is-busy");
      status.textContent = WORKING;
      if (!pressed) return;
      pressed.setAttribute("aria-busy", "true");
      if (isInput) pressed.value = WORKING;
      else pressed.replaceChildren(WORKING);
    };
    const timers = [setTimeout(show, PATIENCE)];
    const end = (said = "") => {
      timers.forEach(clearTimeout);
      if (!under.delete(end) || !shown) return;
      document.documentElement.classList.toggle("is-busy", under.size > 0);
      status.textContent = said;
      if (!pressed) return;
      pressed.removeAttribute("aria-busy");
      if (isInput) pressed.value = before;
      else pressed.replaceChildren(...before);
    };
    if (limit) timers.push(setTimeout(end, limit));
    under.add(end);
    return end;
  };

  // --- forms -----------------------------------------------------------------------------------

  const sent = new WeakMap(); // form → the function that ends its work

  // On the window, so that whoever sends a form in another way has already said so.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    const answersElsewhere = form.target && form.target !== "_self";
    if (event.defaultPrevented || answersElsewhere) return;
    if (under.has(sent.get(form))) {
      event.preventDefault();
      return;
    }
    const pressed = event.submitter ?? form.querySelector("button[type=submit], input[type=submit]");
    sent.set(form, begin(pressed, GIVE_UP));
  });

  // --- files: fetched here, so that the end of the work is known ---------------------------------

  const nameIn = (answer, url) => {
    const told = answer.headers.get("Content-Disposition") ?? "";
    const coded = told.match(/filename\*=utf-8''([^;]+)/i);
    const plain = told.match(/filename="([^"]+)"/i);
    if (coded) return decodeURIComponent(coded[1]);
    return plain ? plain[1] : decodeURIComponent(url.pathname.split("/").pop());
  };

  const hand = (file, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const fetched = async (url) => {
    const answer = await fetch(url, { credentials: "same-origin" });
    const isFile = (answer.headers.get("Content-Disposition") ?? "").startsWith("attachment");
    if (!answer.ok || answer.redirected || !isFile) throw new Error("no file");
    return [await answer.blob(), nameIn(answer, url)];
  };

  const download = async (link) => {
    const end = begin(link);
    try {
      const [file, name] = await fetched(new URL(link.href));
      hand(file, name);
      end(`已下载：${name}`);
    } catch {
      end();
      window.location.assign(link.href); // the server says what is wrong, or asks to log in
    }
  };

  const isPlain = (event) =>
    event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || !isPlain(event) || link.target) return;
    if (link.origin !== window.location.origin) return;
    if (!FILE.test(link.pathname) && !("download" in link.dataset)) return;
    event.preventDefault();
    if (link.getAttribute("aria-disabled") === "true") return;
    link.setAttribute("aria-disabled", "true"); // pressed again, it is fetched once
    download(link).finally(() => link.removeAttribute("aria-disabled"));
  });

  // Gone back to, the page is ready again.
  window.addEventListener("pageshow", endAll);
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape") endAll(); // stops a page that is being loaded
  });

  // Printing needs a script; without one the browser's own command does it.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
