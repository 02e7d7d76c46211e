// Rings at an open desk until somebody accepts (sound.js).
"use strict";
const ringing = document.getElementById("ringing");
const empty = document.getElementById("roster-empty");
const EVERY = 5000;

function show(told) {
  if (empty) empty.hidden = !told.empty;
  ringing.hidden = told.count === 0;
  if (told.count === 0) return;
  ringing.classList.toggle("gentle", told.urgent === 0);
  const words = told.urgent ? ringing.dataset.urgent + " " + told.urgent : ringing.dataset.tips + " " + told.count;
  const place = document.getElementById("ringing-words");
  if (place.textContent !== words) place.textContent = words;
  document.getElementById("ringing-see").href = told.place;
}

async function ask() {
  try {
    const answer = await fetch("/admin/bao-dong?chuong=" + (canSound() ? "1" : "0"), { redirect: "error" });
    if (!answer.ok) return;
    const told = await answer.json();
    show(told);
    sound(told);
  } catch {
    // Signed out or offline: what is shown stays.
  }
}
setInterval(ask, EVERY);
ask();
