// Which delegations have the room open, and who is writing: shown while it is so, and only then.

import { figures } from "./counters.js";

const SAY = 3_000; // ms between two signs of one's own writing
const STAY = 5_000; // ms that somebody's is shown
const FEW = 2; // names at once

export function beginPresence({ root, facts, composer, send, on }) {
  const words = root.querySelector("[data-presence-words]").dataset;
  const panel = root.querySelector("[data-readers]");
  const line = root.querySelector("[data-presence]");
  let present = null; // the ids of the delegations; null where it is not known

  function paint() {
    const listed = panel.querySelectorAll("[data-institution]");
    let here = 0;
    for (const item of listed) {
      const is = present?.has(Number(item.dataset.institution)) ?? false;
      here += is;
      item.querySelector(".readers__dot")?.remove();
      if (is) item.querySelector(".readers__delegation").append(dot(words.here));
    }
    line.hidden = !present;
    line.textContent = words.now
      .replace("{present}", figures(here))
      .replace("{total}", figures(listed.length));
  }

  on("room.entered", ({ room }) => {
    if (room === facts.room) send({ type: "presence.follow", room });
  });
  on("room.presence", ({ room, institutions }) => {
    if (room !== facts.room) return;
    present = new Set(institutions);
    paint();
  });
  new MutationObserver(() => present && paint()).observe(panel, { childList: true }); // drawn anew
  new MutationObserver(() => {
    if (root.dataset.connection === "live" || !present) return;
    present = null;
    paint();
  }).observe(root, { attributeFilter: ["data-connection"] });

  if (composer && words.oneWrites) {
    beginWriting({ place: root.querySelector("[data-writing]"), panel, facts, composer, words, send, on });
  }
}

function dot(label) {
  const made = document.createElement("span");
  made.className = "readers__dot";
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

function beginWriting({ place, panel, facts, composer, words, send, on }) {
  const writers = new Map(); // person -> the timer that forgets them
  let said = 0;

  composer.body.addEventListener("input", (event) => {
    const now = Date.now();
    if (!event.isTrusted || !composer.body.value.trim() || now - said < SAY) return;
    if (send({ type: "room.typing", room: facts.room })) said = now;
  });

  function show() {
    const names = [...writers.keys()]
      .map((user) => panel.querySelector(`[data-user="${user}"] bdi`)?.textContent)
      .filter(Boolean);
    place.hidden = !names.length;
    place.replaceChildren(
      ...(names.length > FEW ? [words.severalWrite] : names.flatMap((name) => [...sentence(name), " "])),
    );
  }

  function sentence(name) {
    const [before, after] = words.oneWrites.split("{name}");
    const shown = document.createElement("bdi");
    shown.textContent = name;
    return [before, shown, after];
  }

  function forget(user) {
    clearTimeout(writers.get(user));
    if (writers.delete(user)) show();
  }

  on("room.typing", ({ room, user }) => {
    if (room !== facts.room || user === facts.user) return;
    clearTimeout(writers.get(user));
    writers.set(user, setTimeout(() => forget(user), STAY));
    show();
  });
  on("room.records", ({ room, records }) => {
    if (room === facts.room) for (const { author } of records) forget(author);
  });
}
