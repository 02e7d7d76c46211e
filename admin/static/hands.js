// Says whether somebody's hands are on this page. Where nobody's were for a while the desk locks itself, and the page makes way.
// So it does for another officer who signed in on a page beside it.
"use strict";
{
  const EVERY = 20000;
  const TIP = /^\/admin\/tin\/\d+$/;
  let here = false;
  for (const touch of ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"]) {
    document.addEventListener(touch, () => { here = true; }, { passive: true });
  }
  // The longest text that was typed here and not sent. It is left with the server, sealed, for who typed it.
  const left = () => {
    const token = document.querySelector("input[name=csrf]");
    const typed = [...document.querySelectorAll("textarea[name]")].filter((one) => !one.readOnly && one.value.trim() && one.value !== one.defaultValue);
    const longest = typed.sort((one, other) => other.value.length - one.value.length)[0];
    return token && longest ? { csrf: token.value, field: longest.name, left: longest.value, page: location.pathname } : null;
  };
  const leave = async () => {
    const words = left();
    if (words) await fetch("/admin/khoa/loi", { method: "POST", body: new URLSearchParams(words), redirect: "error", keepalive: true });
  };
  const lock = document.querySelector("form[action='/admin/khoa/dong']");
  if (lock) lock.addEventListener("submit", () => {
    for (const [name, value] of Object.entries(left() || {})) {
      if (name === "csrf") continue;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      lock.append(field);
    }
  });
  const say = async () => {
    const was = here;
    here = false;
    try {
      const answer = await fetch("/admin/khoa/tay?tay=" + (was ? "1" : "0"), { redirect: "error" });
      if (!answer.ok) return;
      const told = await answer.json();
      // Somebody else has signed in meanwhile, on another page of this browser: what stands here was drawn for who was here before.
      if (told.who && told.who !== document.documentElement.dataset.who) return location.replace("/admin");
      if (!told.locked) return;
      await leave().catch(() => {});
      sessionStorage.setItem("pressed-at", String(Date.now())); // The lock page may sound if this one might.
      location.replace("/admin/khoa" + (TIP.test(location.pathname) ? "?toi=" + location.pathname : ""));
    } catch {
      here = here || was; // Signed out or offline: what is shown stays.
    }
  };
  setInterval(say, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) say(); });
}
