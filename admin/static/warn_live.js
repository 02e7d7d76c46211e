// Draws anew what becomes of a warning, every few seconds: leaders post for hours after everything has gone. Where nothing changed nothing moves, and what somebody has opened or
// stands on with the keys stays as it is.
"use strict";
{
  const EVERY = 3000;
  const open = (place) => [...place.querySelectorAll("details")].map((one) => one.open);
  const look = async () => {
    const here = document.getElementById("tien-do");
    if (!here || !here.dataset.live || document.hidden) return;
    try {
      const answer = await fetch(here.dataset.live, { redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("tien-do");
      if (!fresh || fresh.innerHTML === here.innerHTML || here.contains(document.activeElement)) return;
      // Over, paused, or a question came up: the buttons beside it are others now.
      if (fresh.dataset.state !== here.dataset.state || fresh.dataset.unknown !== here.dataset.unknown) return location.reload();
      const were = open(here);
      here.replaceWith(fresh);
      fresh.querySelectorAll("details").forEach((one, place) => { one.open = Boolean(were[place]); });
    } catch {
      // Signed out or offline: what is shown stays.
    }
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
