// What waits for the person, on every page: the counts in the frame and in lists of rooms, and in
// the title of the tab. A page of a room hears them over the connection that it has (room_counts.js);
// any other opens one for them alone, and asks now and then where there is none.

import { paint } from "./counters.js";
import { Socket } from "./socket.js";

const POLL = 30_000; // ms between looks while there is no live connection
const { socket: path, address } = document.querySelector("script[data-counts]").dataset;

let poller = null;

export async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (response.status === 401) return poll(false);
    if (response.ok) paint(await response.json());
  } catch {
    // No network: what is shown stays, and it is asked again.
  }
}

export function poll(on) {
  if (on && poller) return;
  clearInterval(poller);
  poller = on ? setInterval(look, POLL) : null;
}

document.addEventListener("visibilitychange", () => poller && look());

if (document.querySelector("[data-count]") && !document.querySelector("[data-room]")) {
  const socket = new Socket(path, {
    onFrame: (frame) => frame.type === "counts" && paint(frame),
    onState(name) {
      poll(name === "closed" || name === "failed");
      if (name === "open") socket.send({ type: "counts.follow" });
    },
  });
}
