// While a transcript is being made, the list is asked for again. Without this file one reloads the page.

const EVERY = 1500;
const list = () => document.querySelector("[data-transcripts]");

async function look() {
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-transcripts]");
    if (fresh && fresh.textContent !== list().textContent) list().replaceWith(fresh);
    else if (fresh) {
      const bars = fresh.querySelectorAll("progress");
      list().querySelectorAll("progress").forEach((bar, at) => (bar.value = bars[at].value));
    }
  } catch {
    // no network: asked again
  }
  if (list().hasAttribute("data-under-way")) setTimeout(look, EVERY);
}

if (list()?.hasAttribute("data-under-way")) setTimeout(look, EVERY);
