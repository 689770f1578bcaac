// Further acts of a message's menu: to report it, to mute its author. Both lead to a page.

export function moderation({ root, facts, acts }) {
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
}
