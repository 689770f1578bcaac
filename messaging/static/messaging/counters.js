// The counts on the page, as the last frame `counts` has them.

import { tell } from "./notices.js";

const MOST = 100; // what the server counts at the most, of one room
const { lang, dataset } = document.documentElement;
const format = new Intl.NumberFormat(`${lang || "en"}-u-nu-${dataset.digits ?? "latn"}`, {
  useGrouping: false,
});
const title = document.title;

// A number in the reader's digits.
export const figures = (value) => format.format(value);

function figure(value) {
  return value >= MOST ? `${figures(MOST - 1)}+` : figures(value);
}

export function paint(counts) {
  for (const badge of document.querySelectorAll(".badge--count[data-count]")) {
    const { count: what, of } = badge.dataset;
    const said = of ? counts.rooms[of] : counts;
    const value = said?.[what] ?? 0;
    badge.hidden = !value;
    badge.querySelector("[data-figure]").textContent = value ? figure(value) : "";
    badge.querySelector("[data-label]").textContent = value
      ? said[`${what}_label`].replace(/[0-9]+/g, figures)
      : "";
  }
  tell(counts);
  document.title = counts.unread ? `(${figure(counts.unread)}) ${title}` : title;
}
