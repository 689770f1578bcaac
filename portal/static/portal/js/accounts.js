// What the account pages do beyond forms: each works without this, less comfortably.

import { passkeys } from "./passkeys.js";

const { dataset: words, content: icons } = document.querySelector("[data-account-words]");

// --- Passwords can be looked at before they are sent -------------------------------------------

for (const field of document.querySelectorAll("input[type=password]")) {
  const frame = document.createElement("div");
  frame.className = "password";
  frame.dir = "ltr"; // as the field is in every language
  const at = document.activeElement === field && [field.selectionStart, field.selectionEnd];
  field.replaceWith(frame);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "password__toggle";
  button.setAttribute("aria-controls", field.id);
  button.append(icons.cloneNode(true));
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-label", shown ? words.hide : words.show);
    button.title = shown ? words.hide : words.show;
    button.dataset.shown = shown;
  };
  show(false);
  button.addEventListener("click", () => show(field.type === "password"));
  frame.append(field, button);
  if (at) {
    field.focus(); // who types already, types on
    field.setSelectionRange(...at);
  }
  // Browsers keep what stands in text fields, not what stands in fields for passwords.
  field.form?.addEventListener("submit", () => show(false));
}

for (const field of document.querySelectorAll("[autocomplete=one-time-code]")) {
  field.inputMode = "numeric";
}

// --- Recovery codes on paper and in the clipboard ------------------------------------------------

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // plain http
  button.hidden = false;
  button.addEventListener("click", async () => {
    const lines = [...document.querySelectorAll(button.dataset.copy)].map((each) => each.textContent);
    await navigator.clipboard.writeText(lines.join("\n"));
    button.querySelector("[data-copy-word]").textContent = words.copied;
  });
}

passkeys(words);
