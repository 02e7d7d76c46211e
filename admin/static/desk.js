// Tells quietly how many tips have come since the list was drawn. It never moves what the eye is on.
"use strict";
const news = document.getElementById("news");
async function look() {
  try {
    const answer = await fetch("/admin/tin-moi?sau=" + news.dataset.after, { redirect: "error" });
    if (!answer.ok) return;
    const { count } = await answer.json();
    news.hidden = count === 0;
    news.firstElementChild.textContent = count + " " + news.dataset.words;
  } catch {
    // Signed out or offline: the list stays as it is.
  }
}
if (news) setInterval(look, 5000);

// Somebody feels threatened: the chief is told on whatever page is open, and by the name of the window behind others.
const alarm = document.getElementById("alarm");
const title = document.title;
function ring(threats) {
  alarm.hidden = threats === 0;
  document.title = threats ? "(" + threats + ") " + title : title;
}
async function listen() {
  try {
    const answer = await fetch("/admin/thu-gui/moi", { redirect: "error" });
    if (answer.ok) ring((await answer.json()).threats);
  } catch {
    // Signed out or offline: what is shown stays.
  }
}
if (alarm) {
  ring(Number(alarm.dataset.shown));
  setInterval(listen, 5000);
}
