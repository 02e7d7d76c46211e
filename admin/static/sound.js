// The gong of a page. Browsers let a page sound only after it was touched once.
"use strict";
const bell = document.getElementById("bell");
const bellOn = document.getElementById("bell-on"); // Said in words on the lock page.
const ORDINARY_AGAIN = 60000;
let audio = null;

const canSound = () => audio !== null && audio.state === "running";
function showBell() {
  bell.hidden = canSound();
  if (bellOn) bellOn.hidden = !canSound();
}

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
