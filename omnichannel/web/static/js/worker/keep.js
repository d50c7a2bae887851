// Keeps our own files, and one page for when there is no connection. No page of the desk, no fragment and no attachment is
// ever kept: whatever speaks of a citizen comes from the server, or not at all.

const CACHE = `omnichannel-${OURS.version}`;
const OTHERS = "omnichannel-";

self.addEventListener("install", (event) => {
  // Files are named by their content, so an open page of the version before loses nothing when we take over at once.
  self.skipWaiting();
  event.waitUntil(
    caches.open(CACHE).then((cache) =>
      cache.addAll([...OURS.files, OURS.offline].map((address) => new Request(address, { credentials: "same-origin" }))),
    ),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith(OTHERS) && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!/^\/(publik|hooks|api)(\/|$)/.test(url.pathname)) event.respondWith(fetch(request).catch(away));
  } else if (url.pathname.startsWith("/static/") && url.searchParams.has("v")) {
    event.respondWith(ours(request));
  } else if (OURS.files.includes(url.pathname + url.search)) {
    event.respondWith(ours(request));
  }
});

async function away() {
  return (await caches.match(OURS.offline)) || Response.error();
}

async function ours(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  // The server says "immutable" only of this very version; anything else is not ours to keep.
  if (answer.ok && /immutable/.test(answer.headers.get("Cache-Control") || "")) await cache.put(request, answer.clone());
  return answer;
}
