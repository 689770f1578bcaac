// Rows to choose: one box for all of the page. Without it, each has its own.

for (const all of document.querySelectorAll("[data-all-rows]")) {
  const boxes = [...all.closest("form").querySelectorAll("input[name=row]")];
  const box = all.querySelector("input");
  const show = () => {
    const chosen = boxes.filter((each) => each.checked).length;
    box.checked = chosen === boxes.length;
    box.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.hidden = false;
  box.addEventListener("change", () => boxes.forEach((each) => (each.checked = box.checked)));
  boxes.forEach((each) => each.addEventListener("change", show));
  addEventListener("pageshow", show); // a browser that goes back keeps what was ticked
}
