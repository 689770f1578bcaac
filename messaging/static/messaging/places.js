// Where in the record the page stands. A page of the past is whole in itself: nothing is heard on
// it until, going on, it has reached the end; from there on it is the live room.

export class Places {
  constructor(root, { facts, timeline, joined }) {
    Object.assign(this, { root, facts, timeline, joined });
    this.isPast = facts.isPast;
    this.begin = Number(timeline.list.querySelector("[data-seq]")?.dataset.seq ?? 1);
    this.way = root.querySelector("[data-latest]");
    this.standOn(root.querySelector("[data-composer]"));
    root.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const link = event.target.closest("[data-earlier], [data-later] a, [data-latest] a");
      if (!link) return;
      if (link.matches("[data-earlier]")) this.goOn(event, link, () => this.earlier(link));
      else if (link.closest("[data-later]")) this.goOn(event, link, () => this.later(link));
      else if (!this.isPast) {
        event.preventDefault();
        timeline.toEnd();
        this.root.querySelector("[data-composer-body]")?.focus({ preventScroll: true });
      }
    });
  }

  // What is offered above the composer stands clear of it, however many lines it takes.
  standOn(composer) {
    if (!composer) return;
    const measure = () => this.root.style.setProperty("--composer-size", `${composer.offsetHeight}px`);
    new ResizeObserver(measure).observe(composer);
  }

  // --- Where one begins --------------------------------------------------------------------

  open() {
    const { timeline } = this;
    const asked = location.hash.startsWith("#r") ? location.hash.slice(2) : "";
    const place = this.root.querySelector("[data-place]");
    history.scrollRestoration = "manual"; // one comes to a room for what was asked for or said last
    if (place) this.show(place.previousElementSibling);
    else if (asked && /^\d+$/.test(asked) && !document.getElementById(`r${asked}`)) {
      location.replace(`${this.facts.whole}at/${asked}/`);
    } else if (!location.hash) {
      this.begins();
      document.fonts.ready.then(() => this.begins()); // lines may have grown
    }
    this.showWay();
  }

  begins() {
    const line = this.root.querySelector("[data-unread]");
    const isAsked = new URLSearchParams(location.search).has("latest");
    const isMore = line && this.timeline.list.getBoundingClientRect().bottom - line.getBoundingClientRect().top > innerHeight / 2;
    if (line && !isAsked && (isMore || this.isPast)) line.scrollIntoView({ block: "start" });
    else if (!this.isPast) this.timeline.toEnd();
  }

  show(item) {
    item.nextElementSibling.scrollIntoView({ block: "center" });
    item.nextElementSibling.focus({ preventScroll: true });
  }

  // --- Going on ------------------------------------------------------------------------------

  async goOn(event, link, how) {
    event.preventDefault();
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    try {
      await how();
    } catch {
      location.assign(link.href); // the page has it too, or says why not
    }
    link.ariaBusy = null;
  }

  async ask(what) {
    const within = this.facts.subject !== null ? `&subject=${this.facts.subject}` : "";
    const response = await fetch(`${this.facts.sync}?${what}${within}`, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    return response.json();
  }

  async earlier(link) {
    const page = await this.ask(`before=${link.dataset.earlier}`);
    this.timeline.prepend(page.records);
    if (page.records.length) this.begin = page.records[0].seq;
    if (page.limited) {
      link.dataset.earlier = this.begin;
      link.href = `${this.facts.page}?before=${this.begin}`;
      return;
    }
    link.parentElement.remove();
    this.timeline.list.querySelector(".moment")?.focus({ preventScroll: true });
  }

  // What follows stands below what one reads: the page does not move.
  async later(link) {
    const { timeline } = this;
    const after = timeline.last;
    const page = await this.ask(`after=${after}`);
    const top = scrollY;
    const { fresh } = timeline.append(after, page.records);
    if (!page.limited) timeline.last = Math.max(timeline.last, page.head); // in a subject: with gaps
    scrollTo(0, top);
    link.href = `${this.facts.page}?after=${timeline.last}`;
    if (!page.limited) {
      this.isPast = false;
      link.parentElement.remove();
      this.showWay();
      this.joined();
    }
    fresh[0]?.item.querySelector(".moment")?.focus({ preventScroll: true });
  }

  leaveFor(seq) {
    if (seq > this.timeline.last) location.assign(`${this.facts.page}?latest=1#r${seq}`);
  }

  showWay() {
    if (!this.way) return;
    this.way.hidden = !this.isPast && this.timeline.isAtEnd();
  }

  // --- What has been read ----------------------------------------------------------------------

  // The record up to which the reader has had everything on the screen; 0 where it cannot be told.
  // A page that begins past the mark leaves out what is unread: looking at it is not reading that.
  // Nor is looking at one subject, while the mark is one for the room.
  seen(marked) {
    const { timeline } = this;
    if (this.facts.subject !== null) return 0;
    if (!this.isPast && timeline.isAtEnd()) return timeline.last;
    if (this.begin > marked + 1) return 0;
    let last = 0;
    for (const item of timeline.list.querySelectorAll("[data-seq]")) {
      if (item.getBoundingClientRect().bottom > innerHeight) break;
      last = Number(item.dataset.seq);
    }
    return last;
  }
}
