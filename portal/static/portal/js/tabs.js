// Tabs (WAI-ARIA). Without this file the panels stand one below the other, with their own headings.
// [data-tabs] holds a hidden, empty [data-tablist] and the [data-panel]s; the [data-title] of each panel
// becomes its tab.

const buttons = (tabset) => [...tabset.querySelectorAll(":scope > [data-tablist] > button")];

function select(tabset, chosen, focus = false) {
  for (const button of buttons(tabset)) {
    const on = button === chosen;
    button.setAttribute("aria-selected", String(on));
    button.tabIndex = on ? 0 : -1;
    document.getElementById(button.getAttribute("aria-controls")).hidden = !on;
  }
  if (focus) chosen.focus();
}

function move(event) {
  const list = event.currentTarget;
  const all = [...list.children];
  const at = all.indexOf(event.target.closest("button"));
  // The next tab is where one reads on: to the left in Arabic.
  const onward = getComputedStyle(list).direction === "rtl" ? -1 : 1;
  const steps = { ArrowRight: onward, ArrowLeft: -onward };
  let next;
  if (event.key in steps) next = (at + steps[event.key] + all.length) % all.length;
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = all.length - 1;
  else return;
  event.preventDefault();
  select(list.parentElement, all[next], true);
}

// Whoever follows a link to a field (from the errors, or an address with #) finds its tab open.
export function reveal(target) {
  for (let panel = target?.closest("[data-panel]"); panel; panel = panel.parentElement.closest("[data-panel]")) {
    const button = document.querySelector(`[data-tablist] > [aria-controls="${CSS.escape(panel.id)}"]`);
    if (button) select(panel.closest("[data-tabs]"), button);
  }
}

const aim = (hash) => (hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null);

export function begin(root = document) {
  for (const tabset of root.querySelectorAll("[data-tabs]:not([data-ready])")) {
    const list = tabset.querySelector(":scope > [data-tablist]");
    tabset.dataset.ready = "";
    list.hidden = false;
    list.addEventListener("keydown", move);
    const panels = [...tabset.querySelectorAll(":scope > [data-panel]")];
    for (const panel of panels) {
      const button = document.createElement("button");
      button.type = "button";
      button.id = `${panel.id}-tab`;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      for (const node of panel.querySelector("[data-title]").childNodes) button.append(node.cloneNode(true));
      button.addEventListener("click", () => select(tabset, button));
      list.append(button);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      if (!panel.querySelector("a, button, input, select, textarea")) panel.tabIndex = 0;
    }
    const first = ["refused", "preferred"].map((mark) => panels.findIndex((p) => mark in p.dataset));
    select(tabset, list.children[Math.max(first.find((at) => at >= 0) ?? 0, 0)]);
  }
  reveal(aim(location.hash));
}

begin();
document.addEventListener("content:new", (event) => begin(event.target));
addEventListener("hashchange", () => reveal(aim(location.hash)));
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link) reveal(aim(link.hash)); // before the browser moves there
});
// A browser that refuses to send a form for a field that is hidden would say nothing.
document.addEventListener("invalid", (event) => reveal(event.target), true);
