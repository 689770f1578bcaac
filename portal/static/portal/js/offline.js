// The page without a network: what is kept, and back as soon as there is a network again.

import { settle } from "./drafts.js";
import { showKept } from "./kept.js";

const PAUSE = 5_000; // ms between looks

const state = document.querySelector("[data-state]");
const again = document.querySelector("[data-again]");
const sent = settle(undefined, "");
// It stands at the address that did not answer; a form that was sent is not sent again unasked.
const own = document.querySelector("[data-offline]").dataset.offline;
const target = sent?.url ?? (location.pathname === own ? again.href : location.href);
again.href = target;
showKept(document.querySelector("[data-kept]"));
state.textContent = state.dataset.waiting;

async function look() {
  try {
    const response = await fetch("/healthz", { cache: "no-store" });
    if (!response.ok) return;
  } catch {
    return;
  }
  state.textContent = state.dataset.trying;
  location.replace(target);
}

addEventListener("online", look);
setInterval(() => document.hidden || look(), PAUSE);
