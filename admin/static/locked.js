// The lock page: the clock, and the gong while something rings for whoever is signed in (sound.js).
"use strict";
{
  const place = document.getElementById("rings");
  const lost = document.getElementById("bell-lost");
  const face = document.getElementById("clock");
  const counts = document.getElementById("counts");
  const title = document.title;
  const offset = Number(face.dataset.now) - Date.now();
  const hours = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit" });

  function show(rings) {
    place.hidden = rings === "";
    document.title = rings === "urgent" ? "(!) " + title : title;
    if (rings === "") return;
    place.classList.toggle("gentle", rings !== "urgent");
    const words = document.getElementById("rings-words");
    if (words.textContent !== place.dataset[rings]) words.textContent = place.dataset[rings];
  }

  async function ask() {
    try {
      const answer = await fetch("/admin/khoa/chuong?chuong=" + (canSound() ? "1" : "0"), { redirect: "error" });
      if (!answer.ok) throw new Error("no answer");
      const told = await answer.json();
      if (!told.locked) return location.replace("/admin"); // Opened in another window.
      lost.hidden = true;
      showBell();
      counts.textContent = counts.dataset.words.replace("#u", told.urgent).replace("#c", told.count);
      show(told.rings);
      sound({ count: told.rings ? 1 : 0, urgent: told.rings === "urgent" ? 1 : 0 });
    } catch { // The house is away, or the session has ended.
      lost.hidden = false;
      bellOn.hidden = true;
    }
  }
  const tell = () => { face.textContent = hours.format(new Date(Date.now() + offset)); };
  document.getElementById("bell-try").addEventListener("click", () => { audio.resume().then(() => strike(audio.currentTime, 330)); });
  tell();
  setInterval(tell, 1000);
  setInterval(ask, 5000);
  ask();
}
