// Statements: what is offered at them, and what a corrigendum adds to the statement that it puts right.

export function statements({ facts, timeline, acts, paintTimes }) {
  const way = document.querySelector("[data-issue]");
  if (way) offer(facts, acts, way);
  timeline.dressers.push((item) => item.dataset.corrects && correct(timeline.list, item, paintTimes));
}

function offer(facts, acts, way) {
  const own = new Set(way.dataset.issue.trim().split(" "));
  const leads = (name) => (item) => {
    const address = new URL(way.formAction);
    address.searchParams.set(name, item.dataset.seq);
    location.assign(address);
  };
  const isStatement = (item) => facts.writes && item.dataset.statement === "statement";
  acts.offers.push(
    {
      label: way.dataset.reply,
      when: (item) => isStatement(item) && [...own].some((each) => each !== item.dataset.delegation),
      run: leads("reply_to"),
    },
    {
      label: way.dataset.correct,
      when: (item) => isStatement(item) && own.has(item.dataset.delegation),
      run: leads("corrects"),
    },
  );
}

// The statement was drawn before: its corrigendum brings the line that stands there, or, deleted, takes it.
function correct(list, item, paintTimes) {
  const place = list.querySelector(`#r${CSS.escape(item.dataset.corrects)} [data-corrections]`);
  if (!place) return; // deleted, or above what was loaded
  const there = place.querySelector(`[data-correction-by="${CSS.escape(item.dataset.seq)}"]`);
  const words = item.querySelector("template[data-correction]");
  if (!words) there?.remove();
  else if (!there) {
    place.append(words.content.cloneNode(true));
    paintTimes(place); // in the reader's zone, as the times beside it
  }
}
