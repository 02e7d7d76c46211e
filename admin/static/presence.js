// Says that this tip is being looked at, and shows who else does and what they sent meanwhile. A page behind others is not looked at.
"use strict";
{
  const EVERY = 10000; // handlers/viewers.py: over after two that were missed.
  const here = document.getElementById("dang-xem");
  const sent = document.getElementById("vua-gui");
  const put = (place, words) => { if (place.textContent !== words) place.textContent = words; };
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(here.dataset.ask, { redirect: "error" });
      if (!answer.ok) return;
      const told = await answer.json();
      put(here.querySelector("span"), told.here.join(" "));
      put(sent.querySelector("span span"), told.sent);
      sent.hidden = !told.sent;
    } catch {
      // Signed out or offline: what is shown stays.
    }
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
