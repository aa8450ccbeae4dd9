// Opens the care round where there is no network. It answers for /staff/care alone and leaves what hikers took along,
// and all other staff pages, to themselves. Nothing of it sends anything: that is the page's outbox.

const CACHE = "staff-care";
const PAGE = "/staff/care";
const PATIENCE = 4000; // ms: with one bar of EDGE a first answer takes one to two seconds

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE) event.respondWith(openPage(event, url));
  } else if (/^\/(staff\/)?static\//.test(url.pathname)) {
    event.respondWith(openFile(request));
  }
});

/** The round of a trail has one place, whatever else its address says. */
function keyOf(url) {
  const trail = url.searchParams.get("trail");
  return trail ? `${PAGE}?trail=${encodeURIComponent(trail)}` : PAGE;
}

async function openPage(event, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(url));
  const asked = fetch(event.request).then(async (answer) => {
    if (answer.ok && answer.type === "basic") await cache.put(keyOf(url), answer.clone());
    return answer;
  });
  event.waitUntil(asked.catch(() => {}));
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const first = await Promise.race([asked.catch(() => null), late]);
  return first && first.status < 500 ? first : kept; // a redirect to the login has status 0
}

async function openFile(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && new URL(request.url).search) await cache.put(request, answer.clone()); // the hash of what is in it
  return answer;
}
