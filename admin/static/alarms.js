// Rings at an open desk until somebody accepts. Browsers let a page sound only after it was touched once.
"use strict";
const ringing = document.getElementById("ringing");
const bell = document.getElementById("bell");
const empty = document.getElementById("roster-empty");
const deaf = document.getElementById("deaf");
const EVERY = 5000, ORDINARY_AGAIN = 60000, MOST_MISSED = 3;
let audio = null;
let missed = 0;

const canSound = () => audio !== null && audio.state === "running";
const showBell = () => { bell.hidden = canSound(); };

function wake() {
  if (!audio) audio = new AudioContext();
  audio.resume().then(showBell, showBell);
}
// Whoever came here by a press on our own page has touched us already, and the browser knows it.
const PRESSED = "pressed-at";
const pressed = () => sessionStorage.setItem(PRESSED, String(Date.now()));
if (Date.now() - Number(sessionStorage.getItem(PRESSED) || 0) < 5000) wake();
sessionStorage.removeItem(PRESSED);
document.addEventListener("click", (event) => { if (event.target.closest("a[href]")) pressed(); });
document.addEventListener("submit", pressed);
for (const touch of ["click", "keydown"]) document.addEventListener(touch, () => { if (!canSound()) wake(); });
showBell();

// One stroke of the gong: a low tone and its fifth, dying away.
function strike(at, pitch) {
  for (const [share, loud] of [[1, 0.5], [1.5, 0.25], [2.76, 0.1]]) {
    const tone = audio.createOscillator(), fade = audio.createGain();
    tone.frequency.value = pitch * share;
    fade.gain.setValueAtTime(loud, at);
    fade.gain.exponentialRampToValueAtTime(0.001, at + 1.4);
    tone.connect(fade).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1.5);
  }
}

function sound(told) {
  if (!canSound() || !told.count) return;
  const now = audio.currentTime;
  if (told.urgent) {
    [880, 660, 880, 660].forEach((pitch, number) => strike(now + number * 0.45, pitch));
  } else if (Date.now() - Number(sessionStorage.getItem("struck") || 0) > ORDINARY_AGAIN) {
    sessionStorage.setItem("struck", String(Date.now()));
    strike(now, 330);
  }
}

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
