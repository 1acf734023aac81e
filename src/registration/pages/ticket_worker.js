// Keeps one ticket's page at hand without network. `shell` is put before this by the server.
"use strict";

const own = `ticket ${shell.page} `;
const name = `${own}${JSON.stringify(shell.keep)}`;
/** A network that has not answered by then is none, in a crowded hall. */
const PATIENCE = 4000;

async function forget() {
  for (const old of await caches.keys()) if (old.startsWith(own)) await caches.delete(old);
  await self.registration.unregister();
}

const isOver = () => shell.isOver || Date.now() > shell.until;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await self.skipWaiting();
    if (isOver()) return;
    const cache = await caches.open(name);
    await cache.addAll([shell.page, ...shell.keep].map((url) => new Request(url, { cache: "reload" })));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    if (isOver()) return forget();
    for (const old of await caches.keys()) if (old.startsWith(own) && old !== name) await caches.delete(old);
    await self.clients.claim();
  })());
});

const kept = async (url) => (await caches.open(name)).match(url);

/** The page as it is now, which is kept; or as it was last. Without a ticket any more, nothing stays. */
async function page(request) {
  const last = isOver() ? undefined : await kept(shell.page);
  const fresh = fetch(request).then(async (answer) => {
    const isGone = answer.type === "opaqueredirect" || answer.redirected || [404, 410].includes(answer.status);
    if (isGone || isOver()) await forget();
    else if (answer.ok && new URL(request.url).search === "") await (await caches.open(name)).put(shell.page, answer.clone());
    return answer;
  });
  if (!last) return fresh;
  const late = new Promise((done) => { setTimeout(() => done(last), PATIENCE); });
  return Promise.race([fresh.catch(() => last), late]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === shell.page) event.respondWith(page(request));
  else if (shell.keep.includes(url.pathname + url.search)) event.respondWith(kept(request.url).then((answer) => answer ?? fetch(request)));
});
