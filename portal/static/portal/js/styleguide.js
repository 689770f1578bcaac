// The button of the specimen that shows a toast.
for (const button of document.querySelectorAll("[data-toast]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const detail = { text: button.dataset.toast, tone: "success" };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  });
}
