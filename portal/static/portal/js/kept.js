// What people wrote and did not send, as this device keeps it: drafts of forms (drafts.js) and the
// rooms' outboxes (messaging/outbox.js). Each key names the person: of nobody else is it shown.

const DRAFT = "majlis.draft."; // then person . form . tab
const OUTBOX = "majlis.outbox."; // then person . room
const LEFT = "majlis.left"; // when somebody last signed out here
const AGE = 30 * 24 * 60 * 60 * 1000; // ms that a draft is kept
const SIZE = 200_000; // characters of one draft
const MOST = 40; // drafts; the oldest go

function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return []; // storage is forbidden: nothing is kept
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// Newest first. Each: key, person, form, tab; at, url, title, base, fields.
export function drafts(person, form) {
  return keys(DRAFT)
    .map((key) => {
      const [whose, ...rest] = key.slice(DRAFT.length).split(".");
      const tab = rest.pop();
      return { key, person: whose, form: rest.join("."), tab, ...read(key) };
    })
    .filter((draft) => draft.fields && (person === undefined || draft.person === person))
    .filter((draft) => form === undefined || draft.form === form)
    .sort((one, other) => other.at - one.at);
}

export const keyOf = (person, form, tab) => `${DRAFT}${person}.${form}.${tab}`;

export function keep(key, draft) {
  const text = JSON.stringify(draft);
  if (text.length > SIZE) return;
  try {
    localStorage.setItem(key, text);
  } catch {
    // Full or forbidden: what was written is still on the page.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then nothing was kept.
  }
}

export function sweep() {
  const oldest = Date.now() - AGE;
  drafts().forEach(({ key, at }, place) => (at < oldest || place >= MOST) && forget(key));
}

// --- Whose it is -----------------------------------------------------------------------------

export function forgetAll() {
  for (const key of [...keys(DRAFT), ...keys(OUTBOX)]) forget(key);
}

// Somebody else has signed in here: whoever wrote before has left without signing out.
export function forgetOthers(person) {
  for (const prefix of [DRAFT, OUTBOX]) {
    for (const key of keys(prefix)) if (!key.startsWith(`${prefix}${person}.`)) forget(key);
  }
}

export function leave() {
  forgetAll();
  try {
    localStorage.setItem(LEFT, Date.now()); // the other tabs hear of it
  } catch {
    // Then they hear it from the server.
  }
}

export const leftAt = () => Number(read(LEFT) ?? 0);

export function onLeave(act) {
  addEventListener("storage", (event) => event.key === LEFT && act());
}

// --- Shown in a list ---------------------------------------------------------------------------

export function outbox(person, rooms) {
  return keys(OUTBOX).flatMap((key) => {
    const [whose, room] = key.slice(OUTBOX.length).split(".");
    if (person !== undefined && whose !== person) return [];
    const url = rooms.replace("/0/", `/${Number(room)}/`);
    return (read(key) ?? []).map(({ body, attached = [] }) => {
      return { url, title: shortened(body || attached.map(({ name }) => name).join(", ")) };
    });
  });
}

export const hasKept = (person) =>
  drafts(person).length > 0 || keys(`${OUTBOX}${person}.`).length > 0;

// Fills `root` ([data-kept] with a [data-kept-list], and `data-rooms`) and shows it if there is anything.
export function showKept(root, person) {
  const forms = new Set(); // of several versions one line
  const written = drafts(person).filter(({ person: whose, form }) => {
    const known = forms.has(`${whose}.${form}`);
    forms.add(`${whose}.${form}`);
    return !known;
  });
  const kept = [...written.map(described), ...outbox(person, root.dataset.rooms)];
  root.querySelector("[data-kept-list]").replaceChildren(...kept.map(line));
  root.hidden = !kept.length;
}

const described = ({ url, title, fields }) => {
  const longest = Object.values(fields).flat().sort((one, other) => other.length - one.length)[0] ?? "";
  return { url, title, text: shortened(longest) };
};

function line({ url, title, text }) {
  const item = document.createElement("li");
  const frame = document.createElement("div");
  const link = document.createElement("a");
  // A key of the storage leads to no other host, whoever wrote it there.
  link.href = new URL(url, location.origin).pathname;
  link.dir = "auto";
  link.textContent = title;
  frame.append(link);
  if (text) {
    const words = document.createElement("p");
    words.className = "meta";
    words.dir = "auto";
    words.textContent = text;
    frame.append(words);
  }
  item.append(frame);
  return item;
}

const shortened = (text) => {
  const plain = text.replace(/\s+/g, " ").trim();
  return plain.length > 90 ? `${plain.slice(0, 90)}…` : plain;
};
