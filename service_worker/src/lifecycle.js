// Precache all or nothing; wait for the member's word before taking over from an older worker.
const SHELL = `shell-${VERSION}`;
const SOFT = "soft"; // manifest and icons: shown at once, refreshed behind
const PAGES = "pages-1"; // public pages only; the page scripts clear it at log-out

// What the page has just loaded under a hashed name is the same for ever: it is not fetched twice.
self.addEventListener("install", (event) => {
  const requests = PRECACHE.map((url) => new Request(url, { cache: HASHED.test(url) ? "default" : "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "take-over") event.waitUntil(self.skipWaiting());
});

async function dropOldShells() {
  const names = await caches.keys();
  return Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
}
