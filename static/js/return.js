// The return page without a mouse: 同上年, Enter to the next cell, a warning before leaving.
// Everything works without this file; it only saves keystrokes.
"use strict";
(() => {
  const form = document.getElementById("return-form");
  if (!form) return;
  const unsaved = document.getElementById("unsaved");
  let changed = form.querySelector("[aria-invalid]") !== null;

  const mark = () => {
    changed = true;
    if (unsaved) unsaved.hidden = false;
  };

  const amountOf = (button) => button.parentElement.querySelector("input, select");

  const moveDown = (field) => {
    const fields = [...form.querySelectorAll("[name^=amount-]")];
    const next = fields[fields.indexOf(field) + 1];
    if (next) next.focus();
    if (next && next.select) next.select();
  };

  form.addEventListener("input", mark);

  form.addEventListener("click", (event) => {
    const button = event.target.closest(".same");
    if (!button) return;
    const field = amountOf(button);
    field.value = button.dataset.last.replaceAll(",", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    moveDown(field);
  });

  const sameAsLastYear = (field) => {
    const button = field.parentElement.querySelector(".same");
    if (button) button.click();
  };

  form.addEventListener("keydown", (event) => {
    if (event.key === "=" && event.target.name && event.target.name.startsWith("amount-")) {
      event.preventDefault();
      sameAsLastYear(event.target);
      return;
    }
    if (event.key !== "Enter" || !event.target.name || !event.target.name.startsWith("amount-")) return;
    event.preventDefault();
    moveDown(event.target);
  });

  // What was typed outlives a session that ran out: it is kept in this tab only, until the server
  // has stored it (a newer version of the return) or the tab is closed.
  const kept = `return-${form.dataset.return}-${form.dataset.user}`;
  const typedFields = () => [...form.elements].filter((field) =>
    field.name && !["version", "csrfmiddlewaretoken", "act"].includes(field.name) && field.type !== "file");

  const keep = () => {
    const fields = Object.fromEntries(typedFields().map((field) => [field.name, field.value]));
    sessionStorage.setItem(kept, JSON.stringify({ version: form.dataset.version, fields }));
  };

  const restore = () => {
    const stored = sessionStorage.getItem(kept);
    if (!stored) return;
    const { version, fields } = JSON.parse(stored);
    if (version !== form.dataset.version) {
      sessionStorage.removeItem(kept);
      return;
    }
    const differing = typedFields().filter((field) => field.name in fields && field.value !== fields[field.name]);
    if (!differing.length) return;
    differing.forEach((field) => { field.value = fields[field.name]; });
    mark();
    const notice = document.createElement("p");
    notice.className = "notice warn";
    notice.setAttribute("role", "status");
    notice.textContent = `已恢复您上次填写而未保存的 ${differing.length} 处内容，请核对后保存。`;
    form.before(notice);
  };
  restore();
  form.addEventListener("input", keep);

  let sending = false;
  form.addEventListener("submit", (event) => {
    if (sending) event.preventDefault(); // a double click sends once
    sending = true;
    changed = false;
  });
  window.addEventListener("pageshow", () => { sending = false; });

  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
})();
