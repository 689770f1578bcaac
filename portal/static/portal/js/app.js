// On every page: the worker that answers without a network, drafts, and leaving without a trace.

import { keepDrafts, settle } from "./drafts.js";
import { forgetOthers, hasKept, leave, leftAt, showKept } from "./kept.js";

const { dataset: app } = document.querySelector("script[data-app]");
const { person } = app; // "" nobody is signed in; undefined on pages that do not know
const [signOut, ...everywhere] = app.signOut.split(" ");
const opened = Date.now();

if (window.isSecureContext && "serviceWorker" in navigator) {
  addEventListener("load", () => {
    // Where it is forbidden (private windows) the portal works as before.
    navigator.serviceWorker.register(app.worker, { updateViaCache: "none" }).catch(() => {});
  });
}

if (!document.body.hasAttribute("data-offline")) settle(person, app.signIn);
if (person) {
  forgetOthers(person);
  keepDrafts(person);
}

// --- Leaving -----------------------------------------------------------------------------------

const lost = document.querySelector("form[data-sign-out=now] [data-kept]");
if (lost && person) showKept(lost, person);

addEventListener("submit", (event) => {
  const form = event.target;
  const path = new URL(form.getAttribute("action") ?? "", location.href).pathname;
  if (!person || event.defaultPrevented || ![signOut, ...everywhere].includes(path)) return;
  const asked = form.dataset.signOut === "now" || path !== signOut;
  if (!asked && hasKept(person)) {
    event.preventDefault();
    location.assign(path); // the page there says what would be lost
    return;
  }
  leave();
});

// A page out of the browser's memory, from before the leaving.
addEventListener("pageshow", (event) => event.persisted && leftAt() > opened && location.reload());
