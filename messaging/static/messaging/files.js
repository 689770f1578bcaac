// Files on their way into a message: chosen, dropped on the room, or pasted. Each is sent at once, by
// itself, and waits on the server; the message then names them. Without this script the composer's
// form carries them.

import { number } from "../portal/js/digits.js";

const AT_ONCE = 2; // files under way
const KEY = "majlis.files."; // then person . room: what waits, in this tab

const written = (text) => text.replace(/\d/g, (digit) => number(Number(digit)));

const { lang, dataset } = document.documentElement;
const UNITS = ["byte", "kilobyte", "megabyte"];

export function size(bytes) {
  const step = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  return new Intl.NumberFormat(`${lang || "en"}-u-nu-${dataset.digits ?? "latn"}`, {
    style: "unit",
    unit: UNITS[step],
    maximumFractionDigits: step === 2 ? 1 : 0,
  }).format(bytes / 1024 ** step);
}

// What a live message says in figures is in the reader's digits, as its times are.
function paintSizes(timeline) {
  const dress = timeline.dress.bind(timeline);
  timeline.dress = (item) => {
    dress(item);
    for (const each of item.querySelectorAll("[data-size]")) each.textContent = written(each.textContent);
  };
}

export function files({ root, facts, timeline, composer, say }) {
  paintSizes(timeline);
  const place = root.querySelector("[data-attach]");
  if (!composer || !place) return;
  composer.files = new Files(place, { root, facts, form: composer.form, say });
}

class Files {
  constructor(place, { root, facts, form, say }) {
    Object.assign(this, { place, form, say });
    this.words = place.dataset;
    this.list = place.querySelector("[data-attach-list]");
    this.word = place.querySelector("[data-attach-word]");
    this.input = place.querySelector("[type=file]");
    this.csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.key = `${KEY}${facts.user}.${facts.room}`;
    this.all = []; // in their order: { row, file, kept, request, state }
    place.querySelector("[data-attach-plain]").hidden = true;
    const button = place.querySelector("[data-attach-button]");
    button.hidden = false;
    form.querySelector(".composer__row").prepend(button);
    button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
      this.input.value = "";
      form.elements.body.focus();
    });
    this.hearDrops(root);
    form.elements.body.addEventListener("paste", (event) => {
      const { files: pasted, types } = event.clipboardData;
      if (!pasted.length || types.includes("text/plain")) return; // a word processor sends both
      event.preventDefault();
      this.add(pasted);
    });
    addEventListener("online", () => {
      for (const each of this.all) if (each.state === "lost") this.again(each);
    });
    const remembered = this.remembered(facts.user);
    const served = this.served().filter(({ id }) => !remembered.some((each) => each.id === id));
    this.restore([...remembered, ...served]);
    // What is sent later goes as a form, to a page of its own: the form names its files.
    form.addEventListener("submit", (event) => {
      if (!event.submitter?.hasAttribute("data-send-then")) return;
      if (this.holds()) event.preventDefault();
      else this.giveTo(form);
    });
  }

  // What the page came with: of a message that was refused, or is written again. What was not kept
  // goes on being said.
  served() {
    const boxes = [...this.place.querySelectorAll("[data-attach-served] [name=files]")];
    const found = boxes.map(({ value, dataset: { name, bytes, address } }) => ({
      id: Number(value),
      name,
      size: Number(bytes),
      url: address,
    }));
    for (const box of boxes) box.closest("li").remove();
    const list = this.place.querySelector("[data-attach-served]");
    if (!list?.children.length) list?.remove();
    return found;
  }

  giveTo(form) {
    for (const { id } of this.take()) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "files", value: id });
      form.append(field);
    }
  }

  get isOpen() {
    return !this.form.hasAttribute("data-shut") && !this.input.disabled;
  }

  hearDrops(root) {
    const hint = this.place.querySelector("[data-attach-drop]");
    let leaving = null;
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the page would make way for the file
      clearTimeout(leaving);
      hint.hidden = !this.isOpen;
      event.dataTransfer.dropEffect = this.isOpen ? "copy" : "none";
    };
    root.addEventListener("dragenter", over);
    root.addEventListener("dragover", over);
    root.addEventListener("dragleave", () => {
      clearTimeout(leaving);
      leaving = setTimeout(() => (hint.hidden = true), 100);
    });
    root.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      hint.hidden = true;
      this.add(event.dataTransfer.files);
    });
  }

  // --- What the composer asks --------------------------------------------------------------------

  // Whether sending must wait; then it is said why.
  holds() {
    const states = this.all.map(({ state }) => state);
    const word = states.some((each) => each === "waiting" || each === "sending" || each === "checking")
      ? this.words.busy
      : states.some((each) => each !== "kept")
        ? this.words.faulty
        : "";
    this.tell(word);
    return Boolean(word);
  }

  // What goes with the message that is sent now: { id, name, size } each.
  take() {
    const kept = this.all.map((each) => each.kept);
    for (const each of this.all) each.row.remove();
    this.all = [];
    this.changed();
    return kept;
  }

  // Files that were kept already, of a message that did not go.
  restore(kept) {
    for (const each of kept) {
      const one = this.row(each.name, each.size);
      one.kept = each;
      this.show(one, "kept");
    }
    this.changed();
  }

  // --- One file ----------------------------------------------------------------------------------

  add(chosen) {
    if (!this.isOpen) return;
    this.tell("");
    for (const file of chosen) {
      if (this.all.length >= Number(this.words.most)) {
        this.tell(this.words.tooMany);
        break;
      }
      const one = this.row(file.name, file.size);
      one.file = file;
      if (file.size > Number(this.words.limit)) this.show(one, "refused", this.words.tooLarge);
      else this.show(one, "waiting");
    }
    this.next();
  }

  row(name, bytes) {
    const row = this.place.querySelector("[data-attach-row]").content.firstElementChild.cloneNode(true);
    row.querySelector(".attach__name").textContent = name;
    row.querySelector("[data-size]").textContent = size(bytes);
    row.querySelector("progress").setAttribute("aria-label", name);
    const one = { row, name };
    row.querySelector("[data-retry]").addEventListener("click", () => this.again(one));
    row.querySelector("[data-away]").addEventListener("click", () => this.remove(one));
    this.list.append(row);
    this.all.push(one);
    return one;
  }

  show(one, state, reason = "") {
    one.state = state;
    const { row } = one;
    const under = state === "waiting" || state === "sending" || state === "checking";
    row.dataset.state = state;
    row.classList.toggle("attach__fault", state === "refused" || state === "lost");
    row.querySelector("progress").hidden = !under;
    row.querySelector("[data-retry]").hidden = state !== "lost";
    const words = { waiting: "sending", sending: "sending", checking: "checking", kept: "kept" };
    const text = reason || this.words[words[state]];
    row.querySelector("[data-state]").textContent = text;
    const away = row.querySelector("[data-away]");
    away.textContent = under ? this.words.cancel : this.words.remove;
    away.setAttribute("aria-label", `${away.textContent}: ${one.name}`);
    if (!under) this.say(`${one.name}: ${text}`);
    if (reason) row.scrollIntoView({ block: "nearest" });
    this.changed();
  }

  changed() {
    this.list.hidden = !this.all.length;
    if (this.word.textContent && this.all.every(({ state }) => state === "kept")) this.tell("");
    try {
      const kept = this.all.flatMap((each) => (each.kept ? [each.kept] : []));
      if (kept.length) sessionStorage.setItem(this.key, JSON.stringify(kept));
      else sessionStorage.removeItem(this.key);
    } catch {
      // Storage is forbidden: a reload forgets what waits.
    }
  }

  next() {
    const under = this.all.filter(({ state }) => state === "sending" || state === "checking").length;
    const waiting = this.all.filter(({ state }) => state === "waiting");
    for (const one of waiting.slice(0, Math.max(0, AT_ONCE - under))) this.send(one);
  }

  send(one) {
    this.show(one, "sending");
    const bar = one.row.querySelector("progress");
    const request = (one.request = new XMLHttpRequest());
    const end = (state, reason) => {
      one.request = null;
      if (!this.all.includes(one)) return; // it was removed meanwhile
      this.show(one, state, reason);
      this.next();
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? Math.round((loaded / total) * 100) : 0;
    });
    request.upload.addEventListener("load", () => this.show(one, "checking"));
    request.addEventListener("error", () => end("lost", this.words.failed));
    request.addEventListener("load", () => {
      const answer = read(request);
      if (answer?.type === "file.kept") {
        const { id, name, size: bytes, url } = answer.file;
        one.kept = { id, name, size: bytes, url };
        one.name = name;
        one.row.querySelector(".attach__name").textContent = name;
        end("kept");
      } else if (answer?.status === 429 || answer?.status === 409) end("lost", answer.reason);
      else if (answer) end("refused", answer.reason);
      else end("lost", /\/accounts\//.test(request.responseURL) ? this.words.signedOut : this.words.failed);
    });
    const data = new FormData();
    data.append("file", one.file, one.file.name);
    request.open("POST", this.words.url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", this.csrf);
    request.send(data);
  }

  again(one) {
    this.tell("");
    this.show(one, "waiting");
    this.next();
  }

  remove(one) {
    const place = this.all.indexOf(one);
    this.all.splice(place, 1);
    one.request?.abort();
    one.row.remove();
    if (one.kept) this.takeBack(one.kept);
    this.changed();
    if (!this.all.length) this.tell("");
    const beside = this.all[Math.min(place, this.all.length - 1)];
    (beside?.row.querySelector("[data-away]") ?? this.form.elements.body).focus();
    this.next();
  }

  takeBack({ url }) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.csrf };
    fetch(`${url}removal/`, { method: "POST", headers }).catch(() => {}); // else it goes in a day
  }

  tell(text) {
    this.word.textContent = text;
  }

  // What this tab still has to send; of anybody else who sat here, nothing stays.
  remembered(user) {
    try {
      for (const key of Object.keys(sessionStorage)) {
        if (key.startsWith(KEY) && !key.startsWith(`${KEY}${user}.`)) sessionStorage.removeItem(key);
      }
      return JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }
}

function read(request) {
  if (!request.getResponseHeader("Content-Type")?.startsWith("application/json")) return null;
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}
