// The worker of this site: answers for static files and, without coverage, with the page that works without.
// The server puts in front of it: queue (the module), VERSION, FILES and SHELLS (the page by language).

const NAME = `bekwaam ${VERSION}`;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clean().then(() => self.clients.claim())));
self.addEventListener("sync", (event) => event.waitUntil(queue.sendAll()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return; // What is written goes its own way.
  if (FILES.includes(new URL(request.url).pathname + new URL(request.url).search)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(shell));
});

async function fill() {
  const fresh = [...FILES, ...Object.values(SHELLS)].map((address) => new Request(address, { cache: "reload" }));
  await (await caches.open(NAME)).addAll(fresh);
}

async function clean() {
  const old = (await caches.keys()).filter((name) => name.startsWith("bekwaam ") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function file(request) {
  return (await caches.match(request, { cacheName: NAME })) ?? fetch(request);
}

async function shell() {
  const known = await queue.language().catch(() => undefined);
  return (await caches.match(SHELLS[known] ?? Object.values(SHELLS)[0], { cacheName: NAME })) ?? Response.error();
}
