// Rings at an open desk until somebody accepts (sound.js).
"use strict";
const ringing = document.getElementById("ringing");
const empty = document.getElementById("roster-empty");
const deaf = document.getElementById("deaf");
const EVERY = 5000, MOST_MISSED = 3;
let missed = 0;

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

// A page that hears nothing any more must say so: whoever looks at it believes the night is quiet.
function tellDeaf(why) {
  if (why && deaf.hidden && canSound()) strike(audio.currentTime, 330);
  deaf.hidden = !why;
  document.getElementById("deaf-out").hidden = why !== "out";
  document.getElementById("deaf-off").hidden = why !== "off";
}

async function ask() {
  try {
    const answer = await fetch("/admin/bao-dong?chuong=" + (canSound() ? "1" : "0"), { redirect: "manual" });
    if (answer.type === "opaqueredirect") return tellDeaf("out");
    if (!answer.ok) throw new Error("no answer");
    missed = 0;
    tellDeaf("");
    const told = await answer.json();
    show(told);
    sound(told);
  } catch {
    missed += 1;
    if (missed >= MOST_MISSED) tellDeaf("off");
  }
}
setInterval(ask, EVERY);
ask();
