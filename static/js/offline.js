// The card and the vouchers stay on the phone for a till without a signal, for one member only:
// cleared at log-out, and when another member, or nobody, is logged in.
const NAME = "setia";
const root = document.documentElement;
// Undefined: a page that is anybody's.
const member = root.dataset.member;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("card");
      asked.result.createObjectStore("outbox", { keyPath: "key" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(name, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const deal = database.transaction(name, mode);
    const asked = act(deal.objectStore(name));
    deal.oncomplete = () => resolve(asked?.result);
    deal.onerror = () => reject(deal.error);
  }).finally(() => database.close());
}

const read = () => store("card", "readonly", (cards) => cards.get("card"));
const keep = (card) => store("card", "readwrite", (cards) => cards.put(card, "card"));

async function forget() {
  await store("card", "readwrite", (cards) => cards.clear());
  await store("outbox", "readwrite", (waiting) => waiting.clear());
  sessionStorage.clear();
  for (const key of (await globalThis.caches?.keys()) || []) {
    if (key.startsWith("pages-")) await caches.delete(key);
  }
  await navigator.clearAppBadge?.().catch(() => {});
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) || []) shown.close();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

async function refresh() {
  const kept = await read();
  if (kept && kept.member !== member) await forget();
  if (!member) return;
  const answer = await fetch("/card.json", { headers: { Accept: "application/json" } });
  if (answer.status === 401) await forget();
  else if (answer.ok) await keep({ ...(await answer.json()), kept_at: Date.now() });
}

const time = (stamp, options) => new Intl.DateTimeFormat(root.lang, options).format(new Date(stamp));

function fill(place, card) {
  const words = document.getElementById("words").dataset;
  const asOf = time(card.as_of, { hour: "2-digit", minute: "2-digit" });
  const put = (name, text) => {
    for (const slot of document.querySelectorAll(`[data-card="${name}"]`)) slot.textContent = text;
  };
  put("name", card.name);
  put("code", card.card_code);
  put("points", card.points_text);
  put("as-of", words.asOf.replace("{time}", asOf));
  const code = place.querySelector('[data-card="svg"]');
  code.innerHTML = card.card_svg;
  Object.assign(code.dataset, { turning: card.card, secret: card.card_secret, skew: Date.parse(card.as_of) - card.kept_at });
  // And from here on it turns.
  document.dispatchEvent(new CustomEvent("setia:card"));
  const list = place.querySelector("[data-vouchers]");
  for (const voucher of card.vouchers || []) list.append(ticket(list, voucher, words));
  list.hidden = !card.vouchers?.length;
  place.hidden = false;
}

function ticket(list, voucher, words) {
  const part = list.querySelector("template").content.firstElementChild.cloneNode(true);
  part.querySelector("[data-title]").textContent = voucher.title;
  part.querySelector("[data-code]").textContent = voucher.code;
  part.querySelector("[data-svg]").innerHTML = voucher.svg;
  const until = voucher.expires && time(voucher.expires, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  part.querySelector("[data-until]").textContent = until ? words.until.replace("{time}", until) : "";
  return part;
}

// Without a signal the server can't be told. A cookie tells it with the next request, before that
// request shows anything (pwa/sessions.py).
async function leave(form) {
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") location.replace("/login");
    else form.submit();
  } catch {
    document.cookie = "setia_leave=1; path=/; max-age=31536000; samesite=lax";
    location.replace("/offline");
  }
}

async function start() {
  if (document.querySelector("[data-offline-card]")) {
    const card = await read();
    // Kept in every language of the shop's, and spoken in its reader's.
    const other = document.querySelector(`[data-speaks="${card?.language || navigator.language.slice(0, 2)}"]`);
    if (other) {
      Object.assign(document.getElementById("words").dataset, other.dataset);
      root.lang = other.dataset.speaks;
      document.querySelector("main").replaceChildren(other.content.cloneNode(true));
    }
    if (card) fill(document.querySelector("[data-offline-card]"), card);
    document.querySelector("[data-offline-none]").hidden = Boolean(card);
  } else if (member !== undefined && navigator.onLine) {
    await refresh();
  }
}

if ("indexedDB" in window) {
  globalThis.setia = { read, store };
  addEventListener("load", () => start().catch(() => {}));

  // The back button may bring a page that another member left.
  addEventListener("pageshow", async (event) => {
    if (!event.persisted || !member) return;
    const kept = await read().catch(() => undefined);
    if (kept?.member !== member) location.reload();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-logout]")) return;
    event.preventDefault();
    const enough = new Promise((resolve) => setTimeout(resolve, 1500));
    Promise.race([forget().catch(() => {}), enough]).then(() => leave(form));
  }, true);
}
