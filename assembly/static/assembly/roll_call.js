// The roll-call form: counts while one enters, and answers from the keyboard. The form works
// without it; the server counts again, and its count is the one that holds.

import { number } from "../portal/js/digits.js";

const form = document.querySelector("[data-roll-call]");
const rows = [...form.querySelectorAll("[data-row]")];
const quorum = Number(form.dataset.quorum);
const find = (name) => form.querySelector(`[data-${name}]`);

const radiosOf = (row) => [...row.querySelectorAll("input[type=radio]")];
const answerOf = (row) => radiosOf(row).find((radio) => radio.checked)?.value ?? "";
const answers = () => rows.map(answerOf).join();
let saved = [...form.querySelectorAll("input[name^=was_]")].map((input) => input.value).join();

function refresh() {
  const given = rows.map(answerOf);
  for (const figure of form.querySelectorAll("[data-count]")) {
    const counted = given.filter((answer) => answer === figure.dataset.count).length;
    figure.textContent = number(counted);
  }
  const present = given.filter((answer) => answer && answer !== "absent").length;
  find("quorum-reached").hidden = present < quorum;
  find("quorum-open").hidden = present >= quorum;
  find("unsaved").hidden = given.join() === saved;
  rows.forEach((row, index) => row.classList.toggle("roll__row--called", given[index] !== ""));
}

// Focus moves between members without answering for them.
function select(row) {
  const radios = radiosOf(row);
  (radios.find((radio) => radio.checked) ?? radios[0]).focus();
  row.scrollIntoView({ block: "nearest" });
}

const current = () =>
  document.activeElement.closest("[data-row]") ??
  (document.activeElement === document.body ? rows.find((row) => !answerOf(row)) : undefined);

const DIGITS = { 1: 0, 2: 1, 3: 2, 4: 3, "١": 0, "٢": 1, "٣": 2, "٤": 3 };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = current();
  if (!row) return;
  const index = rows.indexOf(row);
  if (event.key in DIGITS) {
    radiosOf(row)[DIGITS[event.key]].checked = true;
    refresh();
    select(rows[Math.min(index + 1, rows.length - 1)]);
  } else if (event.key === "ArrowDown" && index + 1 < rows.length) {
    select(rows[index + 1]);
  } else if (event.key === "ArrowUp" && index > 0) {
    select(rows[index - 1]);
  } else if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
    return;
  }
  event.preventDefault();
});

form.addEventListener("change", refresh);
form.addEventListener("submit", () => {
  saved = answers();
});
window.addEventListener("beforeunload", (event) => {
  if (answers() !== saved) event.preventDefault();
});
find("keys").hidden = false;
refresh();
