// On the page of notifications: whether this browser is told by pushes, and the two buttons. Nothing
// is asked of the browser, and no permission of the person, before a button is pressed.

const root = document.querySelector("[data-push]");
const words = root.querySelector("[data-push-words]").dataset;
const state = root.querySelector("[data-push-state]");
const add = root.querySelector("[data-push-add]");
const remove = root.querySelector("[data-push-remove]");

show();

async function show() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    return say("unsupported");
  }
  if (Notification.permission === "denied") return say("blocked");
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  say(subscription && isTold() ? "on" : "off");
}

// The server's list has it too: it forgets a device when its session ends.
function isTold() {
  return root.hasAttribute("data-told");
}

function say(what) {
  root.dataset.state = what;
  state.textContent = words[what];
  add.hidden = what !== "off" && what !== "failed";
  remove.hidden = what !== "on";
}

add.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = add.querySelector("button");
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return show();
    const registration = await navigator.serviceWorker.ready;
    const old = await registration.pushManager.getSubscription();
    await old?.unsubscribe(); // it may be another person's, or of another key
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(root.dataset.key),
    });
    const { endpoint, keys } = subscription.toJSON();
    const reply = await send(add, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
    if (reply.ok) return location.reload();
    await subscription.unsubscribe();
    say("failed");
    const { reason } = await reply.json().catch(() => ({}));
    if (reason) state.textContent = reason;
  } catch {
    say("failed");
  } finally {
    button.disabled = false;
  }
});

remove.addEventListener("submit", async (event) => {
  event.preventDefault();
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription) {
    await send(remove, { endpoint: subscription.endpoint }).catch(() => {});
    await subscription.unsubscribe();
  }
  location.reload();
});

function send(form, fields) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
}

function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
