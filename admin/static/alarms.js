// Rings at an open desk until somebody accepts (sound.js), by what live.js was told.
"use strict";
const ringing = document.getElementById("ringing");
const empty = document.getElementById("roster-empty");
const deaf = document.getElementById("deaf");
const STRIKES_EVERY = 4500;
let struckAt = -STRIKES_EVERY;

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

document.addEventListener("deaf", ({ detail }) => tellDeaf(detail));
document.addEventListener("told", ({ detail }) => {
  show(detail);
  if (!detail.count || performance.now() - struckAt < STRIKES_EVERY) return;
  struckAt = performance.now();
  sound(detail);
});
