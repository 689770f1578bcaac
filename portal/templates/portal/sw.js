{% load accounts %}// Answers when there is no network, and shows what is pushed. It keeps files that everybody gets and one page that is the
// same to everybody; what a signed-in person sees or sends is never kept, and never read here.

const KEPT = {{ kept|as_json|safe }};
const PAGES = `majlis-offline-${KEPT.version}`;
const STATICS = "majlis-static"; // names carry digests: what was kept once is right for good
const MOST = 200; // files

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const statics = await caches.open(STATICS);
      const missing = [];
      for (const url of KEPT.files) if (!(await statics.match(url))) missing.push(url);
      await statics.addAll(missing.map((url) => new Request(url, { credentials: "omit" })));
      const pages = await caches.open(PAGES);
      await pages.addAll(
        Object.values(KEPT.pages).map(
          (url) => new Request(url, { credentials: "omit", cache: "reload" }),
        ),
      );
      // Pages that the worker before has answered go on: they ask for files by names with digests.
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("majlis-") && name !== PAGES && name !== STATICS) await caches.delete(name);
      }
      const statics = await caches.open(STATICS);
      const known = await statics.keys();
      const old = known.filter(({ url }) => !KEPT.files.includes(new URL(url).pathname));
      for (const request of old.slice(0, Math.max(0, known.length - MOST))) await statics.delete(request);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(event, url));
  } else if (request.method === "GET" && isHashed(url)) {
    event.respondWith(file(event));
  }
});

const isHashed = ({ pathname }) =>
  pathname.startsWith(KEPT.statics) && /\.[0-9a-f]{12}\.\w+$/.test(pathname);

async function page(event, url) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (reason) {
    const language = url.pathname.split("/")[1];
    const wanted = KEPT.pages[language] ?? KEPT.pages[spoken()] ?? KEPT.pages[KEPT.otherwise];
    const kept = await caches.match(wanted, { cacheName: PAGES });
    if (kept) return kept;
    throw reason;
  }
}

const spoken = () => self.navigator.languages.map((each) => each.split("-")[0]).find((each) => KEPT.pages[each]);

async function file(event) {
  const statics = await caches.open(STATICS);
  const kept = await statics.match(event.request.url);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok && response.type === "basic") {
    event.waitUntil(statics.put(event.request.url, response.clone()));
  }
  return response;
}

// --- Pushes ------------------------------------------------------------------------------------
// What `messaging.news_pushes` says: {title, body, url, tag, lang, dir}. The address is ours.

self.addEventListener("push", (event) => {
  const { title, ...said } = event.data?.json() ?? {};
  if (!title) return;
  const { body, tag, lang, dir, url } = said;
  const shown = { body, tag, lang, dir, icon: KEPT.icon, data: { url }, renotify: true };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function open(url) {
  const address = new URL(url, self.location.origin);
  if (address.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window" });
  const room = address.pathname.replace(/at\/\d+\/$/, "");
  const there = windows.find((each) => new URL(each.url).pathname.startsWith(room));
  if (there) await there.focus();
  else await self.clients.openWindow(address.href);
}
