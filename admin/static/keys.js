// One hand on the keys: j and k walk along the list, / searches, a accepts, ? tells what there is. Never while somebody writes.
"use strict";
const rows = () => [...document.querySelectorAll(".tips a")].filter((row) => row.offsetParent);
const help = document.getElementById("keys-help");

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row === document.activeElement || (!all.includes(document.activeElement) && row.ariaCurrent));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const DOES = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("tim")?.focus(),
  a: () => document.querySelector("form.next button")?.focus(),
  l: () => document.querySelector("a.back")?.click(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (press) => {
  const writes = press.target.closest("input, textarea, select, [contenteditable]");
  if (writes || press.ctrlKey || press.altKey || press.metaKey || help?.open) return;
  const does = DOES[press.key];
  if (!does) return;
  press.preventDefault();
  does();
});
