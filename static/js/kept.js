// What was typed outlives a session that ran out and a page that somebody overtook. It is kept in
// this tab only, until the server answers that it is stored, or the tab is closed. Everything works
// without this file.
//
// A form takes part by data-user and data-keep (or data-return), the name of what it is about.
// Forms about the same thing share a record: what settles one (审核通过) settles the others (退回).
"use strict";
(() => {
  const PREFIX = "kept-";
  const LEFT_OUT = ["version", "csrfmiddlewaretoken", "act", "confirmed"];
  const TYPES_LEFT_OUT = ["file", "hidden", "submit", "button", "radio"];

  // --- the record: {waiting, forms: {name: {version, verb, fields: {name: {typed, stored, …}}}}} ---

  const keyOf = (form) => `${PREFIX}${form.dataset.keep || form.dataset.return}-${form.dataset.user}`;
  const nameOf = (form) => form.dataset.form || "entry";
  const verbOf = (form) => form.dataset.verb || "保存";
  const read = (key) => JSON.parse(sessionStorage.getItem(key)) || { waiting: false, forms: {} };

  const write = (key, record) => {
    Object.entries(record.forms).forEach(([name, kept]) => {
      if (!Object.keys(kept.fields).length) delete record.forms[name];
    });
    if (Object.keys(record.forms).length) sessionStorage.setItem(key, JSON.stringify(record));
    else sessionStorage.removeItem(key);
  };

  // --- fields: what the server put into them, what stands in them now -------------------------

  const fieldsOf = (form) => [...form.elements].filter((field) =>
    field.name && !LEFT_OUT.includes(field.name) && !TYPES_LEFT_OUT.includes(field.type));

  const storedIn = (field) => {
    if (field.type === "checkbox") return field.defaultChecked ? "on" : "";
    if (field.type !== "select-one") return field.defaultValue;
    const option = [...field.options].find((one) => one.defaultSelected) || field.options[0];
    return option ? option.value : "";
  };

  const valueOf = (field) => {
    if (field.type === "checkbox") return field.checked ? "on" : "";
    return field.value;
  };

  const setValue = (field, value) => {
    if (field.type === "checkbox") field.checked = value === "on";
    else field.value = value;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const said = (field, value) => {
    if (field.type === "checkbox") return value ? "勾选" : "不勾选";
    const option = field.options && [...field.options].find((one) => one.value === value);
    return (option ? option.text : value) || "空";
  };

  const labelOf = (field) => {
    const label = field.labels && field.labels[0];
    return field.getAttribute("aria-label") || (label ? label.innerText.trim() : field.name);
  };

  // --- keeping --------------------------------------------------------------------------------

  const keep = (form, field) => {
    const record = read(keyOf(form));
    const kept = record.forms[nameOf(form)] ??=
      { version: form.dataset.version, verb: verbOf(form), fields: {} };
    const entry = kept.fields[field.name] ??= { stored: storedIn(field), label: labelOf(field) };
    entry.typed = valueOf(field);
    entry.said = said(field, entry.typed);
    const undone = entry.typed === entry.stored && entry.typed === storedIn(field);
    if (undone) delete kept.fields[field.name];
    write(keyOf(form), record);
  };

  const forget = (form, names) => {
    const record = read(keyOf(form));
    const kept = record.forms[nameOf(form)];
    if (!kept) return;
    names.forEach((name) => { delete kept.fields[name]; });
    write(keyOf(form), record);
  };

  // --- settling: the page after a press tells whether it was stored ------------------------------

  const allKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const refused = document.querySelector(".messagelist .error, main > .notice.error");
  const done = !refused && document.querySelector(".messagelist .success, main > .notice.success");
  allKeys().forEach((key) => {
    const record = read(key);
    if (done && record.waiting) sessionStorage.removeItem(key);
    else write(key, { ...record, waiting: false });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.user || event.defaultPrevented) return;
    // Also what was typed while this file was still on its way.
    fieldsOf(form).filter((field) => valueOf(field) !== storedIn(field))
      .forEach((field) => keep(form, field));
    write(keyOf(form), { ...read(keyOf(form)), waiting: true });
  });

  // --- giving back ------------------------------------------------------------------------------

  const tell = (form, sentences, lines, giveUp) => {
    const notice = document.createElement("div");
    notice.className = "notice warn screen-only";
    notice.setAttribute("role", "status");
    const paragraph = document.createElement("p");
    paragraph.textContent = sentences.join("");
    const list = document.createElement("ul");
    list.className = "findings";
    lines.forEach((line) => list.appendChild(document.createElement("li")).textContent = line);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = "不再保留";
    button.addEventListener("click", () => { giveUp(); notice.remove(); });
    notice.append(paragraph, ...(lines.length ? [list] : []), button);
    form.before(notice);
  };

  const overtaken = (changed) => changed.length
    ? `您填写之后这里有人改动过，其中 ${changed.length} 处现在保存的内容与您当时看到的不同：`
    : "您填写之后这里有人改动过（不涉及您填写的这几处），请先看最新内容。";

  const restore = (form) => {
    const kept = read(keyOf(form)).forms[nameOf(form)];
    if (!kept) return;
    const fields = fieldsOf(form).filter((field) => field.name in kept.fields);
    const differing = fields.filter((field) => valueOf(field) !== kept.fields[field.name].typed);
    // A refused page shows what was typed, and yet it is not stored.
    const stored = fields.filter((field) => !differing.includes(field)).map((field) => field.name);
    if (!refused) forget(form, stored);
    if (!differing.length) return;
    const stale = kept.version !== form.dataset.version;
    const changed = differing.filter((field) => storedIn(field) !== kept.fields[field.name].stored);
    const lines = stale ? changed.map((field) => {
      const entry = kept.fields[field.name];
      return `${entry.label}：现在保存的是“${said(field, storedIn(field))}”，您填写的是“${entry.said}”`;
    }) : [];
    differing.forEach((field) => setValue(field, kept.fields[field.name].typed));
    const verb = verbOf(form);
    const sentence = `已恢复您上次填写而未${verb}的 ${differing.length} 处内容，请核对后${verb}。`;
    tell(form, [sentence, ...(stale ? [overtaken(changed)] : [])], lines, () => {
      differing.forEach((field) => setValue(field, storedIn(field)));
      forget(form, Object.keys(kept.fields));
    });
  };

  // What has no field any more (the return was handed in meanwhile, say) is shown to be copied.
  // The page that refuses it shows it already.
  const strand = (forms, key) => {
    if (refused) return;
    const record = read(key);
    Object.entries(record.forms).forEach(([name, kept]) => {
      const form = forms.find((one) => nameOf(one) === name);
      const there = form ? fieldsOf(form).map((field) => field.name) : [];
      const lost = Object.entries(kept.fields).filter(([field]) => !there.includes(field));
      if (!lost.length) return;
      const sentence = `您填写而未${kept.verb}的以下内容现在不能填入这一页；需要的请抄录：`;
      const lines = lost.map(([, entry]) => `${entry.label}：${entry.said}`);
      tell(form || forms[0], [sentence], lines, () => {
        const current = read(key);
        lost.forEach(([field]) => { delete current.forms[name]?.fields[field]; });
        write(key, current);
      });
    });
  };

  const forms = [...document.querySelectorAll("form[data-user]")];
  forms.forEach(restore);
  new Set(forms.map(keyOf)).forEach((key) => strand(forms.filter((one) => keyOf(one) === key), key));
  forms.forEach((form) => form.addEventListener("input", (event) => {
    if (fieldsOf(form).includes(event.target)) keep(form, event.target);
  }));
})();
