// Push subscriptions. The browser's own prompt only ever follows a tap on something that says what
// for: a denial is nearly for ever. Once at each opening of the app the subscription is reconciled.
const root = document.documentElement;
const whose = root.dataset.member; // "": nobody is logged in; undefined: anybody's page
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const iphone = /iPhone|iPad/.test(navigator.userAgent) && navigator.standalone !== true && !able;
const token = () => document.querySelector('meta[name="csrf-token"]')?.content || "";

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
    keepalive: true,
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const sameKey = (buffer, key) => Boolean(buffer) && String(new Uint8Array(buffer)) === String(key);

async function subscribe() {
  const { key, id } = await (await fetch("/push/key", { headers: { Accept: "application/json" } })).json();
  const { pushManager } = await navigator.serviceWorker.ready;
  let found = await pushManager.getSubscription();
  // Made with a key that has been replaced since: the old one still works until we are back.
  if (found && found.options?.applicationServerKey && !sameKey(found.options.applicationServerKey, bytes(key))) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const { endpoint, keys } = found.toJSON();
  const known = await send("/push/subscriptions", { endpoint, keys, key_id: id });
  localStorage.setItem("push-for", whose);
  sessionStorage.setItem("push-seen", whose);
  await badge(known.unread);
}

async function drop() {
  const registration = await navigator.serviceWorker.getRegistration();
  const found = await registration?.pushManager.getSubscription();
  localStorage.removeItem("push-for");
  if (!found) return;
  await send("/push/unbindings", { endpoint: found.endpoint }).catch(() => {});
  await found.unsubscribe();
}

// Called from a tap, and from nowhere else.
async function turnOn() {
  if (!able || (await Notification.requestPermission()) !== "granted") return false;
  await subscribe();
  return true;
}

async function badge(count) {
  try {
    if (count > 0) await navigator.setAppBadge(count);
    else await navigator.clearAppBadge();
  } catch {
    // Not every browser has badges.
  }
}

function state() {
  if (iphone) return "ios";
  if (!able) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && localStorage.getItem("push-for") === whose ? "on" : "off";
}

function reflect() {
  const now = state();
  root.dataset.push = now;
  for (const part of document.querySelectorAll("[data-push-when]")) part.hidden = part.dataset.pushWhen !== now;
}

async function reconcile() {
  const before = localStorage.getItem("push-for");
  if (whose === undefined || !before) return;
  // Nobody, or another member, is on this phone now.
  if (before !== whose) await drop();
  else if (Notification.permission !== "granted") await drop();
  else if (sessionStorage.getItem("push-seen") !== whose) await subscribe();
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-push-on]")) {
    turnOn().catch(() => {}).finally(reflect);
  } else if (target.closest("[data-push-ios]")) {
    const sheet = document.getElementById("install-ios")?.content.firstElementChild.cloneNode(true);
    if (sheet) document.body.append(sheet) || sheet.showModal();
  }
  const reads = target.closest("[data-reads]")?.dataset.reads;
  if (reads) send(reads, {}).catch(() => {});
});

// A form that asks to be reminded: the prompt first, then it is sent, whatever the answer was.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-push-ask]") || form.dataset.asked || state() !== "off") return;
  event.preventDefault();
  form.dataset.asked = "yes";
  const enough = new Promise((resolve) => setTimeout(resolve, 20000));
  Promise.race([turnOn().catch(() => {}), enough]).then(() => form.submit());
});

const count = document.querySelector("[data-unread-count]")?.dataset.unreadCount;
if (count !== undefined) badge(Number(count));
reflect();
// What was won is on the page now, and may ask.
document.addEventListener("setia:idle", reflect);
if (able) addEventListener("load", () => reconcile().catch(() => {}).finally(reflect));
