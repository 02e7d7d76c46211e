// The live half of the page. Without it the forms still work, one page load per message.
"use strict";
const $ = (id) => document.getElementById(id);
const thread = $("thread");
const choices = $("choices");
const composer = $("composer");
const field = $("words");
const offline = $("offline");
const hint = $("hint");
const jump = $("jump");
const said = document.body.dataset;
const MOST_FILE_BYTES = 20 * 1024 * 1024;
const MOST_CHARACTERS = 4000;
const UPLOADS_AT_ONCE = 2;
const UNSENT = "unsent";
let leaving = false;

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "/static/looks/icons.svg#" + name);
  svg.append(use);
  return svg;
}

function pushButton(label, act, iconName) {
  const button = make("button");
  button.type = "button";
  if (iconName) button.append(icon(iconName), " ");
  button.append(label);
  button.addEventListener("click", act);
  return button;
}

// -- the thread --------------------------------------------------------------------------------------------------------

const isNearEnd = () => window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 160;

function showEnd() {
  jump.hidden = true;
  window.scrollTo(0, document.documentElement.scrollHeight);
}

// What the eye is on is not pushed away: somebody reading further up gets a button instead.
function appended(wasNear) {
  if (wasNear) showEnd();
  else jump.hidden = false;
}

function articleOf(clientId) {
  return [...thread.children].find((one) => one.dataset.client === clientId);
}

function callLink(number) {
  const link = make("a", "", number.replace(/ /g, "\u00a0"));
  link.href = "tel:" + number.replace(/ /g, "");
  return link;
}

// On a card of danger every emergency number is one tap away, as the duty number is everywhere. As `numbered` in receive.py.
function fillWords(body, direction, text) {
  const parts = said.duty && direction === "out" ? text.split(said.duty) : [text];
  const isCard = direction === "out" && text.includes("🔴");
  parts.forEach((part, index) => {
    if (index) body.append(callLink(said.duty));
    const pieces = isCard ? part.split(/\b(11[1345])\b/) : [part];
    pieces.forEach((piece, at) => {
      const shown = at % 2 ? callLink(piece) : piece;
      if (at % 2) shown.className = "near";
      body.append(shown);
    });
  });
}

function makeBubble(direction, text, clientId) {
  const article = make("article", direction);
  article.dataset.client = clientId;
  const body = make("p");
  fillWords(body, direction, text);
  article.append(make("span", "unseen", direction === "in" ? said.mine : said.theirs), body, make("small", "number"));
  return article;
}

function bubble(direction, text, clientId) {
  const article = makeBubble(direction, text, clientId);
  thread.append(article);
  return article;
}

function picture(article, source) {
  const image = make("img");
  image.alt = said.photo;
  const wasNear = isNearEnd();
  image.addEventListener("error", () => {
    image.remove();
    article.classList.remove("pictured", "shown");
  });
  image.addEventListener("load", () => {
    if (wasNear) showEnd();
  });
  image.src = source;
  article.classList.add(article.classList.contains("in") ? "pictured" : "shown"); // Ours keep their words.
  article.querySelector("p").before(image);
}

// The line under a bubble: the clock if known, a word with its icon, and what can be pressed.
function setNote(article, iconName, words, ...more) {
  const note = article.querySelector("small");
  note.textContent = "";
  if (article.dataset.clock) note.append(article.dataset.clock);
  if (article.dataset.clock && words) note.append(" · ");
  if (iconName) note.append(icon(iconName));
  note.append(words, ...more);
}

function setState(article, state) {
  article.classList.toggle("failed", state === "failed");
  article.classList.toggle("stopped", state === "stopped");
  article.classList.toggle("going", state === "going");
}

function showReached(article) {
  offline.hidden = true; // Whatever failed a moment ago, the server is there.
  setState(article, "reached");
  article.dataset.reached = "1";
  noteReached(article);
}

function noteReached(article) {
  if (article.classList.contains("taken-back")) setNote(article, "", "");
  else if (ofDraft.has(article.dataset.client)) setNote(article, "check", said.reached, takeBackButton(article));
  else setNote(article, "check", said.reached);
}

// -- taking back: the server says which messages a draft is made of, and has the last word -----------------------------

let ofDraft = new Set();
for (const form of thread.querySelectorAll("form.take-back")) {
  ofDraft.add(form.closest("article").dataset.client);
  form.remove();
}

function takeBackButton(article) {
  const button = pushButton(said.takeBack, () => takeBack(article));
  button.className = "take-back";
  const text = article.querySelector("p").textContent.trim();
  button.setAttribute("aria-label", said.takeBack + ": " + (text.length > 30 ? text.slice(0, 27) + "…" : text));
  return button;
}

function takeBack(article) {
  thread.focus({ preventScroll: true }); // The button under the focus goes.
  ofDraft.delete(article.dataset.client);
  setState(article, "going");
  setNote(article, "clock", said.takingBack);
  queue.push({ message: { id: freshId(), takes_back: article.dataset.client }, shown: "" });
  keepQueue();
  pump();
}

function showOfDraft(clientIds) {
  ofDraft = new Set(clientIds.filter((id) => !queue.some((one) => one.message.takes_back === id)));
  for (const article of thread.querySelectorAll("article.in[data-reached]")) {
    const isOffered = article.querySelector("button.take-back") !== null;
    const isBusy = article.classList.contains("going") || article.classList.contains("failed");
    if (isBusy || isOffered === ofDraft.has(article.dataset.client)) continue;
    if (article.contains(document.activeElement)) thread.focus({ preventScroll: true });
    noteReached(article);
  }
}

function showTakenBack(article) {
  ofDraft.delete(article.dataset.client);
  article.querySelectorAll("img, progress").forEach((one) => one.remove());
  article.classList.remove("pictured");
  article.classList.add("taken-back");
  article.querySelector("p").className = "";
  setState(article, "reached");
  noteReached(article);
}

function clearChoices() {
  // The focus stays in the conversation when the button under it goes.
  if (choices.contains(document.activeElement)) thread.focus({ preventScroll: true });
  choices.textContent = "";
  delete choices.dataset.asksPlace;
}

function offerPlace() {
  if (!("geolocation" in navigator)) return;
  const button = pushButton(said.sendPlace, () => findPlace(false), "map-pin");
  button.className = "filled";
  choices.prepend(button);
}

function offer(message) {
  choices.className = message.buttons.length > 2 || message.asks_place ? "choices many" : "choices";
  message.buttons.forEach(({ label, data }, index) => {
    const button = pushButton(label, () => press(data, label));
    if (!index && ["send", "danger-send"].includes(data)) button.className = "filled"; // The one obvious next step.
    choices.append(button);
  });
  if (message.asks_place) {
    choices.dataset.asksPlace = "1";
    offerPlace();
  }
}

// -- the receipt -------------------------------------------------------------------------------------------------------

function dressReceipt(article, code) {
  let card = article.querySelector(".card");
  if (!card) {
    card = make("div", "card");
    card.append(make("span", "", said.code), make("strong", "number", code));
    article.querySelector("small").before(card);
  }
  const row = make("div");
  const copy = pushButton(said.copy, async () => {
    if (!(await copyCode(code, card.querySelector("strong")))) return;
    copy.textContent = "";
    copy.append(icon("check"), " ", said.copied);
  }, "copy");
  row.append(copy, pushButton(said.save, () => saveCode(code), "download"));
  card.append(row);
}

async function copyCode(code, shown) {
  try {
    await navigator.clipboard.writeText(code);
    return true;
  } catch {
    // An old browser, or a page without https: select it, and copy the old way.
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
}

async function saveCode(code) {
  const canvas = make("canvas");
  canvas.width = 900;
  canvas.height = 300;
  try {
    await document.fonts.load('600 68px "Be Vietnam Pro"', code + said.code);
  } catch {
    // Any other font will do.
  }
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 900, 300);
  pen.fillStyle = "#1c1917";
  pen.textAlign = "center";
  pen.font = '400 40px "Be Vietnam Pro", sans-serif';
  pen.fillText(said.code, 450, 110);
  pen.font = '600 68px "Be Vietnam Pro", sans-serif';
  pen.fillText(code, 450, 205, 840);
  canvas.toBlob((blob) => {
    const link = make("a");
    link.href = URL.createObjectURL(blob);
    link.download = "ma.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 30000);
  });
}

// -- sending: in order, one at a time; a retry carries the same id, so the server takes it once ---------------------------

let queue = [];
let isSending = false;
let retryTimer = 0;
let retryMs = 2000;

function keepQueue() {
  try {
    if (queue.length) sessionStorage.setItem(UNSENT, JSON.stringify(queue));
    else sessionStorage.removeItem(UNSENT);
  } catch {
    // A browser that keeps nothing: the words are still on the screen.
  }
}

function dropUnsent(clientId) {
  queue = queue.filter((one) => one.message.id !== clientId);
  keepQueue();
}

async function postOnce(message) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 20000);
  try {
    const answer = await fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Keng-Csrf": said.csrf },
      body: JSON.stringify(message),
      signal: stop.signal,
    });
    const words = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, sentence: words.error };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// True when this one has left the queue.
async function deliver({ message, shown }) {
  const isTakeBack = "takes_back" in message;
  // What is taken back may stand too far up to be drawn.
  const article = isTakeBack
    ? articleOf(message.takes_back) || makeBubble("in", "", message.takes_back)
    : articleOf(message.id) || bubble("in", shown, message.id);
  setState(article, "going");
  setNote(article, "clock", isTakeBack ? said.takingBack : said.sending);
  const answer = await postOnce(message);
  if (leaving) return false;
  if (article.dataset.reached && !isTakeBack) return true; // Its echo on the stream was quicker than the answer.
  if (answer && answer.ok) {
    dropUnsent(message.id);
    showReached(article);
    retryMs = 2000;
    return true;
  }
  setState(article, "failed");
  if (answer && answer.status === 403) {
    setNote(article, "triangle-alert", answer.sentence || said.retry, pushButton(said.reload, () => location.reload()));
    return false;
  }
  if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
    dropUnsent(message.id);
    setNote(article, "triangle-alert", answer.sentence || said.retry);
    if (message.text && !field.value) setField(message.text);
    return true;
  }
  if (answer && answer.sentence) setNote(article, "triangle-alert", answer.sentence, pushButton(said.again, sendNow));
  else setNote(article, "", "", pushButton(said.retry, sendNow, "triangle-alert"));
  if (!answer) offline.hidden = false;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(pump, retryMs);
  retryMs = Math.min(30000, retryMs * 2);
  return false;
}

async function pump() {
  if (isSending || leaving) return;
  clearTimeout(retryTimer);
  isSending = true;
  while (queue.length && (await deliver(queue[0])));
  isSending = false;
}

function sendNow() {
  retryMs = 2000;
  pump();
}

function send(content, shown) {
  clearChoices();
  const message = { id: freshId(), ...content };
  queue.push({ message, shown });
  keepQueue();
  setNote(bubble("in", shown, message.id), "clock", said.waiting);
  showEnd();
  pump();
}

let isReloadDue = false;
function press(data, label) {
  isReloadDue = data.startsWith("language:"); // The page's own words change with the answer.
  send({ button: data, label }, label);
}

function setField(text) {
  field.value = text;
  grow();
}

function grow() {
  const wasNear = isNearEnd();
  field.style.height = "auto";
  field.style.height = field.scrollHeight + 2 + "px";
  if (wasNear) showEnd();
}

function sendWords() {
  const text = field.value.trim();
  hint.hidden = text.length <= MOST_CHARACTERS;
  if (!hint.hidden) hint.textContent = said.tooLong;
  if (!text || !hint.hidden) return;
  setField("");
  send({ text }, text);
}

// A long paste would be cut without a word; we say it instead and keep everything in the field.
field.removeAttribute("maxlength");
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  sendWords();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendWords();
});
field.addEventListener("input", () => {
  if (field.value.trim().length <= MOST_CHARACTERS) hint.hidden = true;
  grow();
});
choices.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  press(button.value, button.textContent);
});

// -- photos and files --------------------------------------------------------------------------------------------------

const uploads = []; // {file, id, article, state: waiting | going | cut | stopped | done, request}
const uploadsIn = (...states) => uploads.filter((job) => states.includes(job.state));

function upload(file) {
  const id = freshId();
  const article = bubble("in", "", id);
  const isImage = file.type.startsWith("image/");
  const body = article.querySelector("p");
  body.className = "file";
  body.append(icon(isImage ? "image" : "file-text"), file.name || said.photo);
  if (isImage) picture(article, URL.createObjectURL(file)); // A kind the browser cannot draw stays a name.
  showEnd();
  if (file.size === 0 || file.size > MOST_FILE_BYTES) {
    setState(article, "failed");
    setNote(article, "triangle-alert", file.size ? said.tooBig : said.empty);
    return;
  }
  const job = { file, id, article };
  uploads.push(job);
  waitFor(job);
}

function waitFor(job) {
  job.state = "waiting";
  setState(job.article, "going");
  setNote(job.article, "clock", said.waiting, stopButton(job));
  carryNext();
}

function stopButton(job) {
  return pushButton(said.stop, () => {
    if (job.state === "going") job.request.abort();
    else if (job.state === "waiting") endUpload(job, "stopped", said.stopped);
  }, "x");
}

function carryNext() {
  // "Send now" is not offered while a photo is still on its way.
  while (uploadsIn("going").length < UPLOADS_AT_ONCE && uploadsIn("waiting").length) carry(uploadsIn("waiting")[0]);
  choices.hidden = uploadsIn("going", "waiting").length > 0;
}

function endUpload(job, state, sentence = "", canRetry = true) {
  job.state = state;
  const bar = job.article.querySelector("progress");
  if (bar) bar.remove();
  if (state === "done") {
    clearChoices();
    showReached(job.article);
  } else {
    setState(job.article, state === "stopped" ? "stopped" : "failed");
    const iconName = state === "stopped" ? "x" : "triangle-alert";
    const retry = () => waitFor(job);
    if (!sentence) setNote(job.article, "", "", pushButton(said.retry, retry, iconName));
    else setNote(job.article, iconName, sentence, ...(canRetry ? [pushButton(said.again, retry)] : []));
  }
  carryNext();
}

function carry(job) {
  job.state = "going";
  const bar = make("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", said.sending);
  const percent = make("span", "", "0%");
  percent.setAttribute("aria-hidden", "true"); // The bar tells it; the live log does not read out every step.
  setNote(job.article, "", said.sending + " ", percent, stopButton(job));
  job.article.querySelector("small").before(bar);
  const request = new XMLHttpRequest();
  job.request = request;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = Math.floor((100 * event.loaded) / event.total);
    percent.textContent = bar.value + "%";
  });
  request.addEventListener("load", () => {
    if (job.state !== "going") return;
    if (request.status === 200) return endUpload(job, "done");
    let sentence = "";
    try {
      sentence = JSON.parse(request.responseText).error || "";
    } catch {
      // A proxy's own page: the general sentence is enough.
    }
    endUpload(job, "failed", sentence, request.status !== 413);
  });
  request.addEventListener("error", () => {
    if (job.state !== "going") return;
    offline.hidden = false;
    endUpload(job, "cut");
    setTimeout(() => {
      if (job.state === "cut" && navigator.onLine !== false && !leaving) waitFor(job);
    }, 10000);
  });
  request.addEventListener("abort", () => {
    if (job.state === "going" && !leaving) endUpload(job, "stopped", said.stopped);
  });
  const form = new FormData();
  form.append("csrf", said.csrf);
  form.append("id", job.id);
  form.append("file", job.file, "file");
  request.open("POST", "/chat/files");
  request.setRequestHeader("X-Keng-Csrf", said.csrf);
  request.send(form);
}

$("files").hidden = true;
const picker = make("input");
picker.type = "file";
picker.multiple = true;
picker.hidden = true;
picker.id = "picker";
picker.accept = $("file").accept;
picker.addEventListener("change", () => {
  [...picker.files].forEach(upload);
  picker.value = "";
});
document.body.append(picker);
$("attach").hidden = false;
$("attach").addEventListener("click", () => picker.click());
field.addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  [...event.clipboardData.files].forEach(upload);
});
document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  [...event.dataTransfer.files].forEach(upload);
});

// -- the place ---------------------------------------------------------------------------------------------------------

let placeNote = null;

// The pin beside the field is easily touched by mistake, so it asks before it sends; the button under a question does not.
function findPlace(asksFirst) {
  if (placeNote) placeNote.remove();
  const note = make("div", "ask", said.finding);
  placeNote = note;
  thread.append(note);
  showEnd();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      if (placeNote !== note) return;
      const sendIt = () => {
        note.remove();
        send({ place: { lat: coords.latitude, lon: coords.longitude } }, said.place);
      };
      if (!asksFirst) return sendIt();
      const metres = Math.max(1, Math.round(coords.accuracy));
      note.textContent = said.placeFound.replace("{m}", metres.toLocaleString(document.documentElement.lang));
      const row = make("span");
      row.append(pushButton(said.placeYes, sendIt, "map-pin"), pushButton(said.placeNo, () => note.remove()));
      note.append(row);
      showEnd();
    },
    () => {
      note.textContent = said.noPlace;
      showEnd();
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}
if ("geolocation" in navigator) {
  $("place").hidden = false;
  $("place").addEventListener("click", () => findPlace(!choices.dataset.asksPlace));
  if (choices.dataset.asksPlace) offerPlace();
}

// -- quick exit: the button, or Escape twice; other tabs with this page leave as well --------------------------------------

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;

function goAway() {
  leaving = true;
  document.body.textContent = "";
  queue = [];
  try {
    sessionStorage.clear();
  } catch {
    // Nothing was kept.
  }
  if (stream) stream.close();
  location.replace(said.safe);
}

function leave() {
  if (leaving) return;
  const body = new URLSearchParams({ csrf: said.csrf });
  document.cookie = "keng_gone=1; path=/; SameSite=Strict"; // Holds from now on, whenever the line lets the rest through.
  fetch("/chat/exit", { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
  if (tabs) tabs.postMessage("");
  goAway();
}
if (tabs) tabs.addEventListener("message", goAway);
$("exit").addEventListener("submit", (event) => {
  event.preventDefault();
  leave();
});
let lastEscape = -1000;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat || event.isComposing) return;
  if (event.timeStamp - lastEscape < 800) leave();
  lastEscape = event.timeStamp;
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// -- live answers --------------------------------------------------------------------------------------------------------

const drawn = [...thread.querySelectorAll("article")];
const newest = drawn[drawn.length - 1];
let stream = null;
let lastSeq = newest ? newest.dataset.seq : "0";
let lostTimer = 0;

function markDay(day) {
  const marks = thread.querySelectorAll(".day");
  if (!day || (marks.length && marks[marks.length - 1].textContent === day)) return;
  thread.append(make("p", "day", day));
}

function hear(message) {
  lastSeq = message.seq;
  if (message.direction === "mask") {
    // A name or a number was sealed, or something was taken back: the words of it go from every page that has drawn them.
    const one = articleOf(message.masks);
    if (one) one.querySelector("p").textContent = message.text;
    if (one && message.taken_back) showTakenBack(one);
    return;
  }
  const known = articleOf(message.client_id);
  if (known) {
    // Our own words come back from the thread: they are on disk, whatever became of the answer to the request.
    known.dataset.seq = message.seq;
    known.dataset.clock = message.clock;
    if (message.direction === "in") {
      dropUnsent(message.client_id);
      const job = uploads.find((one) => one.id === message.client_id);
      if (job && job.state !== "done") endUpload(job, "done");
      else showReached(known);
    }
    return;
  }
  if (message.direction === "out" && isReloadDue && !uploadsIn("going", "waiting").length) return location.reload();
  const wasNear = isNearEnd();
  clearChoices();
  markDay(message.day);
  const article = bubble(message.direction, message.text, message.client_id);
  article.dataset.seq = message.seq;
  article.dataset.clock = message.clock;
  if (message.direction === "in") showReached(article);
  else setNote(article, "", "");
  if (message.photo) picture(article, message.photo);
  if (message.paper) {
    const link = make("a", "button paper");
    link.href = message.paper;
    link.append(icon("file-text"), " ", said.paper);
    article.querySelector("p").after(link);
  }
  if (message.code) dressReceipt(article, message.code);
  if (message.buttons.length || message.asks_place) offer(message);
  appended(wasNear);
}

function connected() {
  clearTimeout(lostTimer);
  lostTimer = 0;
  offline.hidden = true;
  sendNow();
  uploadsIn("cut").forEach(waitFor);
}

function listen() {
  if (leaving) return;
  stream = new EventSource("/chat/events?after=" + lastSeq);
  stream.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  stream.addEventListener("draft", (event) => showOfDraft(JSON.parse(event.data).of_draft));
  stream.addEventListener("open", connected);
  stream.addEventListener("error", () => {
    if (leaving) return;
    // A short break is not worth a word; a refused stream is not taken up again by the browser.
    if (!lostTimer) {
      lostTimer = setTimeout(() => {
        offline.hidden = false;
      }, 3000);
    }
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}
window.addEventListener("offline", () => {
  offline.hidden = false;
});
window.addEventListener("online", () => {
  if (stream && stream.readyState === EventSource.OPEN) connected();
  else sendNow();
});
window.addEventListener("scroll", () => {
  if (isNearEnd()) jump.hidden = true;
}, { passive: true });
jump.addEventListener("click", showEnd);

for (const article of drawn) if (article.dataset.receipt) dressReceipt(article, article.dataset.receipt);
try {
  queue = JSON.parse(sessionStorage.getItem(UNSENT) || "[]").filter((one) => !articleOf(one.message.id));
} catch {
  queue = [];
}
keepQueue();
for (const { message, shown } of queue) if (!message.takes_back) setNote(bubble("in", shown, message.id), "clock", said.waiting);
if (queue.some((one) => !one.message.takes_back)) clearChoices();
for (const article of drawn) if (article.dataset.reached) noteReached(article);
listen();
pump();
// A link or a QR code with a place's code: told once, and gone from the address, so that a reload or a look at it tells nothing.
const opened = new URLSearchParams(location.search);
if (opened.has("o")) {
  const code = opened.get("o");
  history.replaceState(null, "", location.pathname + location.hash);
  if (/^[A-Za-z0-9_-]{1,20}$/.test(code)) send({ command: "start", payload: "o-" + code, label: said.fromCode }, said.fromCode);
}
// The first greeting is read from its first line; a thread is taken up at its end.
if (queue.length || (newest && newest.dataset.client !== "greeting")) showEnd();
