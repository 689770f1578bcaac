// Writing: a message is on the page and in the outbox before it is on the wire, and leaves the
// outbox only when the server has acknowledged it.

import { isTouched, sends } from "./keyboard.js";
import { wordsOf } from "./timeline.js";

export class Composer {
  constructor(form, { facts, words, timeline, outbox, send, paintTimes, resend }) {
    Object.assign(this, { form, facts, words, timeline, outbox, send, paintTimes, resend });
    this.body = form.elements.body;
    this.files = null; // what goes with the next message: see files.js
    this.sent = new Map(); // client id -> when it was last handed to the connection
    form.querySelector("[data-hint]").hidden = isTouched;
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction")) return; // it leads to a page of its own
      event.preventDefault();
      this.submit();
    });
    this.body.addEventListener("keydown", (event) => {
      if (!sends(event)) return;
      event.preventDefault();
      this.submit();
    });
    form.querySelector("[data-reply-cancel]").addEventListener("click", (event) => {
      event.preventDefault();
      this.replyTo(null);
      this.body.focus();
    });
    this.body.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && form.elements.reply_to.value) this.replyTo(null);
      if (event.key !== "ArrowUp" || this.body.value || event.isComposing) return;
      if (this.onArrowUp?.()) event.preventDefault();
    });
    for (const entry of outbox.all()) this.show(entry);
    setInterval(() => this.sendPending(resend), 1000);
  }

  submit() {
    const body = this.body.value.trim();
    if (this.body.disabled || this.body.readOnly || this.files?.holds()) return;
    if (this.form.elements.due_at?.value) {
      // Whoever has said when does not want it sent at once, by whatever key or button.
      return setTimeout(() => this.form.requestSubmit(this.form.querySelector("[data-send-then]")), 0);
    }
    const attached = this.files?.take() ?? [];
    if (!body && !attached.length) return;
    const entry = {
      client_id: newId(),
      mandate: Number(this.form.elements.mandate.value),
      body,
    };
    const replied = Number(this.form.elements.reply_to.value);
    if (replied) entry.reply_to = replied;
    if (attached.length) {
      entry.files = attached.map(({ id }) => id);
      entry.attached = attached; // for this page alone
    }
    const subject = Number(this.form.elements.subject?.value);
    if (subject) entry.subject = subject;
    this.outbox.add(entry);
    this.show(entry);
    this.fill("");
    this.replyTo(null);
    this.timeline.toEnd();
    this.hand(entry);
  }

  // What the next message answers; null for nothing.
  replyTo(seq) {
    this.form.elements.reply_to.value = seq ?? "";
    const address = new URL(location.href); // a reload answers the same message
    if (seq) address.searchParams.set("reply", seq);
    else address.searchParams.delete("reply");
    history.replaceState(history.state, "", address);
    const place = this.form.querySelector("[data-reply]");
    place.hidden = !seq;
    const item = document.getElementById(`r${seq}`);
    place.querySelector("[data-reply-name]").textContent =
      item?.querySelector(".message__name").textContent ?? "";
    place.querySelector("[data-reply-excerpt]").textContent =
      wordsOf(item);
    if (seq) this.body.focus();
  }

  // Said as if it were typed: the draft of the form follows.
  fill(text) {
    this.body.value = text;
    this.body.dispatchEvent(new Event("input", { bubbles: true }));
  }

  hand(entry) {
    this.sent.set(entry.client_id, Date.now());
    const { attached, ...said } = entry;
    this.send(said);
  }

  // Everything unacknowledged goes out again; within `patience` ms only what was not tried.
  sendPending(patience = 0) {
    for (const entry of this.outbox.all()) {
      const item = this.timeline.pending(entry.client_id);
      if (!item) this.show(entry); // written in another tab
      else if (item.dataset.refused) continue;
      const last = this.sent.get(entry.client_id) ?? 0;
      if (Date.now() - last >= patience) this.hand(entry);
    }
  }

  show(entry) {
    const item = document.createElement("li");
    item.className = "message message--mine message--pending";
    item.dataset.clientId = entry.client_id;
    const who = document.createElement("p");
    who.className = "message__who";
    const name = document.createElement("bdi");
    name.className = "message__name";
    name.textContent = this.facts.name;
    const status = document.createElement("span");
    status.className = "message__status";
    status.textContent = this.words.pending;
    who.append(name, " ", status);
    const body = document.createElement("div");
    body.className = "message__body";
    for (const block of entry.body.split(/\n\s*\n/)) {
      const paragraph = document.createElement("p");
      paragraph.dir = "auto";
      paragraph.innerText = block;
      body.append(paragraph);
    }
    item.append(who, body);
    if (entry.attached) item.append(namesOf(entry.attached));
    this.timeline.list.append(item);
  }

  saved(clientId) {
    this.outbox.remove(clientId);
    this.sent.delete(clientId);
    const item = this.timeline.pending(clientId);
    if (!item) return;
    item.dataset.saved = "true";
    delete item.dataset.refused;
    item.querySelector(".message__status").textContent = this.words.saved;
  }

  refused({ client_id: clientId, code, reason, retry_after: pause, files: missing = [] }) {
    if (code === "too_fast" && pause * 1000 > this.resend) {
      // Slow mode: the timer that sends again finds it due when its turn has come.
      this.sent.set(clientId, Date.now() + pause * 1000 - this.resend);
      const item = this.timeline.pending(clientId);
      if (item) item.querySelector(".message__status").textContent = reason;
      return;
    }
    if (code === "too_fast") {
      // Only the clock is moved: the resend timer finds it due after the pause.
      setTimeout(() => {
        const entry = this.outbox.all().find((each) => each.client_id === clientId);
        if (entry) this.hand(entry);
      }, pause * 1000);
      return;
    }
    const item = clientId && this.timeline.pending(clientId);
    if (!item) return;
    item.dataset.refused = code;
    const status = item.querySelector(".message__status");
    status.textContent = `${this.words.refused}: ${reason}`;
    status.setAttribute("role", "alert");
    item.querySelector(".message__actions")?.remove();
    const actions = document.createElement("p");
    actions.className = "message__actions cluster";
    actions.append(
      this.button(this.words.retry, () => {
        delete item.dataset.refused;
        actions.remove();
        status.textContent = this.words.pending;
        this.hand(this.outbox.all().find((entry) => entry.client_id === clientId));
      }),
      this.button(this.words.discard, () => {
        const entry = this.outbox.all().find((each) => each.client_id === clientId);
        this.outbox.remove(clientId);
        item.remove();
        if (entry && !this.body.value) {
          this.fill(entry.body);
          if (entry.reply_to) this.replyTo(entry.reply_to);
        }
        this.files?.restore((entry?.attached ?? []).filter(({ id }) => !missing.includes(id)));
        this.body.focus();
      }),
    );
    item.append(actions);
  }

  button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  disable() {
    for (const element of this.form.elements) element.disabled = true;
  }
}

function namesOf(attached) {
  const list = document.createElement("ul");
  list.className = "files files--pending";
  for (const { name } of attached) {
    const shown = document.createElement("bdi");
    shown.textContent = name;
    const item = document.createElement("li");
    item.className = "file__name";
    item.append(shown);
    list.append(item);
  }
  return list;
}

// crypto.randomUUID exists on secure origins only; a ministry may test over plain HTTP.
export function newId() {
  return crypto.randomUUID?.() ?? randomId();
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
