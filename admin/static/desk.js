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
