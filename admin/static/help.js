// The help opens beside what is being written, so that nothing typed is lost. Without this script it opens in a window of its own.
"use strict";
{
  const panel = document.getElementById("help-panel");
  const inside = panel && panel.querySelector(".inside");
  const put = (name) => inside.replaceChildren(document.getElementById(name).content.cloneNode(true));
  let asked = 0;

  async function show(address) {
    const mine = ++asked;
    const waits = setTimeout(() => put("help-waits"), 300);
    inside.replaceChildren();
    if (!panel.open) panel.showModal();
    try {
      const page = new URL(address, location.href);
      page.searchParams.set("phan", "1");
      const answer = await fetch(page, { redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (mine === asked) inside.innerHTML = text; // Ours, with every value escaped by the server.
    } catch {
      if (mine !== asked) return;
      put("help-failed");
      inside.querySelector("a").href = address;
    } finally {
      clearTimeout(waits);
      if (mine === asked) inside.querySelector("#help-title")?.focus();
    }
  }

  document.addEventListener("click", (press) => {
    const link = press.target.closest("a[data-help]");
    if (!link || !panel || press.ctrlKey || press.metaKey || press.shiftKey || press.button) return;
    press.preventDefault();
    show(link.href);
  });
  if (panel) panel.addEventListener("click", (press) => { if (press.target === panel) panel.close(); });
}
