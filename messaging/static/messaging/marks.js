// Marks on messages: reactions, pins, acknowledgements. The line of a message is the same for all
// its readers; here it becomes the reader's own: what they gave, and what they may give.

const PATIENCE = 8_000; // ms for an answer, before the reader is told that none came
const SPREAD = 300; // ms within which the readers of a room ask for its pins, so that not all do at once
const LATE = 1_000; // ms after an answer, when the line should have been drawn anew
const COMMANDS = {
  // what is sent -> where it goes without a live connection, and what answers it
  "message.react": ["reactions/", "message.reacted"],
  "message.pin": ["pin/", "message.pinned"],
  "message.acknowledge": ["acknowledgements/", "message.acknowledged"],
  "acknowledgement.ask": ["request/", "acknowledgement.asked"],
};

export function marks(room) {
  return new Marks(room);
}

class Marks {
  constructor({ root, facts, timeline, composer, acts, post, send, on }) {
    Object.assign(this, { facts, timeline, composer, acts, post, send });
    this.pins = root.querySelector("[data-pins]");
    this.kinds = root.querySelector("[data-mark-words]").content;
    this.words = root.querySelector("[data-mark-words]").dataset;
    this.waiting = new Map(); // command and message -> what was pressed, and the clock of the answer
    this.offer();
    this.follow();
    timeline.list.addEventListener("click", (event) => this.press(event));
    for (const [command, [, answer]] of Object.entries(COMMANDS)) {
      on(answer, (frame) => this.answered(command, frame));
    }
    on("message.refused", (frame) => frame.command && this.answered(frame.command, frame));
    on("room.records", (frame) => frame.room === facts.room && this.hear(frame.records));
  }

  get writes() {
    return this.facts.writes;
  }

  // --- What is offered ------------------------------------------------------------------------

  offer() {
    const { acts, words, facts } = this;
    const pinned = (item) => Boolean(item.querySelector(".marks__pin"));
    acts.offers.push(
      { label: words.react, when: () => this.writes, run: (item) => this.choose(item) },
      {
        label: words.pin,
        when: (item) => facts.chairs && !pinned(item),
        run: (item, button) => this.ask(item, button, "message.pin", { on: true }),
      },
      {
        label: words.unpin,
        when: (item) => facts.chairs && pinned(item),
        run: (item, button) => this.ask(item, button, "message.pin", { on: false }),
      },
      {
        label: words.ask,
        when: (item) => facts.chairs && !item.querySelector("[data-acknowledgement]"),
        run: (item) => this.askByWhen(item),
      },
    );
  }

  // The four reactions, in the place of the acts.
  choose(item) {
    this.acts.close(item);
    const bar = document.createElement("p");
    bar.className = "message__acts";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", this.words.reactions);
    for (const each of this.kinds.children) {
      const button = document.importNode(each, true);
      const given = this.isMine(item.querySelector(`[data-reaction="${each.dataset.kind}"]`));
      button.setAttribute("aria-pressed", given);
      bar.append(button);
    }
    item.querySelector("[data-acts]").setAttribute("aria-expanded", "true");
    item.querySelector(".message__body").before(bar);
    bar.firstElementChild.focus();
  }

  askByWhen(item) {
    this.acts.close(item);
    const { form, field } = this.acts.form(item, "input", this.words.until, this.words.ask);
    field.type = "datetime-local";
    field.classList.add("marks__until");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector(".button--primary");
      this.ask(item, button, "acknowledgement.ask", { until: field.value });
    });
    field.focus();
  }

  isMine(mark) {
    return Boolean(mark?.dataset.by.split(" ").includes(String(this.facts.user)));
  }

  // --- The reader's own line --------------------------------------------------------------------

  // Lines are drawn by the timeline: what it draws is dressed here too, and what was open stays.
  follow() {
    const { timeline } = this;
    const { dress, append, onReplace } = timeline;
    timeline.dress = (item) => {
      dress.call(timeline, item);
      this.dress(item);
    };
    timeline.append = (after, records) => {
      if (after <= timeline.last) this.hear(records);
      return append.call(timeline, after, records);
    };
    timeline.onReplace = (item, drawn) => {
      const active = document.activeElement;
      const focused = item.contains(active) ? this.nameOf(active) : "";
      const settle = onReplace?.(item, drawn);
      for (const open of item.querySelectorAll("[data-keep][open]")) {
        const same = drawn.querySelector(`[data-keep="${open.dataset.keep}"]`);
        if (same) same.open = true;
      }
      for (const button of drawn.querySelectorAll(".message__acts [data-kind]")) {
        button.setAttribute("aria-pressed", this.isMine(drawn.querySelector(`[data-reaction="${button.dataset.kind}"]`)));
      }
      return () => {
        settle?.();
        if (focused && !item.contains(active)) (item.querySelector(focused) ?? item.querySelector("[data-acts]")).focus();
      };
    };
    for (const item of timeline.list.children) this.dress(item);
    this.localize(this.pins);
  }

  // Where the keyboard is in a line, so that it is there in the line that follows.
  nameOf(element) {
    const kind = element.closest("[data-reaction]")?.dataset.reaction ?? element.dataset.kind;
    if (kind) return `[data-reaction="${kind}"] button`;
    const kept = element.closest("[data-keep]");
    if (element.matches("summary") && kept) return `[data-keep="${kept.dataset.keep}"] > summary`;
    return element.matches("[data-mandate]") ? "[data-acknowledgement] summary" : "";
  }

  dress(item) {
    this.localize(item);
    for (const mark of item.querySelectorAll("[data-reaction]")) {
      if (!this.facts.seated) break;
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.kind = mark.dataset.reaction;
      button.setAttribute("aria-pressed", this.isMine(mark));
      button.append(...mark.childNodes);
      mark.append(button);
    }
    const block = item.querySelector("[data-acknowledgement]");
    const missing = block?.dataset.missing.trim().split(/\s+/).map(Number) ?? [];
    const mine = this.facts.answers.filter(({ institution }) => missing.includes(institution));
    if (!mine.length) return;
    const row = document.createElement("p");
    row.className = "marks__give";
    for (const { mandate, name } of mine) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      button.dataset.mandate = mandate;
      const delegation = document.createElement("bdi");
      delegation.textContent = name;
      button.append(`${this.words.acknowledge} `, delegation);
      row.append(button);
    }
    block.querySelector("details").before(row);
  }

  // Lines that came over the socket have European digits.
  localize(root) {
    if (document.documentElement.dataset.digits !== "arab") return;
    for (const each of root.querySelectorAll("[data-figures]")) {
      each.textContent = each.textContent.replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]);
    }
  }

  // --- Pressed ----------------------------------------------------------------------------------

  press(event) {
    const button = event.target.closest("[data-kind], [data-mandate]");
    const item = button?.closest(".message");
    if (!item) return;
    if (button.dataset.mandate) {
      this.ask(item, button, "message.acknowledge", { mandate: Number(button.dataset.mandate) });
      return;
    }
    const on = button.getAttribute("aria-pressed") !== "true";
    const values = { kind: button.dataset.kind, on };
    const speaking = Number(this.composer?.form.elements.mandate?.value);
    if (speaking) values.mandate = speaking;
    this.ask(item, button, "message.react", values);
  }

  // Once, however often it is pressed; `aria-busy` until the answer.
  async ask(item, button, command, values) {
    const message = Number(item.dataset.seq);
    const key = `${command} ${message}`;
    if (this.waiting.has(key)) return;
    this.fault(item, "");
    button.setAttribute("aria-busy", "true");
    const clock = setTimeout(() => this.fail(key, message), PATIENCE);
    this.waiting.set(key, { button, clock, drawn: item.querySelector(".message__body") });
    if (this.send({ type: command, room: this.facts.room, message, ...values })) return;
    try {
      const address = this.acts.address(item) + COMMANDS[command][0];
      const response = await this.post(address, values);
      const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
      if (!isAnswer) throw new Error(response.status);
      this.answered(command, await response.json());
    } catch {
      this.fail(key, message);
    }
  }

  answered(command, frame) {
    const asked = this.done(`${command} ${frame.message}`);
    if (!asked) return;
    const item = document.getElementById(`r${frame.message}`);
    if (!item) return;
    if (frame.type === "message.refused") return this.fault(item, frame.reason);
    if (item.querySelector(".message__acts, .marks__until")) this.acts.close(item);
    // A page of the past hears nothing, and a hint may be lost.
    setTimeout(() => asked.drawn.isConnected && this.redraw(frame.message), LATE);
  }

  done(key) {
    const asked = this.waiting.get(key);
    if (!asked) return null;
    clearTimeout(asked.clock);
    asked.button.removeAttribute("aria-busy");
    this.waiting.delete(key);
    return asked;
  }

  fail(key, message) {
    if (!this.done(key)) return;
    const item = document.getElementById(`r${message}`);
    if (item) this.fault(item, this.words.failed);
  }

  fault(item, reason) {
    const field = item.querySelector(".message__form:has(.marks__until) .message__fault");
    if (field) {
      field.textContent = reason;
      return;
    }
    item.querySelector(".marks__fault")?.remove();
    if (!reason) return;
    const line = document.createElement("p");
    line.className = "marks__fault";
    line.setAttribute("role", "alert");
    item.append(line);
    line.textContent = reason;
  }

  async redraw(message) {
    const found = await this.json(`${this.facts.sync}?after=${message - 1}`);
    if (found) this.timeline.replace({ message, html: found.records[0].html });
  }

  // --- What is pinned ---------------------------------------------------------------------------

  hear(records) {
    const listed = (seq) => this.pins.querySelector(`[data-pin="${seq}"]`);
    const concerns = ({ kind, message }) =>
      /^message\.(un)?pinned$/.test(kind) || (message && listed(message));
    if (!records.some(concerns)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lookAtPins(), Math.random() * SPREAD);
  }

  async lookAtPins() {
    const found = await this.json(this.facts.pins);
    if (!found) return;
    const isOpen = this.pins.querySelector("details")?.open;
    this.pins.innerHTML = found.html; // rendered and escaped by the server
    this.timeline.paintTimes(this.pins);
    const list = this.pins.querySelector("details");
    if (list && isOpen) list.open = true;
  }

  async json(address) {
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      return response.ok ? await response.json() : null;
    } catch {
      return null; // what comes next is asked for again
    }
  }
}
