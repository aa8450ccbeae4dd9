// Passkeys: a form says what is wanted; the browser makes or shows one, and the form is sent with it.
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const named = (list) => (list ?? []).map((each) => ({ ...each, id: fromText(each.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      user: { ...options.user, id: fromText(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    },
  });
  return answer(made, { attestationObject: toText(made.response.attestationObject) });
}

async function show(options) {
  const shown = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      allowCredentials: named(options.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = shown.response;
  return answer(shown, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    ...(userHandle && { userHandle: toText(userHandle) }),
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
  });
}

async function begin(form) {
  const fields = new URLSearchParams(new FormData(form));
  const asked = await fetch(form.dataset.options, { method: "POST", body: fields });
  if (!asked.ok) throw new Error(`options: ${asked.status}`);
  const options = await asked.json();
  form.elements.credential.value = await (form.dataset.passkey === "add" ? make(options) : show(options));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  // a browser takes part only under the name that the passkeys are for
  form.hidden = !window.PublicKeyCredential || location.hostname !== form.dataset.host;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = form.querySelector("[role=alert]");
    told.hidden = true;
    begin(form).catch(() => {
      told.textContent = form.dataset.failed;
      told.hidden = false;
    });
  });
}
