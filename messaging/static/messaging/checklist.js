// A long list of boxes: filtered as one types, ticked together. Without it, it is a list of boxes.

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

for (const list of document.querySelectorAll("[data-checklist]")) {
  const items = [...list.querySelectorAll("[data-item]")];
  const filter = list.querySelector("[data-filter]");
  list.querySelector("[data-tools]").hidden = false;
  const tick = (on) => {
    for (const item of items) {
      if (!item.hidden || !on) item.querySelector("input").checked = on;
    }
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };
  filter.addEventListener("input", () => {
    const wanted = fold(filter.value.trim());
    for (const item of items) item.hidden = !fold(item.textContent).includes(wanted);
    for (const group of list.querySelectorAll("fieldset")) {
      group.hidden = !group.querySelector("[data-item]:not([hidden])");
    }
  });
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would send the whole form
  });
  list.querySelector("[data-all]")?.addEventListener("click", () => tick(true));
  list.querySelector("[data-none]")?.addEventListener("click", () => tick(false));
}
