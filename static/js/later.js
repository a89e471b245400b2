// A check-in made without a signal waits on the phone. It spends nothing, carries its own key and the
// time it was made, and goes out when there is a signal, for the member who made it only.
const { read, store } = globalThis.setia || {};
const words = document.getElementById("words")?.dataset || {};
const tell = (text) => text && document.dispatchEvent(new CustomEvent("setia:tell", { detail: text }));
const PATIENCE_MS = 8000;

// Whose page it is; on the page without a signal, which is anybody's, whose card the phone keeps.
const whose = async () => document.documentElement.dataset.member ?? (await read())?.member;

async function keep(form) {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["csrf_token", "next"]) fields.delete(name);
  if (!fields.get("key")) fields.set("key", crypto.randomUUID().slice(0, 16));
  fields.set("made_at", new Date().toISOString());
  const write = { key: fields.get("key"), url: new URL(form.action).pathname, body: String(fields), member: await whose() };
  await store("outbox", "readwrite", (waiting) => waiting.put(write));
}

async function later(form) {
  await keep(form);
  form.dispatchEvent(new CustomEvent("setia:failed", { bubbles: true }));
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  tell(words.later);
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("outbox").catch(() => {});
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  // The server says why, on a page of its own.
  if (!answer.ok) return form.submit();
  sessionStorage.setItem("say", (await answer.json()).text);
  return location.assign(form.elements.next?.value || location.href);
}

async function flush() {
  const worker = navigator.serviceWorker?.controller;
  if (worker && (await store("outbox", "readonly", (waiting) => waiting.count()))) worker.postMessage({ type: "flush" });
}

// What became of those that went out, said once, to who made them.
let heard = Promise.resolve();
const hear = () => (heard = heard.then(hearAll).catch(() => {}));

async function hearAll() {
  const kept = await store("outbox", "readonly", (rows) => rows.getAll());
  const answered = kept.filter((one) => one.said !== undefined);
  const here = answered.length ? await whose() : "";
  for (const write of answered) {
    await store("outbox", "readwrite", (rows) => rows.delete(write.key));
    if (write.member === here) tell(write.said);
  }
}

const again = () => document.visibilityState === "visible" && flush().catch(() => {});

if (store) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-later]")) return;
    event.preventDefault();
    if (form.dataset.later === "always") later(form).then(again);
    else send(form).catch(() => later(form));
  });
  addEventListener("online", again);
  addEventListener("load", () => hear().then(again));
  document.addEventListener("visibilitychange", again);
  navigator.serviceWorker?.addEventListener("message", (event) => event.data?.type === "flushed" && hear());
  tell(sessionStorage.getItem("say"));
  sessionStorage.removeItem("say");
}
