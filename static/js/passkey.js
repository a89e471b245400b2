// Passkeys. [data-passkey="login"] logs in with one tap, or from the keyboard's own list;
// [data-passkey="register"] adds a key. Both stay hidden where there can be none.
const place = document.querySelector("[data-passkey]");
const button = place?.querySelector("button");
// The browser's own list, waiting behind the phone field.
let quiet = null;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const plain = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const tell = (text) => document.dispatchEvent(new CustomEvent("setia:tell", { detail: text }));

class Refused extends Error {}

async function ask(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(body || {}),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(`${said.title} ${said.advice}`);
  return said;
}

function unpack(options) {
  const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    excludeCredentials: keys(options.excludeCredentials) || [],
    allowCredentials: keys(options.allowCredentials) || [],
  };
}

function pack(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = plain(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return { id: credential.id, rawId: plain(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

async function register() {
  const publicKey = unpack(await ask("/profile/passkeys/options"));
  const made = await navigator.credentials.create({ publicKey });
  return ask("/profile/passkeys", pack(made));
}

async function logIn(mediation, signal) {
  const publicKey = unpack(await ask("/login/passkey/options"));
  const given = await navigator.credentials.get({ publicKey, signal, ...(mediation && { mediation }) });
  return ask(`/login/passkey?next=${encodeURIComponent(place.dataset.next || "/")}`, pack(given));
}

async function run(act) {
  try {
    const { next } = await act();
    location.assign(next);
    return true;
  } catch (error) {
    // Closing the browser's sheet is an answer too.
    if (error instanceof Refused) tell(error.message);
    else if (error.name === "InvalidStateError") tell(place.dataset.taken);
    else if (!["NotAllowedError", "AbortError"].includes(error.name)) tell(place.dataset.broken);
    return false;
  }
}

async function offerQuietly() {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  quiet = new AbortController();
  await run(() => logIn("conditional", quiet.signal));
}

async function press() {
  button.setAttribute("aria-busy", "true");
  quiet?.abort();
  const done = await run(place.dataset.passkey === "login" ? () => logIn() : register);
  if (!done) button.removeAttribute("aria-busy");
}

if (place && window.PublicKeyCredential && location.hostname === place.dataset.host) {
  place.hidden = false;
  document.querySelector("[data-passkey-none]")?.remove();
  button.addEventListener("click", press);
  if (place.dataset.passkey === "login") offerQuietly();
}
