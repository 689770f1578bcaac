// A form with files shows how far they have come. Without this file, or with no file chosen, it is sent as
// every form is. What was typed stays in the page until the answer is there.

import { announce, readMessages } from "./toast.js";

const made = () => document.querySelector('template[data-template="upload"]').content.firstElementChild.cloneNode(true);

function state(panel, name) {
  for (const line of panel.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== name;
  panel.querySelector("[data-cancel]").hidden = name !== "sending";
  panel.querySelector("progress").hidden = name === "failed" || name === "cancelled";
  panel.toggleAttribute("data-failed", name === "failed");
  if (name !== "sending") announce(panel.querySelector(`[data-when="${name}"]`).textContent);
}

// The answer takes the place of the page's content: at the same address nothing else has changed.
function take(answer, section) {
  const fresh = new DOMParser().parseFromString(answer, "text/html");
  for (const part of ["#main", "[data-messages]"]) {
    document.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes);
  }
  document.title = fresh.title;
  const main = document.getElementById("main");
  main.dispatchEvent(new CustomEvent("content:new", { bubbles: true }));
  readMessages();
  const place = main.querySelector("[autofocus]") ?? (section && document.getElementById(section)) ?? main;
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus();
  place.scrollIntoView({ block: "start" });
}

// Who was too fast gets the form again, and why; elsewhere the page that says so has lost what was typed.
const hasForm = (answer) =>
  new DOMParser().parseFromString(answer, "text/html").querySelector("#main form[enctype]") !== null;

// The messages were given out with the answer that we read here; the next page must still show them.
function keepMessages(answer) {
  const fresh = new DOMParser().parseFromString(answer, "text/html");
  const words = [...fresh.querySelectorAll("[data-message]")].map((message) => [
    message.querySelector("p").textContent.trim(),
    /notice--(info|success|warning|danger)/.exec(message.className)?.[1] ?? "info",
  ]);
  if (words.length) sessionStorage.setItem("majlis:messages", JSON.stringify(words));
}

function send(form, submitter) {
  const field = [...form.querySelectorAll('[type="file"]')].find((input) => input.files.length);
  const data = new FormData(form, submitter);
  const section = field.closest("fieldset[id], section[id]")?.id;
  form.querySelector(".upload")?.remove();
  const panel = made();
  (field.closest("[data-file-field]") ?? field).append(panel);
  form.dataset.sending = "";
  state(panel, "sending");
  announce(panel.querySelector("progress").getAttribute("aria-label"));
  const bar = panel.querySelector("progress");
  const request = new XMLHttpRequest();
  const failed = (name) => () => {
    delete form.dataset.sending;
    state(panel, name);
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const part = total ? Math.round((loaded / total) * 100) : 0;
    bar.value = part;
    panel.querySelector("[data-percent]").textContent = `${part}%`;
  });
  request.upload.addEventListener("load", () => state(panel, "checking"));
  request.addEventListener("error", failed("failed"));
  request.addEventListener("abort", failed("cancelled"));
  request.addEventListener("load", () => {
    const html = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
    const refused = request.status === 422 || (request.status === 429 && hasForm(request.responseText));
    if (!html || (request.status >= 400 && !refused)) return failed("failed")();
    if (new URL(request.responseURL).pathname === location.pathname) return take(request.responseText, section);
    keepMessages(request.responseText);
    location.assign(request.responseURL);
  });
  panel.querySelector("[data-cancel]").addEventListener("click", () => request.abort());
  request.open("POST", form.getAttribute("action") || location.href);
  request.send(data);
}

// Said at once, instead of after ten minutes of sending.
const tooLarge = (input) => {
  const limit = Number(input.closest("[data-limit]")?.dataset.limit ?? Infinity);
  return [...input.files].some((file) => file.size > limit);
};

document.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  const field = target.closest("[data-file-field]");
  const words = field?.querySelector("[data-too-large]");
  if (!words) return;
  words.hidden = !tooLarge(target);
  field.querySelector(".upload")?.remove();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.enctype !== "multipart/form-data" || form.method !== "post") return;
  if (form.dataset.upload === "off") return;
  if (![...form.querySelectorAll('[type="file"]')].some((input) => input.files.length)) return;
  event.preventDefault();
  const refused = [...form.querySelectorAll('[type="file"]')].find(tooLarge);
  if (refused) refused.focus();
  else if (!("sending" in form.dataset)) send(form, event.submitter);
});
