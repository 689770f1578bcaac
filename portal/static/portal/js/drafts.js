// `<form data-keep-draft="name-of-the-form">`: what is typed is kept on the device until the form
// was taken, whatever happens in between: a refusal, an expired session, no network, a closed tab.
// Never passwords, files or hidden fields. Each tab keeps its own version; the last typed is put in,
// and the others can be looked at. To be called on every page: it learns there what was taken.

import { drafts, forget, keep, keyOf, onLeave, sweep } from "./kept.js";

const TYPES = /^(text|search|email|url|tel|number|date|time|datetime-local|month|checkbox|radio)$/;
const REFUSED = ".error-summary, [aria-invalid=true], .notice--danger[role=alert]";
const PAUSE = 300; // ms after the last key
const SENT = "majlis.sent"; // in the tab's own storage: the form that is under way
const PATIENCE = 10 * 60 * 1000; // ms in which a form is answered

const isKept = (field) =>
  field.name &&
  !field.readOnly &&
  !field.closest("[data-no-draft]") &&
  (field.matches("textarea, select") || (field.matches("input") && TYPES.test(field.type)));

const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

const fieldsOf = (form) => [...form.elements].filter(isKept);

const plain = (value) => value.replace(/\r\n/g, "\n").trim();

const same = (one, other) => {
  const text = (fields) =>
    JSON.stringify(
      Object.entries(fields)
        .map(([name, values]) => [name, values.map(plain)])
        .filter(([, values]) => values.some(Boolean))
        .sort(),
    );
  return text(one) === text(other);
};

function valuesOf(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    const list = (values[field.name] ??= []);
    if (isTicked(field)) field.checked && list.push(field.value);
    else if (field.multiple) list.push(...[...field.selectedOptions].map((each) => each.value));
    else list.push(field.value);
  }
  return values;
}

function put(form, values) {
  const place = {};
  for (const field of fieldsOf(form)) {
    const list = values[field.name];
    if (!list) continue;
    if (isTicked(field)) field.checked = list.includes(field.value);
    else if (field.multiple) for (const each of field.options) each.selected = list.includes(each.value);
    else field.value = list[(place[field.name] = (place[field.name] ?? -1) + 1)] ?? field.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// What the server's values were when somebody began to type, in few characters.
function digest(values) {
  let hash = 5381;
  for (const each of JSON.stringify(values)) hash = ((hash * 33) ^ each.codePointAt(0)) >>> 0;
  return hash.toString(36);
}

const tab = () => {
  try {
    const id = sessionStorage.getItem("majlis.tab") ?? Math.random().toString(36).slice(2, 10);
    sessionStorage.setItem("majlis.tab", id);
    return id;
  } catch {
    return "tab";
  }
};

// As on the rest of the page: day, month and twenty-four hours, in its digits.
function dated(when) {
  const { lang, dataset } = document.documentElement;
  const locale = `${lang === "en" ? "en-GB" : lang}-u-nu-${dataset.digits ?? "latn"}`;
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
  const hour = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${day.format(when)} · ${hour.format(when)}`;
}

// --- What has become of the form that was sent ---------------------------------------------------

// The form under way is told by this very page, or by none: a refusal and an error answer in place,
// what was taken leads elsewhere by a redirect. Leading to the sign-in is no taking.
export function settle(person, signIn) {
  let sent = null;
  try {
    sent = JSON.parse(sessionStorage.getItem(SENT));
    sessionStorage.removeItem(SENT);
  } catch {
    return null;
  }
  const [entry] = performance.getEntriesByType("navigation");
  const taken =
    sent &&
    sent.person === person &&
    Date.now() - sent.at < PATIENCE &&
    entry?.type === "navigate" &&
    entry.redirectCount > 0 &&
    location.pathname !== signIn &&
    !document.querySelector(".messages .notice--danger");
  if (taken) for (const key of [sent.key].flat()) forget(key);
  return sent;
}

// --- Forms ---------------------------------------------------------------------------------------

export function keepDrafts(person) {
  sweep();
  let over = false;
  onLeave(() => (over = true));
  for (const form of document.querySelectorAll("form[data-keep-draft]")) {
    new Draft(form, person, () => over);
  }
  // What was typed into other forms went on in this one: taken here, it is taken there.
  addEventListener("submit", ({ target, defaultPrevented }) => {
    if (defaultPrevented || !target.dataset.takesDraft) return;
    const keys = target.dataset.takesDraft.split(" ").map((name) => keyOf(person, name, tab()));
    underWay(keys, person, location.pathname);
  });
}

function underWay(key, person, url) {
  try {
    sessionStorage.setItem(SENT, JSON.stringify({ key, person, url, at: Date.now() }));
  } catch {
    // Then the draft outlives the form, and is offered once too often.
  }
}

class Draft {
  constructor(form, person, isOver) {
    Object.assign(this, { form, person, isOver });
    this.name = form.dataset.keepDraft;
    this.key = keyOf(person, this.name, tab());
    this.served = valuesOf(form);
    this.base = digest(this.served);
    this.refused = Boolean((form.closest("main") ?? form).querySelector(REFUSED));
    this.url = location.pathname;
    this.offer();
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("change", (event) => this.typed(event));
    addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    // The window hears it last: whoever sends the form another way has said so by then.
    addEventListener("submit", (event) => event.target === form && !event.defaultPrevented && this.send());
  }

  typed({ target, isTrusted }) {
    if (!isKept(target)) return;
    this.dirty = true;
    clearTimeout(this.timer);
    // A script has emptied the field because it has sent what stood there: that is said once.
    this.timer = setTimeout(() => this.save(), isTrusted ? PAUSE : 0);
  }

  save() {
    if (!this.dirty || this.isOver()) return;
    this.dirty = false;
    clearTimeout(this.timer);
    const fields = valuesOf(this.form);
    if (!this.refused && same(fields, this.served)) {
      forget(this.key);
      this.notice?.remove();
      return;
    }
    const title = document.querySelector("h1")?.textContent.trim() || document.title;
    keep(this.key, { at: Date.now(), url: this.url, title, base: this.base, fields });
  }

  send() {
    this.dirty = true;
    this.save();
    underWay(this.key, this.person, this.url);
  }

  offer() {
    const versions = drafts(this.person, this.name);
    if (this.refused) {
      // What the server gave back is what was typed last; it belongs to the page as it first was.
      const own = versions.find(({ key }) => key === this.key);
      if (own) Object.assign(this, { base: own.base, url: own.url });
      return;
    }
    this.versions = versions.filter((version) => {
      const saved = same(version.fields, this.served);
      if (saved) forget(version.key);
      return !saved;
    });
    if (this.versions.length) this.show(this.versions[0].base === this.base);
  }

  show(restored) {
    const notice = document.querySelector("[data-draft-words]").content.firstElementChild.cloneNode(true);
    const part = (name) => notice.querySelector(`[data-${name}]`);
    part("restored").hidden = !restored;
    part("offered").hidden = restored;
    part("put-in").hidden = restored;
    const count = () => (part("other").hidden = this.versions.length < 2);
    const tell = () => {
      part("when").textContent = dated(new Date(this.versions[0].at));
    };
    const take = () => {
      this.adopt(this.versions[0]);
      count();
      tell();
    };
    part("put-in").addEventListener("click", () => {
      part("put-in").hidden = true;
      take();
    });
    part("other").addEventListener("click", () => {
      this.save();
      this.versions.push(this.versions.shift());
      take();
    });
    part("discard").addEventListener("click", () => {
      for (const { key } of drafts(this.person, this.name)) forget(key);
      put(this.form, this.served);
      this.save();
      notice.remove();
      fieldsOf(this.form)[0]?.focus();
    });
    this.notice = notice;
    const place = this.form.querySelector("[data-draft-place]");
    if (place) place.append(notice);
    else this.form.before(notice);
    if (restored) take();
    else {
      tell();
      count();
    }
  }

  // The version becomes this tab's; what this tab had stays a version of its own.
  adopt(version) {
    put(this.form, version.fields);
    clearTimeout(this.timer);
    this.dirty = false;
    const { at, url, title, fields } = version;
    if (version.key !== this.key) {
      const mine = drafts(this.person, this.name).find(({ key }) => key === this.key);
      if (mine) {
        const { at: then, url: there, title: called, base, fields: typed } = mine;
        keep(version.key, { at: then, url: there, title: called, base, fields: typed });
        const other = this.versions.find(({ key }) => key === this.key);
        if (other) other.key = version.key;
      } else forget(version.key);
      version.key = this.key;
    }
    keep(this.key, { at, url, title, base: this.base, fields });
  }
}
