// Whether one may write here now. Some records tell that this may have changed; the answer itself
// is asked for, because it depends on who reads. What is typed stays where it is.

const TELLING = /^(room\.(locked|unlocked|slowed|archived|reopened)|participant\.)/;
const SPREAD = 300; // ms within which the readers of a room ask, so that not all do at once

export class Standing {
  constructor(root, { url, form }) {
    this.url = url;
    this.form = form;
    this.notice = root.querySelector("[data-standing]");
    this.readers = root.querySelector("[data-readers]");
    if (form?.hasAttribute("data-shut")) {
      this.shut(true);
      this.ask(); // it may be over by itself at some time
    }
  }

  // Records that came just now.
  hear(records) {
    if (records.some(({ kind }) => TELLING.test(kind))) this.askSoon();
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), Math.random() * SPREAD);
  }

  async ask() {
    let answer;
    try {
      const response = await fetch(this.url, { headers: { Accept: "application/json" } });
      if (!response.ok) return; // what closed the room is told in its own way
      answer = await response.json();
    } catch {
      this.timer = setTimeout(() => this.ask(), 3000);
      return;
    }
    if (!this.form && answer.writes) return location.reload(); // nothing was typed: no composer
    this.notice.textContent = answer.reason;
    this.notice.hidden = !answer.reason;
    this.readers.innerHTML = answer.people; // rendered and escaped by the server
    this.shut(!answer.writes);
    if (answer.again) this.timer = setTimeout(() => this.ask(), answer.again * 1000);
  }

  shut(on) {
    if (!this.form) return;
    this.form.toggleAttribute("data-shut", on);
    this.form.elements.body.readOnly = on;
    this.form.querySelector("[type=submit]").disabled = on;
  }
}
