// Dialogs. <a href="#id" data-dialog> opens <dialog id>; the browser holds the focus inside, closes on
// Escape and gives the focus back. Without this file the same link shows the dialog in the page.

export function show(dialog, opener = document.activeElement) {
  if (dialog.open) return;
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      // The opener may have gone with the menu that it stood in.
      const back = opener?.checkVisibility?.() ? opener : opener?.closest("details")?.querySelector("summary");
      back?.focus();
    },
    { once: true },
  );
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  const dialog = opener && document.querySelector(opener.getAttribute("href"));
  if (dialog) {
    event.preventDefault();
    show(dialog, opener);
    const menu = opener.closest("details[data-menu]");
    if (menu) menu.open = false;
    return;
  }
  const around = event.target.closest?.("dialog[open]");
  if (!around) return;
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    around.close();
  } else if (event.target === around) {
    // A press on what lies behind; the dialog has no padding of its own.
    const box = around.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (x < box.x || x > box.right || y < box.y || y > box.bottom) around.close();
  }
});

const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (named instanceof HTMLDialogElement) show(named);
