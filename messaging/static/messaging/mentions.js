// Mentions: a list that `@` opens while one writes, and the lines that mention the reader. What is
// written, `@[Name]`, is text like any other; whom it calls upon is the server's to say.

import { fold, matches } from "./fold.js";

const MOST = 8; // shown at once
const FIELDS = "[data-composer-body], .message__form textarea";
const ASKED = /(?:^|[^\p{L}\p{N}])@([^\n@[\]]{0,40})$/u; // before the caret

export function beginMentions({ root, facts, timeline, say }) {
  const words = root.querySelector("[data-mention-words]").dataset;
  const list = new List(root, { address: `${facts.page}people`, words, say });
  const catches = (event) => event.target.matches?.(FIELDS);
  root.addEventListener("input", (event) => catches(event) && list.look(event.target));
  root.addEventListener("click", (event) => catches(event) && list.look(event.target));
  root.addEventListener("focusout", (event) => catches(event) && list.close());
  // Before the composer hears of it, for which Enter sends and Escape drops the reply.
  root.addEventListener("keydown", (event) => catches(event) && list.press(event), true);

  const mark = (item) => {
    if (!item.dataset.mentions || item.querySelector(".message__calls")) return;
    const mentions = JSON.parse(item.dataset.mentions);
    if (!mentions.some((people) => people.includes(facts.user))) return;
    item.classList.add("message--calls");
    for (const each of item.querySelectorAll(".mention")) {
      const mine = mentions[each.dataset.mention]?.includes(facts.user);
      each.classList.toggle("mention--mine", Boolean(mine));
    }
    const note = document.createElement("span");
    note.className = "message__calls";
    note.textContent = words.calls;
    item.querySelector(".message__when").prepend(note, " ");
  };
  timeline.dressers.push(mark);
  for (const item of timeline.list.children) mark(item);
}

class List {
  constructor(root, { address, words, say }) {
    Object.assign(this, { address, words, say });
    this.box = document.createElement("ul");
    this.box.className = "mentions";
    this.box.id = "mentions";
    this.box.hidden = true;
    this.box.setAttribute("role", "listbox");
    this.box.setAttribute("aria-label", words.list);
    this.box.addEventListener("pointerdown", (event) => event.preventDefault()); // focus stays
    this.box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.place));
    });
  }

  get isOpen() {
    return !this.box.hidden;
  }

  async people() {
    this.asking ??= fetch(this.address, { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
      .then((answer) => answer.people);
    try {
      return await this.asking;
    } catch {
      this.asking = null; // the next @ asks again; a name can be written by hand
      return [];
    }
  }

  // What stands before the caret: does it ask for somebody?
  asked(field) {
    if (field.readOnly || field.selectionStart !== field.selectionEnd) return null;
    const found = ASKED.exec(field.value.slice(0, field.selectionStart));
    if (!found) return null;
    return { at: field.selectionStart - found[1].length - 1, text: found[1] };
  }

  async look(field) {
    if (!this.asked(field)) {
      this.left = null;
      return this.close();
    }
    const people = await this.people();
    const asked = this.asked(field); // as it stands after the wait
    if (!asked || asked.at === this.left || document.activeElement !== field) return this.close();
    const sought = fold(asked.text);
    const found = people.filter(({ keys }) => matches(keys, sought));
    const first = ({ keys }) => (keys.some((key) => key.startsWith(sought)) ? 0 : 1);
    this.found = found.sort((one, other) => first(one) - first(other)).slice(0, MOST);
    if (!this.found.length) return this.close();
    this.open(field, asked.at);
  }

  open(field, at) {
    const opens = !this.isOpen || this.field !== field;
    Object.assign(this, { field, at });
    this.box.replaceChildren(...this.found.map((each, place) => this.option(each, place)));
    if (opens) {
      field.form.append(this.box);
      this.box.hidden = false;
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-haspopup", "listbox");
      field.setAttribute("aria-controls", this.box.id);
      this.say(this.words.opened);
    }
    this.point(0);
  }

  option({ name, about, kind }, place) {
    const option = document.createElement("li");
    option.className = "mentions__option";
    option.id = `mention-${place}`;
    option.dataset.place = place;
    option.setAttribute("role", "option");
    const shown = document.createElement("bdi");
    shown.className = "mentions__name";
    shown.textContent = name;
    const more = document.createElement("bdi");
    more.className = "mentions__about";
    more.textContent = about || this.words[kind] || "";
    option.append(shown, " ", more);
    return option;
  }

  point(place) {
    this.place = (place + this.found.length) % this.found.length;
    for (const [number, option] of [...this.box.children].entries()) {
      option.setAttribute("aria-selected", String(number === this.place));
    }
    const chosen = this.box.children[this.place];
    chosen.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", chosen.id);
  }

  press(event) {
    if (!this.isOpen || event.isComposing) return;
    const keys = {
      ArrowDown: () => this.point(this.place + 1),
      ArrowUp: () => this.point(this.place - 1),
      Enter: () => this.choose(this.place),
      Tab: () => this.choose(this.place),
      Escape: () => {
        this.left = this.at; // not again for this @
        this.close();
      },
    };
    const act = event.shiftKey || event.ctrlKey || event.metaKey ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  choose(place) {
    const { field, at } = this;
    const { write } = this.found[place];
    const rest = field.value.slice(field.selectionStart);
    field.setRangeText(`${write}${/^\s/.test(rest) ? "" : " "}`, at, field.selectionStart, "end");
    this.close();
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft follows
  }

  close() {
    if (!this.isOpen) return;
    this.box.hidden = true;
    for (const name of ["autocomplete", "haspopup", "controls", "activedescendant"]) {
      this.field.removeAttribute(`aria-${name}`);
    }
  }
}
