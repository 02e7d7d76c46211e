// Shows what residents would see while it is typed. Without script the button "Xem thử" does the same.
"use strict";
const form = document.getElementById("wording");
let timer = 0, last = 0;
async function show() {
  const asked = ++last;
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error" });
    if (!answer.ok || asked !== last) return;
    const { seen, complaints } = await answer.json();
    const list = document.getElementById("complaints");
    list.replaceChildren(...complaints.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    list.hidden = complaints.length === 0;
    const shown = document.getElementById("seen");
    if (seen) shown.textContent = seen;
    shown.classList.toggle("stale", !seen);
  } catch {
    // Offline or signed out: what stands there stays; saving says what is wrong.
  }
}
if (form) {
  form.querySelector("[value=preview]").hidden = true;
  form.elements.text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 300); });
  if (form.elements.text.value !== form.elements.text.defaultValue) show();  // Typed before this script was there.
}
