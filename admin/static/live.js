// What the house tells an open page: by the one stream (song.js), every few seconds. Where nothing came for a little longer, whatever the
// reason, the page asks by itself: what rings hangs on no stream. Told as events "told" and "deaf"; times are the machine's own, for a
// clock that is set back would silence them.
"use strict";
{
  const SILENT = 4500, ASK = 5000, CONFIRM = 20000, MOST_MISSED = 3;
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const now = () => performance.now();
  const sounds = () => typeof canSound === "function" && canSound();
  let line = null, heardAt = now(), askedAt = -ASK, missed = 0, saidSounds = false;

  function heard(words) {
    if (!words) heardAt = -SILENT; // The stream says that it has broken.
    else {
      heardAt = now();
      missed = 0;
      say("deaf", "");
      say("told", JSON.parse(words));
    }
    look();
  }

  async function ask() {
    askedAt = now();
    saidSounds = sounds();
    try {
      const answer = await fetch("/admin/bao-dong?chuong=" + (saidSounds ? "1" : "0"), { redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        again();
        return say("deaf", "out");
      }
      if (!answer.ok) throw new Error("no answer");
      missed = 0;
      say("deaf", "");
      say("told", await answer.json());
    } catch {
      missed += 1;
      if (missed >= MOST_MISSED) say("deaf", "off");
    }
  }

  // Asks where the stream is silent; and now and then all the same, and as soon as it can sound, so that the house knows whom it reaches.
  function look() {
    const silent = now() - heardAt > SILENT, last = now() - askedAt;
    if (silent && last >= ASK) again();
    if (last >= (silent ? ASK : CONFIRM) || (sounds() && !saidSounds)) ask();
  }

  let again = () => {};
  function connect() {
    if (window.SharedWorker) {
      line = new SharedWorker("/static/desk/song.js").port;
      line.onmessage = (event) => heard(event.data);
      again = () => line.postMessage("silent");
    } else {
      let stream = null;
      again = () => {
        if (stream && stream.readyState !== EventSource.CLOSED) return;
        stream = new EventSource("/admin/song");
        stream.onmessage = (event) => heard(event.data);
        stream.onerror = () => heard("");
      };
      again();
    }
  }

  addEventListener("pagehide", () => { if (line) line.postMessage("bye"); });
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  connect();
  setInterval(look, 1000);
  look();
}
