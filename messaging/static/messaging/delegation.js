// Who of the delegation is present, asked again while the page is looked at. Nothing is announced:
// it is read by whoever looks for it. Without this file it is said as of when the page was opened.

const EVERY = 30_000; // ms
const line = document.querySelector("[data-presence-address]");
const marks = document.querySelectorAll("[data-present-user]");
let seen = ""; // the ETag of what is shown

async function look() {
  if (document.hidden) return;
  try {
    const headers = { Accept: "application/json", ...(seen && { "If-None-Match": seen }) };
    const answer = await fetch(line.dataset.presenceAddress, { headers, cache: "no-store" });
    if (answer.status === 401 || answer.status === 404) clearInterval(timer);
    if (answer.ok) {
      show(await answer.json());
      seen = answer.headers.get("ETag") ?? "";
    } else if (answer.status !== 304) show(null);
  } catch {
    show(null);
  }
}

// What is no longer known is not shown: `null`.
function show(said) {
  if (!said) seen = "";
  line.hidden = !said;
  if (said && line.textContent !== said.words) line.textContent = said.words;
  for (const mark of marks) mark.hidden = !said?.users.includes(Number(mark.dataset.presentUser));
}

const timer = line ? setInterval(look, EVERY) : null;
if (line) document.addEventListener("visibilitychange", look);
