// Further acts of a message's menu: to report it, to mute its author. Both lead to a page. And what a
// record takes from the line of another: the reason that somebody gave there.

export function moderation({ root, facts, acts, timeline }) {
  const words = root.querySelector("[data-moderation-words]").dataset;
  acts.offers.push(
    {
      label: words.report,
      when: (item, mine) => !mine,
      run: (item) => location.assign(`${acts.address(item)}report/`),
    },
    {
      label: words.mute,
      when: (item, mine) => facts.chairs && !mine,
      run: (item) => location.assign(`${words.mutes}${item.dataset.author}/`),
    },
  );
  timeline.dressers.push(({ dataset }) => dataset.erases && erase(timeline.list, dataset.erases, words.erased));
}

function erase(list, seq, said) {
  for (const reason of list.querySelectorAll(`[data-reason="${CSS.escape(seq)}"]`)) {
    reason.textContent = said;
    delete reason.dataset.reason;
  }
}
