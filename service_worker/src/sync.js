// Writes made without a signal: only such as spend nothing and carry their own key, so that
// sending one twice does nothing twice. The pages put them in IndexedDB and ask for this.
self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(flush());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "flush") event.waitUntil(flush().catch(() => {}));
});

function openStore() {
  const asked = indexedDB.open("setia", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("card");
    asked.result.createObjectStore("outbox", { keyPath: "key" });
  };
  return settled(asked);
}

function outbox(database, mode, act) {
  return settled(act(database.transaction("outbox", mode).objectStore("outbox")));
}

const settled = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

// One after another: two at once would send, and say, the same thing twice.
let flushed = Promise.resolve();
const flush = () => (flushed = flushed.catch(() => {}).then(flushAll));

async function flushAll() {
  const database = await openStore();
  try {
    const kept = await outbox(database, "readonly", (rows) => rows.getAll());
    const waiting = kept.filter((write) => write.said === undefined);
    const card = waiting.length ? await whoIsHere() : null;
    for (const write of card ? waiting : []) {
      // Another member's check-in is nobody's business here: it is dropped, not sent.
      if (write.member !== card.member) await outbox(database, "readwrite", (rows) => rows.delete(write.key));
      else await keepAnswer(database, { ...write, said: await send(write, card.csrf_token) });
    }
  } finally {
    database.close();
  }
}

async function whoIsHere() {
  const answer = await fetch("/card.json", { headers: { Accept: "application/json" } });
  if (answer.status >= 500) throw new Error(`/card.json ${answer.status}`);
  return answer.ok ? answer.json() : null;
}

async function send(write, token) {
  const response = await fetch(write.url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token },
    body: write.body,
  });
  // A refusal is an answer too; only the server's own trouble is worth another try.
  if (response.status >= 500) throw new Error(`${write.url} ${response.status}`);
  const { text, title, advice } = await response.json();
  return text || [title, advice].filter(Boolean).join(" ");
}

// The answer is kept until a page has shown it: she may be between two pages just now.
async function keepAnswer(database, write) {
  await outbox(database, "readwrite", (rows) => rows.put(write));
  for (const client of await self.clients.matchAll()) client.postMessage({ type: "flushed" });
}
