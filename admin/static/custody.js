// Prints a sheet, and clears what may be seen for minutes from the screen when they are over.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
const minutes = document.querySelector("[data-lasts]");
if (minutes) {
  const ends = Date.now() + Number(minutes.dataset.lasts); // How long it lasts, not until when: clocks of old PCs go wrong.
  const looking = setInterval(() => {
    if (Date.now() < ends) return;
    minutes.remove();
    document.querySelector("[data-over]").hidden = false;
    clearInterval(looking);
  }, 1000);
}
