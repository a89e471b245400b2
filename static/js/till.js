// The till works without a network: it keeps what it needs to judge a voucher, what it did waits
// in a queue, and both meet the server again with the first signal. Vouchers stand in the queue by
// their code, so that one till can't take one twice; a told one stays until it ends.
const NAME = "setia-till";
const FILES = "till-1";
const KEEP_MS = 60_000;
// An answer, also where it is a refusal; else try again later.
const DONE = [200, 400, 409, 422];

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("queue", { keyPath: "id" });
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

const kept = () => store("kept", "readonly", (all) => all.get("till"));
const queue = () => store("queue", "readonly", (all) => all.getAll());
const waiting = async () => (await queue()).filter((act) => act.state === "waiting");
// Refused when the voucher is there already: two tabs of one till are one till.
const put = (act) => store("queue", "readwrite", (all) => all.add({ ...act, state: "waiting" }));

async function keep() {
  const answer = await fetch("/till/offline.json", { headers: { Accept: "application/json" } });
  if (!answer.ok) return null;
  const fresh = await answer.json();
  if ((await kept())?.version !== fresh.version) await keepFiles(fresh.files);
  const mine = { ...fresh, skew_ms: Date.parse(fresh.now) - Date.now(), kept_at: Date.now() };
  await store("kept", "readwrite", (all) => all.put(mine, "till"));
  return mine;
}

async function keepFiles(files) {
  const cache = await caches.open(FILES);
  await cache.addAll(files);
  for (const request of await cache.keys()) {
    if (!files.includes(new URL(request.url).pathname)) await cache.delete(request);
  }
}

async function send(act, token) {
  const answer = await fetch("/till/offline-acts", {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token },
    body: act.body,
  });
  if (!DONE.includes(answer.status)) throw new Error(`offline-acts ${answer.status}`);
  const { result = "refused" } = await answer.json();
  await store("queue", "readwrite", (all) => (act.ends ? all.put({ ...act, state: "told", result }) : all.delete(act.id)));
  return result;
}

async function flush(token) {
  const results = [];
  for (const act of await waiting()) results.push(await send(act, token));
  if (!results.length) return;
  const words = document.getElementById("till-words").dataset;
  const bad = results.filter((result) => result !== "done").length;
  const text = [words.told.replace("{count}", results.length), bad && words.trouble.replace("{count}", bad)];
  document.dispatchEvent(new CustomEvent("setia:tell", { detail: text.filter(Boolean).join(" ") }));
  document.dispatchEvent(new CustomEvent("setia:till"));
}

async function forgetEnded() {
  const over = (await queue()).filter((act) => act.state === "told" && act.ends < Date.now());
  for (const act of over) await store("queue", "readwrite", (all) => all.delete(act.id));
}

let running = null;
async function sync() {
  const before = await kept();
  const staff = document.body.dataset.till;
  const isFresh = before && before.staff === staff && Date.now() - before.kept_at < KEEP_MS;
  if (isFresh && !(await waiting()).length) return;
  const mine = await keep();
  if (mine) await flush(mine.csrf_token);
  await forgetEnded();
}
const again = () => (running ??= sync().catch(() => {}).finally(() => (running = null)));

globalThis.setiaTill = { kept, queue, waiting, put, again };
addEventListener("load", again);
addEventListener("online", again);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());

// Who logs out takes along what only staff may see; the queue stays until it is told.
document.addEventListener("submit", (event) => {
  if (event.target.matches('[action="/till/logout"]')) store("kept", "readwrite", (all) => all.clear()).catch(() => {});
}, true);
