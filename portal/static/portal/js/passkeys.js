// WebAuthn for `<form data-passkey="create|get">`: the device answers what `data-options` (or what
// `data-options-url` gives) asks, the answer goes into the field `credential`, the form is posted.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// A passkey is bound to the name of a host: an address of numbers has none.
const possible = () =>
  window.isSecureContext && "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(location.hostname);

function decoded({ publicKey }) {
  const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
  return { publicKey: options };
}

function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.dataset.optionsUrl, {
    headers: { Accept: "application/json" },
    cache: "no-store",
  });
  if (!response.ok) throw new Error(`options: ${response.status}`);
  return (await response.json()).request_options;
}

async function answer(form) {
  const options = decoded(await optionsOf(form));
  if (form.dataset.passkey === "get") return navigator.credentials.get(options);
  const alone = form.elements.passwordless?.checked ?? false;
  options.publicKey.authenticatorSelection = {
    ...options.publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create(options);
}

const REASONS = {
  NotAllowedError: "cancelled",
  AbortError: "cancelled",
  InvalidStateError: "known",
  SecurityError: "elsewhere",
};

export function passkeys(words) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const missing = form.querySelector("[data-passkey-missing]");
    if (!possible()) {
      if (missing) {
        missing.hidden = false;
        form.querySelector("button").disabled = true;
      }
      continue;
    }
    form.hidden = false;
    const field = form.elements.credential;
    const error = form.querySelector("[data-passkey-error]");
    addEventListener("pageshow", () => (field.value = "")); // a challenge is answered once
    form.addEventListener("submit", async (event) => {
      if (field.value) return;
      event.preventDefault();
      error.hidden = true;
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        field.value = encoded(await answer(form));
        form.submit();
      } catch (reason) {
        error.textContent = words[REASONS[reason.name] ?? "failed"];
        error.hidden = false;
        button.disabled = false;
      }
    });
  }
}
