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
  button.addEventListener("click", () => navigator.share({ text: words(button.dataset.share) }).catch(() => {}));
}
