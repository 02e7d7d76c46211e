// Says whether somebody's hands are on this page. Where nobody's were for a while the desk locks itself, and the page makes way.
"use strict";
{
  const EVERY = 20000;
  const TIP = /^\/admin\/tin\/\d+$/;
  let here = false;
  for (const touch of ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"]) {
    document.addEventListener(touch, () => { here = true; }, { passive: true });
  }
  const say = async () => {
    const was = here;
    here = false;
    try {
      const answer = await fetch("/admin/khoa/tay?tay=" + (was ? "1" : "0"), { redirect: "error" });
      if (!answer.ok || !(await answer.json()).locked) return;
      sessionStorage.setItem("pressed-at", String(Date.now())); // The lock page may sound if this one might.
      location.replace("/admin/khoa" + (TIP.test(location.pathname) ? "?toi=" + location.pathname : ""));
    } catch {
      here = here || was; // Signed out or offline: what is shown stays.
    }
  };
  setInterval(say, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) say(); });
}
