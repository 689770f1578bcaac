// What the portal says: toasts, and what only a screen reader hears. Both stay or are said once; a toast
// goes when it is dismissed; by itself only where `stays` says when, of what stands elsewhere too, and
// not while one is at it.

const template = (name) => document.querySelector(`template[data-template="${name}"]`)?.content.firstElementChild;

// Emptied first, so that the same words are read out again when they are said again.
export function announce(text) {
  const region = document.querySelector("[data-announce]");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
  }, 100);
}

// `more`: href, where its text leads; stays (ms); gone, called once when it is. Returns how to close it.
export function toast(text, tone = "info", { href, stays, gone } = {}) {
  const region = document.querySelector("[data-toasts]");
  const piece = template("toast")?.cloneNode(true);
  if (!region || !piece) return null;
  piece.classList.add(`toast--${tone}`);
  let words = piece.querySelector(".toast__text");
  if (href) {
    words = words.appendChild(document.createElement("a"));
    words.href = href;
  }
  words.textContent = text;
  if (gone) piece.addEventListener("gone", gone, { once: true });
  if (stays) leaveAfter(piece, stays);
  while (region.children.length > 2) remove(region.firstElementChild);
  region.append(piece);
  announce(text);
  return () => remove(piece);
}

function remove(piece) {
  piece.remove();
  piece.dispatchEvent(new Event("gone"));
}

function leaveAfter(piece, ms) {
  let timer = setTimeout(remove, ms, piece);
  for (const name of ["pointerenter", "focusin"]) {
    piece.addEventListener(name, () => clearTimeout(timer));
  }
  for (const name of ["pointerleave", "focusout"]) {
    piece.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(remove, ms, piece);
    });
  }
}

// The messages that a page came with are read out once, when everything is there.
export function readMessages(root = document) {
  const messages = [...root.querySelectorAll("[data-message]:not([data-read])")];
  for (const message of messages) {
    message.dataset.read = "";
    message.querySelector("[data-dismiss]").hidden = false;
  }
  const words = messages.map((message) => message.querySelector("p").textContent.trim());
  if (words.length) announce(words.join(" "));
}

// Modules of other apps say it by an event, and need not know this file.
document.addEventListener("toast", ({ detail }) => {
  detail.close = toast(detail.text, detail.tone, detail);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-dismiss]");
  if (!button) return;
  const piece = button.closest(".toast, [data-message]");
  const next = piece.nextElementSibling ?? piece.previousElementSibling;
  remove(piece);
  (next?.querySelector("[data-dismiss]") ?? document.getElementById("main"))?.focus();
});

// A button that copies.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.querySelector("[data-label]").textContent = button.dataset.done;
  announce(button.dataset.done);
});

readMessages();
const kept = sessionStorage.getItem("majlis:messages");
if (kept) {
  sessionStorage.removeItem("majlis:messages");
  for (const [text, tone] of JSON.parse(kept)) toast(text, tone);
}
