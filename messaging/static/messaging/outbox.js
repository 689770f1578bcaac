// What was written and is not yet acknowledged, kept on this device: a reload, a dead battery or
// a killed server loses nothing. The client id makes it safe to send again, from any tab.

export class Outbox {
  constructor(user, room) {
    this.key = `majlis.outbox.${user}.${room}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }

  add(entry) {
    this.keep([...this.all(), entry]);
  }

  remove(clientId) {
    this.keep(this.all().filter((entry) => entry.client_id !== clientId));
  }

  has(clientId) {
    return this.all().some((entry) => entry.client_id === clientId);
  }

  keep(entries) {
    try {
      if (entries.length) localStorage.setItem(this.key, JSON.stringify(entries));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden storage: the message is still on the page, and still sent.
    }
  }
}
