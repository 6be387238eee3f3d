// Keeps the scan screens on the device, so that they open and take scans while there is no link. It looks after /scan/ only.
const PAGES = 'keel-scan-pages';
const FILES = 'keel-scan-files';
const PATIENCE = 4000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('message', event => event.waitUntil((async () => {
  for (const address of event.data.keep ?? []) {
    const isPage = new URL(address, self.location.origin).pathname.startsWith('/scan/');
    const response = await fetch(address, { redirect: 'manual' }).catch(() => null);
    if (response?.ok) await (await caches.open(isPage ? PAGES : FILES)).put(address, response);
  }
})()));

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (/\.(js|css|svg|woff2?)$/.test(url.pathname)) event.respondWith(file(request));
});

// The page as it is now; the kept one where nobody answers in time. Who is signed out takes the kept pages along.
async function page(request) {
  const kept = await caches.open(PAGES);
  try {
    const response = await Promise.race([fetch(request), new Promise((_, late) => setTimeout(() => late(new Error('late')), PATIENCE))]);
    if (response.type === 'opaqueredirect' || response.redirected || response.status === 401 || response.status === 403) await caches.delete(PAGES);
    else if (response.ok) await kept.put(new URL(request.url).pathname, response.clone());
    return response;
  } catch {
    return await kept.match(new URL(request.url).pathname) ?? new Response('There is no link, and this screen was not opened on this device before.', { status: 503, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  }
}

// A file's address changes with each build: what is kept is right.
async function file(request) {
  const kept = await caches.open(FILES);
  const found = await kept.match(request, { ignoreSearch: !new URL(request.url).search });
  if (found && new URL(request.url).search) return found;
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(request, response.clone());
    return response;
  } catch (broken) {
    if (found) return found;
    throw broken;
  }
}
