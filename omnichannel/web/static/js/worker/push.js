// What was told while nobody looked: show it, and open the page it names when it is pressed.

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    // Not one of ours; a browser wants something shown all the same.
  }
  const urgent = said.cause === "urgent";
  event.waitUntil(
    self.registration.showNotification(said.title || "Omnichannel", {
      body: said.body || "",
      tag: said.tag || "omnichannel",
      renotify: true,
      requireInteraction: urgent,
      vibrate: urgent ? [300, 120, 300, 120, 300] : [120],
      icon: "/aplikasi-192.png",
      badge: "/aplikasi-192.png",
      data: { open: path(said.open) },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(path(event.notification.data && event.notification.data.open)));
});

// The service gave this browser another address, or a new key: tell the desk, under the same choices.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event.oldSubscription, event.newSubscription));
});

/** A path of ours, whatever was sent. */
function path(wanted) {
  return typeof wanted === "string" && /^\/(?![/\\])/.test(wanted) ? wanted : "/kotak/perlu-dibaca";
}

async function show(open) {
  const address = new URL(open, self.location.origin).href;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === address) || pages.find((page) => page.focused) || pages[0];
  if (!there) return self.clients.openWindow(address);
  // An open desk goes there by itself, so that a draft is put away first.
  if (there.url !== address) there.postMessage({ open });
  return there.focus().catch(() => undefined);
}

async function renew(old, fresh) {
  const made = fresh || (old && (await self.registration.pushManager.subscribe(old.options)));
  if (!made) return;
  const session = await fetch("/sesi", { credentials: "same-origin", headers: { "HX-Request": "true" } });
  if (!session.ok) return;
  const { csrf } = await session.json();
  const { endpoint, keys } = made.toJSON();
  const body = new URLSearchParams({ csrf, endpoint, p256dh: keys.p256dh, auth: keys.auth, lama: old ? old.endpoint : "" });
  await fetch("/saya/perangkat", { method: "POST", body, credentials: "same-origin" });
}
