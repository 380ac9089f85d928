// Opens the page of a UAT run without a network, as it was when there was one. It keeps pages and their files and
// nothing else: results are kept by uat.js. Its scope is the page of one run.
"use strict";

const CACHE = "landfall-uat";
const PATIENCE = 10000; // milliseconds until a line that does not answer counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.method === "GET" && new URL(request.url).origin === location.origin;
  if (isOurs && (request.mode === "navigate" || ["style", "script", "image"].includes(request.destination))) {
    event.respondWith(answer(request));
  }
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url, { ignoreVary: true });
  try {
    const stop = new AbortController();
    if (kept) setTimeout(() => stop.abort(), PATIENCE);
    const fresh = await fetch(request, { signal: stop.signal });
    if (fresh.ok && fresh.type === "basic") await cache.put(request.url, fresh.clone());
    else if (fresh.status < 500) await cache.delete(request.url); // signed out, or not theirs any more
    return fresh.status >= 500 && kept ? kept : fresh;
  } catch (fault) {
    if (kept) return kept;
    throw fault;
  }
}
