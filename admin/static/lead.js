// Copies words and hands them to another app of the phone, where the browser can. Without it they are marked and copied by hand.
"use strict";
const words = (name) => document.getElementById(name).textContent.trim();

async function copy(name) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(words(name));
  const range = document.createRange(); // A house without https: the old way, and the words stay marked.
  range.selectNodeContents(document.getElementById(name));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  if (!document.execCommand("copy")) throw new Error("not copied");
}

async function picture(of) {
  try {
    const answer = await fetch(of.picture, { credentials: "same-origin" });
    return answer.ok ? new File([await answer.blob()], of.name, { type: "image/jpeg" }) : null;
  } catch { return null; }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const before = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await copy(button.dataset.copy);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = before; }, 3000);
    } catch { /* The words stand there, and can be marked. */ }
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  const things = { text: words(button.dataset.share) };
  if (button.dataset.picture) picture(button.dataset).then((file) => {
    // Fetched beforehand: a browser that waits for the network after the press takes it for nobody's.
    if (file && navigator.canShare && navigator.canShare({ ...things, files: [file] })) things.files = [file];
  });
  button.addEventListener("click", () => navigator.share(things).catch(() => {}));
}
