// Keyboard shortcuts. The dialog #shortcuts lists them and is their only source: a link with
// data-keys="g r" is where "g", then "r" leads. They may be switched off there (WCAG 2.1.4).

import { show } from "./dialog.js";

const KEY = "majlis:shortcuts";
const PAUSE = 1200; // ms between the two keys
const list = document.getElementById("shortcuts");
const on = () => localStorage.getItem(KEY) !== "off";

let first = "";
let timer;

const typing = (target) =>
  target.isContentEditable || target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [data-no-shortcuts]");

// On a keyboard with other letters the place of the key says which one is meant.
function letter(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase() ?? "";
}

function wait(key) {
  first = key;
  clearTimeout(timer);
  timer = setTimeout(() => {
    first = "";
  }, PAUSE);
}

function searchField() {
  const fields = document.querySelectorAll("main [role=search] input:not([type=hidden]), [role=search] input:not([type=hidden])");
  return [...fields].find((field) => field.checkVisibility());
}

document.addEventListener("keydown", (event) => {
  if (!list || !on() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" || event.key === "؟") {
    event.preventDefault();
    show(list, document.activeElement);
  } else if (event.key === "/" && !first) {
    const field = searchField();
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  } else {
    const pressed = letter(event);
    const link = first && pressed && list.querySelector(`[data-keys="${first} ${pressed}"]`);
    if (link) {
      event.preventDefault();
      location.assign(link.href);
    } else wait(pressed);
  }
});

const choice = list?.querySelector("[data-shortcuts-switch]");
if (choice) {
  const box = choice.querySelector("input");
  choice.hidden = false;
  box.checked = on();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  });
}
