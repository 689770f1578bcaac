// The counts on a page of a room: told over the room's own connection.

import { paint } from "./counters.js";
import { poll } from "./counts.js";

export function beginCounts({ root, send, on }) {
  const follow = () => send({ type: "counts.follow" });
  on("room.entered", () => {
    follow();
    poll(false);
  });
  on("counts", paint);
  // The state of the connection stands on the page.
  new MutationObserver(() => {
    poll(root.dataset.connection === "polling" || root.dataset.connection === "offline");
  }).observe(root, { attributeFilter: ["data-connection"] });
}
