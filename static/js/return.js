// The return page without a mouse: 同上年, Enter to the next cell, a warning before leaving.
// Everything works without this file; it only saves keystrokes. What was typed is kept by kept.js.
"use strict";
(() => {
  const form = document.getElementById("return-form");
  if (!form) return;
  const unsaved = document.getElementById("unsaved");
  let changed = "unsaved" in form.dataset; // what was refused and stands on the page again

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

  if (changed) mark();
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
