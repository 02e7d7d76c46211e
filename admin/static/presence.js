// Says that this tip is being looked at, and shows who else does, what they sent and did meanwhile, and what the resident told. A page behind
// others is not looked at.
"use strict";
{
  const EVERY = 10000; // handlers/viewers.py: over after two that were missed.
  const here = document.getElementById("dang-xem");
  const sent = document.getElementById("vua-gui");
  const came = document.getElementById("vua-den");
  const changed = document.getElementById("vua-doi");
  let heard = here.dataset.heard;
  const put = (place, words) => { if (place.textContent !== words) place.textContent = words; };

  // Drawn by the server, as the page itself. What did not change stays as it is, and what is being played is not cut off.
  const draw = (id, part) => {
    const place = document.getElementById(id);
    const fresh = new DOMParser().parseFromString(part, "text/html").body;
    if (fresh.innerHTML.trim() !== place.innerHTML.trim()) place.replaceChildren(...fresh.childNodes);
  };
  const isPlaying = () => [...document.querySelectorAll("#da-ke audio, #da-ke video")].some((one) => !one.paused);
  const hear = (told) => {
    if (told.told === undefined || isPlaying()) return;
    draw("da-ke", told.told);
    draw("luot", told.turns);
    heard = String(told.heard);
    if (!told.came) return;
    put(came.querySelector("span span"), told.came);
    came.hidden = false;
  };

  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(here.dataset.ask + "&nghe=" + heard, { redirect: "error" });
      if (!answer.ok) return;
      const told = await answer.json();
      put(here.querySelector("span"), told.here.join(" "));
      put(sent.querySelector("span span"), told.sent);
      sent.hidden = !told.sent;
      put(changed.querySelector("span span"), told.changed);
      changed.hidden = !told.changed;
      hear(told);
    } catch {
      // Signed out or offline: what is shown stays.
    }
  };
  // Nothing typed yet: the page makes way for itself as it is now. Else that one opens beside it, and the words stay.
  const isTyped = () => [...document.querySelectorAll("main textarea, main input")].some((one) =>
    one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked : one.type !== "hidden" && one.value !== one.defaultValue);
  changed.querySelector("a").addEventListener("click", (event) => {
    if (isTyped()) return;
    event.preventDefault();
    if (location.pathname === event.currentTarget.pathname) location.reload();
    else location.assign(event.currentTarget.href);
  });
  came.querySelector("a").addEventListener("click", () => { came.hidden = true; });
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
