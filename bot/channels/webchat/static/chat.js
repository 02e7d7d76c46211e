// The live half of the page. Without it the forms still work, one page load per message.
"use strict";
const thread = document.getElementById("thread");
const composer = document.getElementById("composer");
const words = document.body.dataset;

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bubble(direction, text, clientId) {
  const article = document.createElement("article");
  article.className = direction;
  article.dataset.client = clientId;
  const body = document.createElement("p");
  body.textContent = text;
  article.append(body, document.createElement("small"));
  thread.append(article);
  article.scrollIntoView({ block: "end" });
  return article;
}

function clearChoices() {
  for (const old of thread.querySelectorAll(".choices")) old.remove();
}

function offer(article, buttons) {
  const choices = document.createElement("div");
  choices.className = "choices";
  for (const { label, data } of buttons) {
    const button = document.createElement("button");
    button.textContent = label;
    button.addEventListener("click", () => send({ button: data, label }, label));
    choices.append(button);
  }
  article.append(choices);
  article.scrollIntoView({ block: "end" });
}

// A retry carries the same id, so the server takes it once.
async function post(message, article) {
  const note = article.querySelector("small");
  article.classList.remove("failed");
  note.textContent = words.sending;
  try {
    const answer = await fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Keng-Csrf": words.csrf },
      body: JSON.stringify(message),
    });
    if (answer.ok) {
      note.textContent = words.reached;
      return;
    }
    const refusal = await answer.json().catch(() => ({}));
    note.textContent = refusal.error || words.retry;
  } catch {
    note.textContent = words.retry;
  }
  article.classList.add("failed");
  article.addEventListener("click", () => post(message, article), { once: true });
}

function send(message, shown) {
  clearChoices();
  const id = freshId();
  post({ id, ...message }, bubble("in", shown, id));
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = composer.elements.text;
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  send({ text }, text);
});
composer.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

const last = thread.lastElementChild;
const stream = new EventSource("/chat/events?after=" + (last ? last.dataset.seq : 0));
stream.addEventListener("message", (event) => {
  const message = JSON.parse(event.data);
  if ([...thread.children].some((shown) => shown.dataset.client === message.client_id)) return;
  clearChoices();
  const article = bubble(message.direction, message.text, message.client_id);
  article.querySelector("small").textContent = message.clock;
  if (message.buttons.length) offer(article, message.buttons);
});
if (last) last.scrollIntoView({ block: "end" });
