// Counts the words while a warning is written, says how many it would reach, and hides what was not asked for. Without it everything is
// there, and the numbers come with the next page.
"use strict";
{
  const form = document.getElementById("viet");
  const field = (name) => form.elements.namedItem(name);
  const words = (text) => text.split(/\s+/).filter(Boolean).length;

  const most = Number(field("headline").dataset.words);
  const put = (place, count, limit) => {
    const text = place.dataset.said.replace("#", String(count));
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("over", count > limit);
  };
  const head = form.querySelector("[data-count=headline]"), all = form.querySelector("[data-count=all]");
  const count = () => {
    put(head, words(field("headline").value), most);
    put(all, ["headline", "text", "line1", "line2", "line3"].reduce((sum, name) => sum + words(field(name).value), 0), 120);
  };

  const areas = form.querySelector("[data-areas]"), when = form.querySelector(".when"), reaches = form.querySelector("[data-reach]");
  const show = () => {
    if (areas) areas.toggleAttribute("data-whole", field("ca-phuong").checked);
    when.toggleAttribute("data-now", field("luc").value !== "sau");
  };

  let asked = 0;
  const ask = async () => {
    if (!reaches) return;
    const mine = (asked += 1);
    const wanted = new URLSearchParams([...new FormData(form)].filter(([name]) => /^(to-\d+|ca-phuong|theme|gap)$/.test(name)));
    try {
      const answer = await fetch(reaches.dataset.reach + "?" + wanted, { redirect: "error" });
      if (!answer.ok || mine !== asked) return;
      for (const [name, many] of Object.entries(await answer.json())) reaches.querySelector(`[data-many=${name}]`).textContent = String(many);
    } catch {
      // Signed out or offline: the page that comes next counts.
    }
  };

  form.addEventListener("input", count);
  form.addEventListener("change", (event) => {
    // Whoever ticks the whole ward means no neighbourhood in particular.
    if (event.target.name === "ca-phuong" && event.target.checked) areas.querySelectorAll(".grid input").forEach((one) => { one.checked = false; });
    show();
    if (/^(to-\d+|ca-phuong|theme|gap)$/.test(event.target.name)) ask();
  });
  count();
  show();
}
