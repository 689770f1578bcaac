// The list of records on the page, in the order of their numbers. `last` is the number up to
// which nothing is missing.

const CLICK = 50; // ms after a finger is lifted, until which its click comes

// What a message says, on one line; of one that has files alone, their names.
export function wordsOf(item) {
  const text = item?.querySelector(".message__body").textContent.trim();
  const names = [...(item?.querySelectorAll(".file__name bdi") ?? [])];
  return text || names.map((name) => name.textContent).join(", ");
}

export class Timeline {
  constructor(list, { user, last, paintTimes }) {
    this.list = list;
    this.user = user;
    this.last = last;
    this.paintTimes = paintTimes;
    this.dressers = []; // what else is done with each line, when it is drawn and drawn anew
    this.pressed = null; // the line that a finger or a mouse button is on
    this.held = []; // what was to be drawn anew meanwhile
    list.addEventListener("pointerdown", (event) => (this.pressed = event.target.closest(".message")));
    for (const end of ["pointerup", "pointercancel"]) {
      addEventListener(end, () => this.pressed && setTimeout(() => this.release(), CLICK));
    }
    for (const item of list.children) this.dress(item);
  }

  // Add records that follow without a gap; `whole` is false where there is one (then: sync).
  // `heard` are all that are new, `fresh` those with a line on this page.
  append(after, records) {
    if (after > this.last) return { whole: false, fresh: [], heard: [] };
    const fresh = [];
    const heard = [];
    const stay = this.isAtEnd();
    for (const record of records) {
      if (record.seq <= this.last) continue;
      this.last = record.seq;
      heard.push(record);
      const isElsewhere = this.isElsewhere?.(record);
      if (record.message) {
        this.replace(record, isElsewhere);
        continue;
      }
      const pending = record.client_id && this.pending(record.client_id);
      if (pending) pending.remove();
      if (isElsewhere) continue;
      const item = this.build(record);
      this.list.insertBefore(item, this.firstPending());
      fresh.push({ record, item });
    }
    if (stay && fresh.length) this.toEnd();
    return { whole: true, fresh, heard };
  }

  // A record that changed a message has no line of its own: the message's is drawn anew. The
  // element of the line stays, so that who has it in hand (an answer on its way) has what is seen.
  replace(record, isElsewhere) {
    const item = document.getElementById(`r${record.message}`);
    // A button that went away between press and release would not have been pressed.
    if (item && item === this.pressed) return void this.held.push([record, isElsewhere]);
    if (item && isElsewhere) return this.onLeave(item);
    if (isElsewhere) return;
    if (!item) return this.onAbsent?.(record); // it stands above what was loaded
    const drawn = this.build(record);
    const settle = this.onReplace?.(item, drawn);
    for (const name of item.getAttributeNames()) item.removeAttribute(name);
    for (const name of drawn.getAttributeNames()) item.setAttribute(name, drawn.getAttribute(name));
    item.replaceChildren(...drawn.childNodes);
    settle?.();
  }

  release() {
    this.pressed = null;
    for (const each of this.held.splice(0)) this.replace(...each);
  }

  prepend(records) {
    const height = document.documentElement.scrollHeight;
    const first = this.list.firstElementChild;
    for (const record of records) this.list.insertBefore(this.build(record), first);
    scrollBy(0, document.documentElement.scrollHeight - height);
  }

  build(record) {
    const template = document.createElement("template");
    template.innerHTML = record.html; // rendered and escaped by the server, for every viewer alike
    const item = template.content.firstElementChild;
    this.dress(item);
    return item;
  }

  dress(item) {
    this.paintTimes(item);
    item.classList.toggle("message--mine", Number(item.dataset.author) === this.user);
    for (const dress of this.dressers) dress(item);
  }

  pending(clientId) {
    return this.list.querySelector(`.message--pending[data-client-id="${CSS.escape(clientId)}"]`);
  }

  firstPending() {
    return this.list.querySelector(".message--pending");
  }

  isAtEnd() {
    return this.list.getBoundingClientRect().bottom < innerHeight + 200;
  }

  toEnd() {
    scrollTo(0, document.documentElement.scrollHeight);
  }
}
