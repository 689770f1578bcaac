// What is being written is kept on the server, and found again on every device. What the device
// itself keeps (portal/js/drafts.js) is let go of once the server has it: it is for what is written
// without a connection. The newer draft wins where this page was not touched since; where both were
// changed, the other one is shown and offered, and nothing is saved until its writer has chosen.
// A page that can be seen hears of a newer draft (`draft.changed`) and asks for it.

import { drafts, forget } from "../portal/js/kept.js";

const PAUSE = 1_500; // ms after the last key
const AGAIN = 10_000; // ms after a failure
const ALIVE = 60_000; // bytes that a browser sends for a page that is gone
const LOOK = 2_000; // ms between two looks at what stands

export function beginDrafts({ root, facts, composer, on }) {
  if (composer) new ServerDraft(root, facts, composer, on);
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Without a text there is nothing that it could answer.
const content = ({ body, reply_to, mandate }) =>
  body.trim() ? { body: body.replace(/\r\n/g, "\n"), reply_to: Number(reply_to) || null, mandate: Number(mandate) || null } : null;

class ServerDraft {
  constructor(root, facts, composer, on) {
    Object.assign(this, { facts, composer });
    this.form = composer.form;
    this.csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.notice = root.querySelector("[data-other-draft]");
    this.state = root.querySelector("[data-draft-state]");
    const served = JSON.parse(this.form.dataset.draft);
    this.version = served.version; // what this page goes on from
    this.told = served.version; // what is known to stand
    // Whoever sends the form as it stands leaves with it: the server lets go of the draft.
    addEventListener("submit", (event) => {
      if (event.target !== this.form || event.defaultPrevented) return;
      this.form.elements.draft_version.value = this.version;
      this.over = true;
    });
    this.kept = content(served); // what the server is known to have
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("change", () => this.typed());
    const replyTo = composer.replyTo;
    composer.replyTo = (seq) => {
      replyTo.call(composer, seq);
      this.typed();
    };
    on("message.saved", () => this.sent());
    on("draft.changed", ({ room, version }) => {
      if (room !== facts.room) return;
      this.told = Math.max(this.told, version);
      this.follow();
    });
    // What was told while the page was on its way here, or had no connection, nobody says again.
    let isFirst = true;
    on("room.entered", ({ room }) => {
      if (room !== facts.room) return;
      if (isFirst || this.kept) this.look();
      isFirst = false;
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.look()));
    addEventListener("focus", () => this.look());
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.look());
    this.notice.querySelector("[data-other-use]").addEventListener("click", () => this.exchange());
    this.notice.querySelector("[data-other-keep]").addEventListener("click", () => this.insist());
    // What the device kept stands in the field by now: of a time without a connection, or of a page
    // left a moment ago, whose last save may have reached the portal after this page was made. It
    // is saved at once: a draft not known of here would outlive the message that it became.
    setTimeout(() => (this.now() ? this.save() : this.typed()), 0);
  }

  now() {
    const { body, reply_to, mandate } = this.form.elements;
    return content({ body: body.value, reply_to: reply_to.value, mandate: mandate.value });
  }

  get isTouched() {
    return !same(this.now(), this.kept);
  }

  // An empty field after sending is no wish: until the portal has the message, the draft stays.
  get isSending() {
    return !this.now() && this.composer.outbox.all().length > 0;
  }

  typed() {
    if (!this.isTouched) return;
    this.state.textContent = "";
    if (!this.now()) this.letGo(null);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  leave() {
    if (this.isTouched) this.save();
  }

  async save() {
    clearTimeout(this.timer);
    if (this.over || this.other || !this.isTouched || this.isSending) return;
    if (this.saving) return (this.saveAgain = true);
    this.saving = true;
    const sent = this.now();
    try {
      const { status, reply } = await this.ask({ ...(sent ?? { body: "" }), version: this.version });
      if (status === 409) this.meet(reply);
      else if (status === 200) {
        this.isKept(sent, reply.version);
        // It was on its way here when the message that it became was saved: that is not said again.
        if (sent && !this.now()) this.saveAgain = true;
      }
      else if (status !== 422) this.over = true; // the right is gone: the room says so itself
    } catch {
      this.state.textContent = this.notice.dataset.notKept;
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
    this.saving = false;
    if (this.saveAgain) {
      this.saveAgain = false;
      this.save();
    } else this.follow();
  }

  async ask(values) {
    const given = Object.entries(values ?? {}).filter(([, value]) => value !== null);
    const body = values && new URLSearchParams(given);
    const response = await fetch(this.facts.draft, {
      method: values ? "POST" : "GET",
      headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
      body,
      keepalive: String(body ?? "").length < ALIVE,
    });
    if (response.redirected) return { status: 401 };
    const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, reply: isAnswer ? await response.json() : null };
  }

  isKept(draft, version) {
    this.version = version;
    this.kept = draft;
    this.state.textContent = draft && !this.isTouched ? this.notice.dataset.kept : "";
    this.letGo(draft);
  }

  // The device keeps no second copy: it would come back when the message was sent elsewhere.
  letGo(draft) {
    setTimeout(() => {
      for (const { key, fields } of drafts(String(this.facts.user), `room-${this.facts.room}`)) {
        if ((fields.body?.[0] ?? "").trim() === (draft?.body ?? "").trim()) forget(key);
      }
    }, 10); // after drafts.js has seen the field
  }

  // --- What stands elsewhere -----------------------------------------------------------------

  async look() {
    if (this.over || this.other || this.saving || Date.now() - (this.looked ?? 0) < LOOK) return;
    this.looked = Date.now();
    return this.compare();
  }

  // What this page saved itself it hears of too, perhaps before the answer.
  async follow() {
    if (this.over || this.saving || document.hidden) return;
    if (this.told <= (this.other ?? this).version) return;
    return this.other ? this.meetAnew() : this.compare();
  }

  async compare() {
    if (this.isTouched) return this.save(); // which finds out whether another stands
    try {
      const { status, reply } = await this.ask();
      if (status !== 200 || reply.version <= this.version) return;
      if (this.isTouched) return this.save();
      this.put(reply);
    } catch {
      // No connection: what is on the page stays.
    }
  }

  put(draft) {
    this.version = draft.version;
    this.kept = content(draft);
    this.write(this.kept);
    this.letGo(this.kept);
  }

  write(draft) {
    const { body, mandate } = this.form.elements;
    const focused = document.activeElement;
    if (draft?.mandate) mandate.value = draft.mandate;
    this.composer.replyTo(draft?.reply_to ?? null);
    this.composer.fill(draft?.body ?? "");
    if (focused !== body) body.blur();
    if (focused !== body && focused !== document.body) focused?.focus();
  }

  // Not decided yet, and the other one has changed.
  async meetAnew() {
    try {
      const { status, reply } = await this.ask();
      if (status === 200 && this.other && reply.version > this.other.version) this.meet(reply);
    } catch {
      // No connection: what is on the page stays.
    }
  }

  // Empty, it was sent, and there is nothing to decide.
  meet(standing) {
    this.other = standing;
    if (!standing.body) this.take();
    else this.show(this.notice.dataset.stands, standing.body, true);
  }

  show(says, text, undecided) {
    this.notice.querySelector("[data-other-says]").textContent = says;
    this.notice.querySelector("[data-other-text]").textContent = text;
    this.notice.querySelector("[data-other-keep]").hidden = !undecided;
    this.notice.hidden = false;
  }

  // The other one into the field; what was there into the notice, from where it can come back.
  exchange() {
    const mine = this.now();
    if (this.other) {
      this.put(this.other);
      this.other = null;
    } else {
      this.write(this.aside);
      this.typed();
    }
    this.aside = mine;
    if (mine) this.show(this.notice.dataset.putIn, mine.body, false);
    else this.notice.hidden = true;
    this.composer.body.focus();
  }

  // What is in the field is what counts.
  insist() {
    this.take();
    this.composer.body.focus();
  }

  take() {
    this.version = this.other.version;
    this.kept = content(this.other);
    this.other = null;
    this.notice.hidden = true;
    this.save();
  }

  sent() {
    if (!this.other) this.notice.hidden = true;
    this.save();
  }
}
