const SPOKEN = NEWS[navigator.language.slice(0, 2)] ? navigator.language.slice(0, 2) : "id";
const FALLBACK = { title: NAME, body: NEWS[SPOKEN], lang: SPOKEN, navigate: "/" };

self.addEventListener("push", (event) => {
  event.waitUntil(showNotice(readNotice(event.data)));
});

// The browser replaced the subscription by itself: tell whom it now belongs to. Only a bonus;
// every opening of the app reconciles.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event.oldSubscription, event.newSubscription).catch(() => {}));
});

// A silent push can cost us the subscription, so an unreadable one still shows something.
// `null` is valid JSON: spreading it is fine, reading a property of it is not.
function readNotice(data) {
  try {
    return { ...FALLBACK, ...(data && data.json())?.notification };
  } catch {
    return FALLBACK;
  }
}

async function showNotice({ title, body, tag, lang, navigate, app_badge, image, actions, data }) {
  const buttons = Array.isArray(actions) ? actions.filter((one) => one?.action && one.title) : [];
  await self.registration.showNotification(String(title || FALLBACK.title), {
    body,
    tag,
    lang: lang || "id",
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    ...(image && { image }),
    actions: buttons.slice(0, 2).map(({ action, title: text }) => ({ action, title: text })),
    data: { ...data, navigate, actions: buttons },
  });
  await badge(Number(app_badge));
  await beacon(data?.id, "shown");
}

// Decoration: it must not throw.
async function badge(count) {
  try {
    if (count > 0) await self.navigator.setAppBadge(count);
  } catch {
    // Not every browser has badges.
  }
}

// What became of it, for the owner's figures. The id is signed; nothing else is told.
async function beacon(id, act) {
  if (typeof id !== "string") return;
  await tell("/push/beacons", { id, act }).catch(() => {});
}

async function renew(before, after) {
  if (!before) return;
  const key = before.options?.applicationServerKey;
  const made = after || (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { endpoint, keys } = made.toJSON();
  await tell("/push/renewals", { old_endpoint: before.endpoint, endpoint, keys });
}

const tell = (url, body) =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), keepalive: true });
