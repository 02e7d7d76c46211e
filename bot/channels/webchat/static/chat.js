// The live half of the page. Without it the forms still work, one page load per message.
"use strict";
const thread = document.getElementById("thread");
const composer = document.getElementById("composer");
const field = document.getElementById("words");
const fileForm = document.getElementById("files");
const offline = document.getElementById("offline");
const said = document.body.dataset;
const MOST_FILE_BYTES = 20 * 1024 * 1024;
const UNSENT = "unsent";

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function showEnd(article) {
  article.scrollIntoView({ block: "end", behavior: "auto" });
  window.scrollTo(0, document.body.scrollHeight);
}

function bubble(direction, text, clientId) {
  const article = document.createElement("article");
  article.className = direction;
  article.dataset.client = clientId;
  const body = document.createElement("p");
  body.textContent = text;
  const note = document.createElement("small");
  note.className = "number";
  article.append(body, note);
  thread.append(article);
  showEnd(article);
  return article;
}

function clearChoices() {
  for (const old of thread.querySelectorAll(".choices")) old.remove();
}

function pushButton(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

function offer(article, message) {
  const choices = document.createElement("div");
  choices.className = message.buttons.length > 2 || message.asks_place ? "choices many" : "choices";
  if (message.asks_place) choices.append(pushButton(said.sendPlace, sendPlace));
  for (const { label, data } of message.buttons) {
    choices.append(pushButton(label, () => send({ button: data, label }, label)));
  }
  article.append(choices);
  showEnd(article);
}

// -- the receipt ---------------------------------------------------------------------------------------------------

function dressReceipt(article, code) {
  let card = article.querySelector(".card");
  if (!card) {
    card = document.createElement("div");
    card.className = "card";
    const word = document.createElement("span");
    word.textContent = said.code;
    const strong = document.createElement("strong");
    strong.className = "number";
    strong.textContent = code;
    card.append(word, strong);
    article.querySelector("small").before(card);
  }
  const row = document.createElement("div");
  const copy = pushButton(said.copy, async () => {
    try {
      await navigator.clipboard.writeText(code);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(card.querySelector("strong"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      return;
    }
    copy.textContent = said.copied;
  });
  row.append(copy, pushButton(said.save, () => saveCode(code)));
  card.append(row);
}

function saveCode(code) {
  const canvas = document.createElement("canvas");
  canvas.width = 900;
  canvas.height = 300;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 900, 300);
  pen.fillStyle = "#1c1917";
  pen.textAlign = "center";
  pen.font = '600 40px "Be Vietnam Pro", sans-serif';
  pen.fillText(said.code, 450, 110);
  pen.font = '600 68px "Be Vietnam Pro", monospace';
  pen.fillText(code, 450, 200);
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "ma.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 5000);
  });
}

// -- sending: a retry carries the same id, so the server takes it once ------------------------------------------------

function unsent() {
  try {
    return JSON.parse(sessionStorage.getItem(UNSENT) || "[]");
  } catch {
    return [];
  }
}

function keepUnsent(list) {
  try {
    sessionStorage.setItem(UNSENT, JSON.stringify(list));
  } catch {
    // A browser that keeps nothing: the words are still on the screen.
  }
}

async function post(message, article) {
  const note = article.querySelector("small");
  article.classList.remove("failed");
  note.textContent = said.sending;
  let sentence = said.retry;
  try {
    const answer = await fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Keng-Csrf": said.csrf },
      body: JSON.stringify(message),
    });
    if (answer.ok) {
      note.textContent = said.reached;
      keepUnsent(unsent().filter((one) => one.message.id !== message.id));
      return;
    }
    const refusal = await answer.json().catch(() => ({}));
    sentence = refusal.error || said.retry;
    if (answer.status < 500) keepUnsent(unsent().filter((one) => one.message.id !== message.id));
  } catch {
    offline.hidden = navigator.onLine !== false && offline.hidden;
  }
  article.classList.add("failed");
  note.textContent = "";
  note.append(sentence + " ", pushButton(said.retry, () => post(message, article)));
}

function send(content, shown) {
  clearChoices();
  const message = { id: freshId(), ...content };
  keepUnsent([...unsent(), { message, shown }]);
  post(message, bubble("in", shown, message.id));
}

function resendUnsent() {
  for (const { message, shown } of unsent()) {
    const old = [...thread.children].find((one) => one.dataset.client === message.id);
    if (old && !old.classList.contains("failed")) {
      keepUnsent(unsent().filter((one) => one.message.id !== message.id));
    } else {
      post(message, old || bubble("in", shown, message.id));
    }
  }
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow();
  send({ text }, text);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
function grow() {
  field.rows = Math.min(5, Math.max(1, field.value.split("\n").length, Math.ceil(field.scrollHeight / 26) - 1));
  if (!field.value) field.rows = 1;
}
field.addEventListener("input", grow);
thread.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  send({ button: button.value, label: button.textContent }, button.textContent);
});

// -- photos and files --------------------------------------------------------------------------------------------------

function upload(file) {
  clearChoices();
  const id = freshId();
  const article = bubble("in", said.file, id);
  const note = article.querySelector("small");
  if (file.size > MOST_FILE_BYTES) {
    article.classList.add("failed");
    note.textContent = said.tooBig;
    return;
  }
  if (file.type.startsWith("image/")) {
    const image = document.createElement("img");
    image.alt = said.file;
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => image.remove());
    image.addEventListener("load", () => {
      article.classList.add("pictured");
      showEnd(article);
    });
    article.prepend(image);
  }
  carry(file, id, article, note);
}

function carry(file, id, article, note) {
  article.classList.remove("failed");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  note.before(bar);
  const request = new XMLHttpRequest();
  note.textContent = said.sending;
  note.append(" ", pushButton(said.stop, () => request.abort()));
  const end = (sentence, again) => {
    bar.remove();
    note.textContent = sentence;
    if (!again) return;
    article.classList.add("failed");
    note.append(" ", pushButton(said.retry, () => carry(file, id, article, note)));
  };
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status === 200) return end(said.reached, false);
    let sentence = said.retry;
    try {
      sentence = JSON.parse(request.responseText).error || sentence;
    } catch {
      // A proxy's own page: the general sentence is enough.
    }
    end(sentence, true);
  });
  request.addEventListener("error", () => end("", true));
  request.addEventListener("abort", () => end(said.stopped, true));
  const form = new FormData();
  form.append("csrf", said.csrf);
  form.append("id", id);
  form.append("file", file, "file");
  request.open("POST", "/chat/files");
  request.setRequestHeader("X-Keng-Csrf", said.csrf);
  request.send(form);
}

const picker = document.createElement("input");
picker.type = "file";
picker.multiple = true;
picker.hidden = true;
picker.id = "picker";
picker.accept = "image/*,video/*,audio/*,.pdf";
picker.addEventListener("change", () => {
  for (const file of picker.files) upload(file);
  picker.value = "";
});
document.body.append(picker);
fileForm.hidden = true;
const attach = document.getElementById("attach");
attach.hidden = false;
attach.addEventListener("click", () => picker.click());
field.addEventListener("paste", (event) => {
  for (const file of event.clipboardData.files) upload(file);
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  for (const file of event.dataTransfer.files) upload(file);
});

// -- the place ---------------------------------------------------------------------------------------------------------

function sendPlace() {
  const note = document.createElement("p");
  note.className = "day";
  note.setAttribute("role", "status");
  note.textContent = said.finding;
  thread.append(note);
  note.scrollIntoView({ block: "end" });
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      note.remove();
      send({ place: { lat: coords.latitude, lon: coords.longitude } }, said.place);
    },
    () => {
      note.textContent = said.noPlace;
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}
if ("geolocation" in navigator) {
  const place = document.getElementById("place");
  place.hidden = false;
  place.addEventListener("click", sendPlace);
  const asking = thread.querySelector(".choices[data-asks-place]");
  if (asking) {
    asking.prepend(pushButton(said.sendPlace, sendPlace));
    asking.classList.add("many");
  }
}

// -- quick exit: the button, or Escape twice -----------------------------------------------------------------------------

function leave() {
  try {
    sessionStorage.clear();
  } catch {
    // Nothing was kept.
  }
  fetch("/chat/exit", { method: "POST", body: new URLSearchParams({ csrf: said.csrf }), keepalive: true, redirect: "manual" }).catch(() => {});
  document.body.hidden = true;
  location.replace(said.safe);
}
document.getElementById("exit").addEventListener("submit", (event) => {
  event.preventDefault();
  leave();
});
let lastEscape = 0;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - lastEscape < 800) leave();
  lastEscape = event.timeStamp;
});

// -- live answers --------------------------------------------------------------------------------------------------------

const shownLast = [...thread.querySelectorAll("article")].at(-1);
for (const article of thread.querySelectorAll("article[data-receipt]")) dressReceipt(article, article.dataset.receipt);
const stream = new EventSource("/chat/events?after=" + (shownLast ? shownLast.dataset.seq : 0));
stream.addEventListener("message", (event) => {
  const message = JSON.parse(event.data);
  if ([...thread.children].some((shown) => shown.dataset.client === message.client_id)) return;
  clearChoices();
  const article = bubble(message.direction, message.text, message.client_id);
  article.querySelector("small").textContent = message.clock;
  if (message.code) dressReceipt(article, message.code);
  if (message.buttons.length) offer(article, message);
  showEnd(article);
});
stream.addEventListener("open", () => {
  offline.hidden = true;
  resendUnsent();
});
stream.addEventListener("error", () => {
  offline.hidden = false;
});
// The first greeting is read from its first line; a thread is taken up at its end.
if (shownLast && shownLast.dataset.client !== "greeting") showEnd(shownLast);
