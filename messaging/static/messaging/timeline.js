// The list of records on the page, in the order of their numbers. `last` is the number up to
// which nothing is missing.

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

  // A record that changed a message has no line of its own: the message's is drawn anew.
  replace(record, isElsewhere) {
    const old = document.getElementById(`r${record.message}`);
    if (old && isElsewhere) return this.onLeave(old);
    if (isElsewhere) return;
    if (!old) return this.onAbsent?.(record); // it stands above what was loaded
    const item = this.build(record);
    const settle = this.onReplace?.(old, item);
    old.replaceWith(item);
    settle?.();
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
