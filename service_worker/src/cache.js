// Which request goes where. The Cache API knows nothing of no-store or of who is logged in, so a
// page is only ever kept when its response says that it is public.
const PATIENCE_MS = 3000;
const TILL_PATIENCE_MS = 10000;
const HANDS_OFF = /^\/(service-worker\.js|login|logout|console|till|api|export)(\/|$)/;
const TILL = /^\/till(\/|$)/;
const HASHED = /^\/(static\/build\/|brand\.)/;
const SOFT_PATHS = /^\/(manifest\.webmanifest$|icons\/|static\/vendor\/qr)/;

self.addEventListener("fetch", (event) => {
  const answer = route(event.request, new URL(event.request.url));
  if (answer) event.respondWith(answer(event));
});

function route(request, url) {
  if (url.origin !== self.location.origin) return null;
  if (request.mode === "navigate" && TILL.test(url.pathname)) return till;
  if (request.method !== "GET") return null;
  if (HANDS_OFF.test(url.pathname)) return null;
  if (HASHED.test(url.pathname)) return fromShell;
  if (SOFT_PATHS.test(url.pathname)) return staleWhileRevalidate;
  return request.mode === "navigate" ? page : null;
}

async function fromShell({ request }) {
  return (await caches.match(request)) || fetchAndKeep(request, SHELL);
}

async function staleWhileRevalidate(event) {
  const kept = await caches.match(event.request);
  const fresh = fetchAndKeep(event.request, SOFT);
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

async function page({ request }) {
  const kept = await caches.match(request, { cacheName: PAGES });
  const fresh = fetch(request).then((response) => keepPublic(request, response));
  try {
    return await (kept ? Promise.race([fresh, tooSlow()]) : fresh);
  } catch {
    return kept || (await caches.match(OFFLINE)) || Response.error();
  }
}

const tooSlow = (ms = PATIENCE_MS) => new Promise((_, reject) => setTimeout(reject, ms, new Error("slow")));

// The till's pages are the network's. Without one there is the page it keeps, and what a form was
// sending goes there behind the #: every such form has a key, so it may have arrived as well.
async function till({ request }) {
  const sent = request.method === "POST" ? request.clone().formData() : null;
  try {
    return await Promise.race([fetch(request), tooSlow(TILL_PATIENCE_MS)]);
  } catch {
    const kept = await caches.match("/till/offline");
    if (!kept || !sent) return kept || (await caches.match(OFFLINE)) || Response.error();
    const fields = [...(await sent)].filter(([name]) => name !== "csrf_token");
    const told = new URLSearchParams([["path", new URL(request.url).pathname], ...fields]);
    return Response.redirect(`/till/offline#${told}`, 303);
  }
}

async function keepPublic(request, response) {
  const isPublic = /\bpublic\b/.test(response.headers.get("Cache-Control") || "");
  if (response.ok && !response.redirected && isPublic) {
    const cache = await caches.open(PAGES);
    await cache.put(request, response.clone());
  }
  return response;
}

async function fetchAndKeep(request, name) {
  const response = await fetch(request);
  if (response.ok) {
    const cache = await caches.open(name);
    await cache.put(request, response.clone());
  }
  return response;
}
