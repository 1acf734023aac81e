// Keeps the scanning page at hand without network. `shell` is put before this by the server.
"use strict";

const name = `door ${JSON.stringify(shell)}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(name);
    await cache.addAll(shell.keep.map((url) => new Request(url, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const old of await caches.keys()) {
      if (old.startsWith("door ") && old !== name && old.includes(`"page":${JSON.stringify(shell.page)}`)) await caches.delete(old);
    }
    await self.clients.claim();
  })());
});

/** The page as it is now, else as it was last. */
async function page(request) {
  const cache = await caches.open(name);
  try {
    const answer = await fetch(request);
    // Only the plain page is kept: it shows nobody.
    if (answer.ok && !answer.redirected && new URL(request.url).search === "") await cache.put(shell.page, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(shell.page);
    if (kept) return kept;
    throw error;
  }
}

async function asset(request) {
  const cache = await caches.open(name);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === shell.page) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/") || url.pathname.endsWith("/theme.css")) event.respondWith(asset(request));
});
