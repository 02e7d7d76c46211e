// Something was sent and takes its time: it says so, and for how long already. A second press does nothing meanwhile.
"use strict";
{
  const SHOWN_AFTER = 300;
  const words = document.getElementById("wait-words");
  const forms = new WeakSet();
  let shown = null;
  let beat = 0;

  function stop() {
    clearTimeout(beat);
    clearInterval(beat);
    if (shown) shown.remove();
    shown = null;
  }

  // What comes back as a file leaves the page as it is, and nothing tells when it has come.
  const isDownload = (form) => /\/(tai|tai-ve)$|^\/admin\/tai-ve\//.test(new URL(form.getAttribute("action") || "", location.href).pathname);

  function size(form) {
    const bytes = [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]).reduce((sum, one) => sum + one.size, 0);
    return bytes >= 1e5 ? " (" + (bytes / 1048576).toFixed(1).replace(".", words.dataset.comma) + " MB)" : "";
  }

  function begin(form, pressed) {
    const started = performance.now();
    const sends = size(form);
    const tell = () => {
      const secs = Math.floor((performance.now() - started) / 1000);
      const said = secs < 2 ? words.dataset.begun : (secs < 30 ? words.dataset.going : words.dataset.long).replace("#", String(secs));
      shown.lastElementChild.textContent = said + sends;
    };
    stop();
    beat = setTimeout(() => {
      shown = words.content.firstElementChild.cloneNode(true);
      (pressed && form.contains(pressed) ? pressed : form.lastElementChild || form).after(shown);
      tell();
      beat = setInterval(tell, 1000);
    }, SHOWN_AFTER);
  }

  document.addEventListener("submit", (sent) => {
    const form = sent.target;
    if (sent.defaultPrevented || form.method === "dialog" || form.target === "_blank" || isDownload(form)) return;
    if (forms.has(form)) return sent.preventDefault();
    forms.add(form);
    setTimeout(() => forms.delete(form), 60000); // Whatever happened to it: nobody is shut out for good.
    begin(form, sent.submitter);
  });
  // Back again by the browser's own way.
  addEventListener("pageshow", (shows) => { if (shows.persisted) location.reload(); });
}
