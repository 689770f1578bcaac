// A room on the page: the composer, the timeline, and what keeps them whole. The socket is a
// hint; the record (sync) is the truth. docs/realtime.md has the protocol.

import { Acts } from "./acts.js";
import { clock } from "./clock.js";
import { Composer, newId } from "./composer.js";
import { files } from "./files.js";
import { makeRoomForKeyboard } from "./keyboard.js";
import { marks } from "./marks.js";
import { beginOpinions } from "./opinions.js";
import { moderation } from "./moderation.js";
import { beginMentions } from "./mentions.js";
import { Outbox } from "./outbox.js";
import { beginPresence } from "./presence.js";
import { beginCounts } from "./room_counts.js";
import { Places } from "./places.js";
import { beginDrafts } from "./server_drafts.js";
import { Socket } from "./socket.js";
import { Standing } from "./standing.js";
import { statements } from "./statements.js";
import { translations } from "./translations.js";
import { Timeline, wordsOf } from "./timeline.js";
import { beginSubjects } from "./subjects.js";

const POLL = 3_000; // ms between looks while there is no live connection
const RESEND = 8_000; // ms without an acknowledgement before a message is sent again
const FEW = 3; // messages at once that are read out
const SAID = 20_000; // ms that a line stays where screen readers listen
const POSTS = ["message.posted", "statement.issued", "corrigendum.issued", "opinion.asked"];
const WORN = ["message.edited", "message.deleted", "text.erased"]; // what was read out is not what stands
// Each is called once with what the parts of a room know of each other.
const FEATURES = [
  beginDrafts,
  beginOpinions,
  beginSubjects,
  files,
  marks,
  moderation,
  statements,
  translations,
  beginMentions,
  beginCounts,
  beginPresence,
];

const root = document.querySelector("[data-room]");
const facts = JSON.parse(root.dataset.client);
const words = root.querySelector("[data-words]").dataset;
const state = root.querySelector("[data-state]");
const announcer = root.querySelector("[data-announcer]");
const more = root.querySelector("[data-fresh]");
const form = root.querySelector("[data-composer]");
const csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;
const paintTimes = clock(facts.language, facts.timeZone);
const timeline = new Timeline(root.querySelector("[data-timeline]"), { ...facts, paintTimes });
const outbox = new Outbox(facts.user, facts.room);
const places = new Places(root, { facts, timeline, joined: sync });

facts.seated = facts.writes;
// While the room is shut to the reader, nothing is offered that would be refused.
Object.defineProperty(facts, "writes", { get: () => facts.seated && !form?.hasAttribute("data-shut") });

let syncing = null;
let syncAgain = false;
let poller = null;
let over = false;

// --- What the reader is told ---------------------------------------------------------------

function tell(name) {
  root.dataset.connection = name;
  state.textContent = words[name];
  state.hidden = name === "live";
}

// Each line is added once and never changed: a screen reader says it once. After an absence it
// says that there are messages, and not all of them.
function announce(fresh) {
  const others = fresh.filter(
    ({ record }) => POSTS.includes(record.kind) && record.author !== facts.user,
  );
  if (others.length > FEW) return say(words.many);
  for (const { item } of others) {
    const name = item.querySelector(".message__name").textContent;
    const issued = item.querySelector("[data-heading]")?.textContent; // in whose name
    say(`${issued ?? `${words.new} ${name}`}: ${wordsOf(item)}`, item.dataset.seq);
  }
}

function say(text, seq = "") {
  const line = document.createElement("p");
  line.textContent = text;
  line.dataset.of = seq;
  announcer.append(line);
  setTimeout(() => line.remove(), SAID);
}

// What was changed or taken back is not to be found where it was read out.
function unsay(heard) {
  for (const { kind, message } of heard) {
    if (WORN.includes(kind)) announcer.querySelector(`[data-of="${message}"]`)?.remove();
  }
}

function offerEnd(fresh) {
  const theirs = fresh.some(({ record }) => record.author !== facts.user);
  if (theirs && !timeline.isAtEnd()) more.hidden = false;
}

function end(name) {
  over = true;
  clearInterval(poller);
  tell(name);
  composer?.disable();
  if (name === "signedOut") {
    const link = document.createElement("a");
    link.href = location.pathname; // leads through sign-in and back here
    link.textContent = words.signIn;
    state.append(" ", link);
  }
}

// --- Catching up -----------------------------------------------------------------------------

async function sync() {
  if (over || places.isPast) return;
  if (syncing) {
    syncAgain = true;
    return syncing;
  }
  syncing = fetchMissing().finally(() => {
    syncing = null;
    if (syncAgain) {
      syncAgain = false;
      sync();
    }
  });
  return syncing;
}

async function fetchMissing() {
  for (;;) {
    const after = timeline.last;
    let response;
    try {
      response = await fetch(`${facts.sync}?after=${after}`, { headers: { Accept: "application/json" } });
    } catch {
      if (!socket.isOpen) tell("offline");
      return;
    }
    if (response.status === 401) return end("signedOut");
    if (response.status === 404) return end("closed");
    if (!response.ok) return;
    const page = await response.json();
    take(after, page.records);
    if (!socket.isOpen) tell("polling");
    if (!page.limited) return;
  }
}

function take(after, records) {
  const { whole, fresh, heard } = timeline.append(after, records);
  if (!whole) return sync();
  for (const record of heard) {
    if (record.client_id) composer?.saved(record.client_id);
  }
  standing.hear(heard);
  unsay(heard);
  announce(fresh);
  offerEnd(fresh);
  markRead();
}

function poll(on) {
  clearInterval(poller);
  poller = on
    ? setInterval(() => {
        if (document.hidden) return;
        sync();
        composer?.sendPending();
      }, POLL)
    : null;
}

// --- The read mark: raised when the reader can see the end -----------------------------------

let marked = facts.readSeq;
let marking = null;

function markRead() {
  clearTimeout(marking);
  marking = setTimeout(() => {
    const seen = document.hidden ? 0 : places.seen(marked);
    if (seen <= marked) return;
    const before = marked;
    marked = seen;
    if (socket.send({ type: "room.read", room: facts.room, seq: marked })) return;
    post(facts.read, { seq: marked }).catch(() => (marked = before));
  }, 400);
}

addEventListener(
  "scroll",
  () => {
    if (timeline.isAtEnd()) more.hidden = true;
    places.showWay();
    markRead();
  },
  { passive: true },
);
more.querySelector("button").addEventListener("click", () => {
  more.hidden = true;
  timeline.toEnd();
  form?.elements.body.focus({ preventScroll: true });
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  sync();
  markRead();
});

// --- Sending ---------------------------------------------------------------------------------

function post(url, values) {
  return fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrf },
    body: new URLSearchParams(values),
  });
}

async function send(entry) {
  if (socket.send({ type: "message.post", room: facts.room, ...entry })) return;
  if (root.dataset.connection !== "polling") return;
  try {
    const response = await post(facts.post, entry);
    if (response.status === 401 || response.redirected) return end("signedOut");
    if (response.headers.get("Content-Type")?.startsWith("application/json")) {
      hear(await response.json());
    }
  } catch {
    tell("offline");
  }
}

const composer = form && new Composer(form, { facts, words, timeline, outbox, send, paintTimes, resend: RESEND });

const standing = new Standing(root, { url: facts.standing, form });
const acts = new Acts(root, {
  facts,
  words: root.querySelector("[data-act-words]").dataset,
  timeline,
  newId,
  post,
  send: (frame) => socket.send(frame),
});
if (composer) {
  composer.onArrowUp = () => acts.editLast();
  acts.onReply = (seq) => composer.replyTo(seq);
}

const heard = new Map(); // frame type -> what features do with it, after what is done here
for (const begin of FEATURES) {
  begin({
    root,
    facts,
    timeline,
    composer,
    paintTimes,
    acts,
    newId,
    post,
    say,
    send: (frame) => socket.send(frame), // false where there is no live connection: then `post`
    on: (type, act) => heard.set(type, [...(heard.get(type) ?? []), act]),
  });
}

// --- Hearing ---------------------------------------------------------------------------------

function hear(frame) {
  switch (frame.type) {
    case "room.entered":
    case "room.head":
      if (frame.room === facts.room && frame.head > timeline.last) sync();
      break;
    case "room.records":
      if (frame.room === facts.room && !places.isPast) take(frame.after, frame.records);
      break;
    case "room.closed":
      if (frame.room === facts.room) end("closed");
      break;
    case "room.rights":
      if (frame.room === facts.room) standing.askSoon();
      break;
    case "message.saved":
      composer?.saved(frame.client_id, frame.seq);
      if (places.isPast) places.leaveFor(frame.seq); // what one said stands at the end, not here
      if (frame.seq > timeline.last) setTimeout(() => frame.seq > timeline.last && sync(), 1000);
      break;
    case "message.edited":
    case "message.deleted":
      acts.hear(frame);
      break;
    case "message.refused":
      if (frame.command) break; // of a mark: its feature says why
      if (frame.message && acts.hear(frame)) break;
      composer?.refused(frame);
      break;
    case "error":
      if (frame.status === 404 && frame.room === facts.room) end("closed");
      break;
  }
  for (const act of heard.get(frame.type) ?? []) act(frame);
}

const socket = new Socket(facts.socket, {
  onFrame: hear,
  onState(name, failures) {
    if (over) return;
    if (name === "open") {
      poll(false);
      tell("live");
      socket.send({ type: "room.enter", room: facts.room });
      composer?.sendPending();
      sync();
    } else if (name === "signed-out") {
      end("signedOut");
    } else {
      if (failures < 2) tell("connecting");
      if (!poller) {
        poll(true);
        sync().then(() => composer?.sendPending());
      }
    }
  },
});

// --- The page --------------------------------------------------------------------------------

paintTimes(document);
makeRoomForKeyboard();
// On a phone the panel would stand between the room's title and its talk.
if (matchMedia("(width < 64rem)").matches) root.querySelector("[data-people]").open = false;
tell("connecting");
places.open();
markRead();
