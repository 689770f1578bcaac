// Translations: a way to their page, and, where the operator has a service, what a machine makes of
// a message, shown below it and labelled so.

export function translations({ facts, acts, post }) {
  const { words } = acts;
  acts.offers.push({
    label: words.translate,
    when: (item) =>
      facts.translates && item.querySelector(".message__body").lang !== facts.language,
    run: (item, button) => translate(item, button),
  });
  acts.offers.push({
    label: words.translations,
    when: () => true,
    run: (item) => location.assign(`${acts.address(item)}translations/`),
  });

  async function translate(item, button) {
    button.setAttribute("aria-busy", "true");
    let answer;
    try {
      const response = await post(`${acts.address(item)}translations/machine/`, {});
      answer = await response.json();
    } catch {
      answer = { reason: words.failed };
    }
    show(item, answer);
    acts.close(item);
  }

  function show(item, { label, language, html, reason }) {
    item.querySelector(".message__machine")?.remove();
    const block = document.createElement("div");
    block.className = "message__machine";
    block.setAttribute("role", "status");
    const said = document.createElement("p");
    said.className = "meta";
    said.textContent = label ?? reason;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button--quiet button--small";
    close.textContent = words.close;
    close.addEventListener("click", () => {
      block.remove();
      item.querySelector("[data-acts]")?.focus();
    });
    said.append(" ", close);
    block.append(said);
    if (html) {
      const text = document.createElement("div");
      text.lang = language;
      text.innerHTML = html; // rendered and escaped by the server
      block.append(text);
    }
    item.append(block);
  }
}
