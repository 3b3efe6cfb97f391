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
    field.value = button.dataset.last;
    mark();
    moveDown(field);
  });

  form.addEventListener("keydown", (event) => {
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
