// What can be done with a message: which acts are offered is decided here, from who reads; whether
// they are done, by the server. Without this script the link leads to a page with the same acts.

import { sends } from "./keyboard.js";
import { wordsOf } from "./timeline.js";

export class Acts {
  constructor(root, { facts, words, timeline, send, post, newId }) {
    Object.assign(this, { facts, words, timeline, send, post, newId });
    this.forms = new Map(); // what was asked -> the form that waits for the answer
    this.offers = []; // further acts: { label, when(item, mine), run(item, button) }
    timeline.list.addEventListener("click", (event) => {
      const quoted = document.getElementById(`r${event.target.closest("[data-to]")?.dataset.to}`);
      if (quoted && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        location.hash = quoted.id;
        quoted.querySelector("[data-acts]").focus({ preventScroll: true });
        return;
      }
      const link = event.target.closest("[data-acts]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.toggle(link);
    });
    timeline.list.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      const item = event.target.closest(".message");
      if (item && this.close(item)) event.stopPropagation();
    });
    timeline.onReplace = (old, item) => this.carry(old, item);
  }

  toggle(link) {
    const item = link.closest(".message");
    if (this.close(item)) return;
    link.setAttribute("aria-expanded", "true");
    const bar = document.createElement("p");
    bar.className = "message__acts";
    const mine = Number(item.dataset.author) === this.facts.user;
    const stands = !item.classList.contains("message--gone");
    if (stands && this.onReply && this.facts.writes) {
      bar.append(
        this.button("reply", () => {
          this.close(item);
          this.onReply(Number(item.dataset.seq));
        }),
      );
    }
    const issued = "statement" in item.dataset; // it binds a delegation, and stands
    if (stands && mine && this.facts.writes && !("fixed" in item.dataset)) bar.append(this.button("edit", () => this.edit(item)));
    const deletes = issued ? this.facts.office : (mine && this.facts.writes) || this.facts.chairs;
    if (stands && deletes) {
      bar.append(this.button("delete", () => this.remove(item, mine && !issued)));
    }
    for (const { label, when, run } of stands ? this.offers : []) {
      if (when(item, mine)) bar.append(this.button(null, (button) => run(item, button), label));
    }
    if (navigator.clipboard) {
      bar.append(
        this.button("copy", async (button) => {
          await navigator.clipboard.writeText(item.querySelector(".moment").href);
          button.textContent = this.words.copied;
        }),
      );
    }
    const page = document.createElement("a");
    page.className = "button button--quiet button--small";
    page.href = link.href;
    page.textContent = this.words.page;
    bar.append(page);
    item.querySelector(".message__body").before(bar);
    bar.firstElementChild.focus();
  }

  // Takes away what was opened at the message; false where there was nothing.
  close(item) {
    const open = item.querySelectorAll(".message__acts, .message__form");
    const isIn = [...open].some((each) => each.contains(document.activeElement));
    for (const each of open) each.remove();
    delete item.dataset.editing;
    const link = item.querySelector("[data-acts]");
    link?.removeAttribute("aria-expanded");
    if (isIn) link?.focus();
    return open.length > 0;
  }

  // The line is drawn anew: what was opened and typed there stays.
  carry(item, drawn) {
    const open = item.querySelector(".message__acts, .message__form");
    const link = item.querySelector("[data-acts]");
    this.requote(drawn);
    const focused = item.contains(document.activeElement) && document.activeElement;
    if (open && !drawn.classList.contains("message--gone")) {
      drawn.querySelector(".message__body").before(open);
      if ("editing" in item.dataset) drawn.dataset.editing = "";
      if (link?.hasAttribute("aria-expanded")) drawn.querySelector("[data-acts]").setAttribute("aria-expanded", "true");
    }
    const machine = item.querySelector(".message__machine");
    const text = (line) => line.querySelector(".message__body").innerHTML;
    if (machine && text(item) === text(drawn)) drawn.append(machine);
    return () => {
      if (!focused) return;
      if (item.contains(focused)) focused.focus();
      else item.querySelector("[data-acts]")?.focus();
    };
  }

  // Where the message is quoted, it is quoted as it stands now.
  requote(item) {
    const gone = item.classList.contains("message--gone");
    const erased = item.classList.contains("message--erased");
    const word = erased ? this.words.erased : this.words.gone;
    const text = wordsOf(item);
    const excerpt = text.length > 140 ? `${text.slice(0, 139)}…` : text;
    const quotes = this.timeline.list.querySelectorAll(`[data-quote="${item.dataset.seq}"]`);
    const reply = document.querySelector("[data-composer]")?.elements.reply_to.value;
    if (reply === item.dataset.seq) {
      document.querySelector("[data-reply-excerpt]").textContent = gone ? word : excerpt;
    }
    for (const quote of quotes) {
      quote.querySelector(".message__excerpt").textContent = gone ? word : excerpt;
    }
  }

  address(item) {
    return item.querySelector("[data-acts]").href;
  }

  async edit(item) {
    let stands;
    try {
      const response = await fetch(this.address(item), { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) throw new Error(response.status);
      stands = await response.json();
    } catch {
      return location.assign(this.address(item));
    }
    this.close(item);
    const { form, field } = this.form(item, "textarea", this.words.text, this.words.save);
    item.dataset.editing = "";
    field.value = stands.body;
    form.dataset.version = stands.version;
    field.addEventListener("keydown", (event) => {
      if (!sends(event)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // The same text sent again is the same edit; another text is another.
      if (form.dataset.sent !== field.value) form.dataset.id = this.newId();
      form.dataset.sent = field.value;
      this.ask(form, "message.edit", {
        message: stands.message,
        version: Number(form.dataset.version),
        body: field.value,
        client_id: form.dataset.id,
      });
    });
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  remove(item, mine) {
    this.close(item);
    const label = mine ? this.words.reasonOptional : this.words.reason;
    const { form, field } = this.form(item, "input", label, this.words.delete);
    field.maxLength = 500;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(form, "message.delete", { message: Number(item.dataset.seq), reason: field.value });
    });
    field.focus();
  }

  form(item, kind, label, act) {
    const form = document.createElement("form");
    form.className = "message__form";
    form.noValidate = true;
    const field = document.createElement(kind);
    field.dir = "auto";
    field.id = `act-${item.dataset.seq}`;
    const caption = document.createElement("label");
    caption.htmlFor = field.id;
    caption.textContent = label;
    const fault = document.createElement("p");
    fault.className = "message__fault";
    fault.setAttribute("role", "alert");
    const row = document.createElement("p");
    row.className = "cluster";
    const submit = document.createElement("button");
    submit.className = "button button--primary button--small";
    submit.textContent = act;
    row.append(submit, this.button("cancel", () => this.close(form.closest(".message"))));
    form.append(caption, field, fault, row);
    item.querySelector(".message__body").before(form);
    return { form, field };
  }

  button(name, act, label = this.words[name]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small";
    button.textContent = label;
    button.addEventListener("click", () => act(button));
    return button;
  }

  async ask(form, type, values) {
    form.querySelector(".message__fault").textContent = "";
    this.forms.set(values.message, form);
    if (this.send({ type, room: this.facts.room, ...values })) return;
    const item = form.closest(".message");
    const address = `${this.address(item)}${type === "message.edit" ? "edit" : "delete"}/`;
    try {
      const response = await this.post(address, values);
      const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
      if (!isAnswer) throw new Error(response.status);
      this.hear(await response.json());
    } catch {
      form.querySelector(".message__fault").textContent = this.words.failed;
    }
  }

  // An answer to what was asked here; true where it was one.
  hear(frame) {
    const form = this.forms.get(frame.message);
    if (!form) return false;
    this.forms.delete(frame.message);
    const item = form.closest(".message");
    if (!item) return true;
    if (frame.type !== "message.refused") {
      this.close(item);
      return true;
    }
    form.querySelector(".message__fault").textContent = frame.reason;
    if (frame.code === "changed") {
      form.dataset.version = frame.version;
      form.dataset.sent = "";
      delete item.dataset.editing; // what stands now is shown beside what was typed
    }
    return true;
  }

  // The reader's own last message, if it still stands: ArrowUp in an empty composer.
  editLast() {
    const mine = this.timeline.list.querySelectorAll(
      `.message[data-author="${this.facts.user}"]:not(.message--gone, .message--pending, [data-fixed])`,
    );
    const last = mine[mine.length - 1];
    if (last && this.facts.writes) this.edit(last);
    return Boolean(last);
  }
}
