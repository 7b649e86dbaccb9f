// Without a connection: one page with the number to call. Nothing that is anybody's own is ever kept.
const KEPT = "zve-1", PAGE = "/geen-verbinding";

const fill = async () => {
  const answer = await fetch(PAGE, { cache: "reload", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const words = await answer.clone().text();
  const files = [...words.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path]) => path);
  const kept = await caches.open(KEPT);
  const before = await kept.keys();
  await kept.addAll(files);
  await kept.put(PAGE, answer);
  const now = new Set([PAGE, ...files].map((path) => new URL(path, location.origin).href));
  for (const old of before) if (!now.has(old.url)) await kept.delete(old);
};

addEventListener("install", (event) => { skipWaiting(); event.waitUntil(fill()); });
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
// Somebody chose another municipality, language or colour: the page that waits says another number, or otherwise.
addEventListener("message", (event) => { if (event.data === "anew") event.waitUntil(fill().catch(() => {})); });

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(async () => (await caches.match(PAGE)) ?? Response.error()));
  else if (request.method === "GET" && pathname.startsWith("/static/"))
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
});

// Somebody asked for a sign on this device. It says that there is something, and never what: who looks along learns nothing.
const SAID = { nl: "Er is een bericht voor u op ZorgvoorElkaar", en: "There is a message for you on ZorgvoorElkaar" };
const HERE = "/mijn/berichten";

addEventListener("push", (event) => {
  let lang = "nl";
  try { lang = event.data.json().taal in SAID ? event.data.json().taal : lang; } catch { /* a sign without words */ }
  event.waitUntil(registration.showNotification("ZorgvoorElkaar", {
    body: SAID[lang], lang, tag: "bericht", icon: "/static/vendor/icon-192.png",
  }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    for (const one of await clients.matchAll({ type: "window" }))
      if (new URL(one.url).pathname === HERE && "focus" in one) return (await one.focus()).navigate(HERE);
    return clients.openWindow(HERE);
  })());
});
