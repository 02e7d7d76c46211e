// What cannot wait is told on whatever page is open.
"use strict";
const urgent = document.getElementById("urgent");
const alarm = document.getElementById("alarm");
const title = document.title;
let threats = 0;
let urgents = 0;

// What cannot wait is told on whatever page is open, and by the name of the window behind others.
function tell() {
  if (alarm) alarm.hidden = threats === 0;
  if (urgent) urgent.hidden = urgents === 0;
  const count = threats + urgents;
  document.title = count ? "(" + count + ") " + title : title;
}

async function look() {
  try {
    const answer = await fetch("/admin/tin-moi?khan=" + urgent.dataset.drawn, { redirect: "error" });
    if (!answer.ok) return;
    urgents = (await answer.json()).urgent;
    tell();
  } catch {
    // Signed out or offline: the list stays as it is.
  }
}
if (urgent) setInterval(look, 5000);

// Somebody feels threatened.
async function listen() {
  try {
    const answer = await fetch("/admin/thu-gui/moi", { redirect: "error" });
    if (!answer.ok) return;
    threats = (await answer.json()).threats;
    tell();
  } catch {
    // Signed out or offline: what is shown stays.
  }
}
if (alarm) {
  threats = Number(alarm.dataset.shown);
  tell();
  setInterval(listen, 5000);
}
