// The list of rooms, filtered as one types; the archive opens where something in it is found.

const root = document.querySelector("[data-room-list]");
const filter = root.querySelector("[data-filter]");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

if (filter) {
  root.querySelector("[data-tools]").hidden = false;
  filter.addEventListener("input", () => {
    const wanted = fold(filter.value.trim());
    let found = 0;
    for (const group of root.querySelectorAll("[data-group]")) {
      let here = 0;
      for (const item of group.querySelectorAll("[data-item]")) {
        item.hidden = !fold(item.textContent).includes(wanted);
        here += !item.hidden;
      }
      group.hidden = !here;
      if (wanted && group.tagName === "DETAILS") group.open = here > 0;
      found += here;
    }
    root.querySelector("[data-none]").hidden = found > 0;
  });
}
