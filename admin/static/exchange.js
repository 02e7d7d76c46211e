// A ready sentence goes into its field at once, where a script may help; what stands there already stays.
"use strict";
for (const select of document.querySelectorAll("select[data-fills]")) {
  const form = select.form;
  form.querySelector("button[name=use]").hidden = true;
  select.addEventListener("change", () => {
    const text = select.selectedOptions[0].dataset.text;
    const field = form.elements[select.dataset.fills];
    if (text && !field.value.includes(text)) field.value = (field.value.trimEnd() + " " + text).trim();
    select.value = "";
    field.focus();
  });
}
