// Counts at the side, what has come since this page was drawn, and what cannot wait: told on whatever page is open, and by the name of the
// window behind others.
"use strict";
{
  const urgent = document.getElementById("urgent");
  const alarm = document.getElementById("alarm");
  const title = document.title;
  const put = (place, words) => { if (place.textContent !== words) place.textContent = words; };
  let threats = alarm ? Number(alarm.dataset.shown) : 0;
  let urgents = 0;

  function call() {
    if (alarm) alarm.hidden = threats === 0;
    if (urgent) urgent.hidden = urgents === 0;
    const count = threats + urgents;
    document.title = count ? "(" + count + ") " + title : title;
  }

  function count(told) {
    for (const place of document.querySelectorAll("[data-folder]")) {
      const number = told.folders[place.dataset.folder];
      put(place, number || "");
      place.hidden = !number;
    }
    for (const place of document.querySelectorAll("[data-place]")) {
      const [number, sentence] = told.places[place.dataset.place] || [0, ""];
      put(place.querySelector("strong"), number > 1000 ? "1.000+" : String(number));
      put(place.querySelector(".unseen span"), sentence);
      place.hidden = !number;
    }
    const mine = document.getElementById("mine-new");
    if (mine) {
      put(mine, told.new);
      mine.hidden = !told.new;
    }
  }

  // The list stays as it is under somebody's eyes; one press brings what is new.
  function news(came) {
    const bar = document.getElementById("news");
    if (!bar) return;
    const many = came.filter((at) => at > Number(bar.dataset.drawn)).length;
    bar.hidden = many === 0;
    if (many) put(bar.querySelector("a"), many + " " + bar.dataset.words);
  }

  document.addEventListener("told", ({ detail }) => {
    count(detail);
    if (detail.came) news(detail.came);
    if (urgent) urgents = detail.urgents.filter((at) => at > Number(urgent.dataset.drawn)).length;
    if (alarm) threats = detail.threats;
    call();
  });
  call();
}
