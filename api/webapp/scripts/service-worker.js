// Opens what was taken along where there is no reception. It is registered by a press only, answers nothing but GET,
// and keeps nothing but the stations that it opened, to be counted (late-scans.js): what it finds in Cache Storage was
// put there, and all is removed, by the page «Pfad mitnehmen».

import { signAddress } from "./codes.js";
import { note, sendAll } from "./late-scans.js";
import { missing } from "./load.js";
import { HELP, OLD_AFTER, DAY, addressOf, ageInDays, bytesOf, fileAt, numbered, pageAt, variantFor } from "./pack.js";
import { partOf } from "./ranges.js";
import { PackStore } from "./store.js";
import { dateWords, escaped, filled, sizeWords } from "./words.js";

const PATIENCE = 2500; // with one bar of EDGE a first answer takes one to two seconds
const LESS_PATIENCE = 800; // where it has just taken too long
const MORE_PATIENCE = 10_000; // for who asks again for what the phone has just shown
const SLOW_FOR = 60_000;
const MARK = "<!--from-the-phone-->";

const store = new PackStore(caches);
const intactFiles = new Set();
let packs = null;
let slowUntil = 0;

// It keeps nothing, so that a new one may take over from the old while pages are open.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(self.registration.navigationPreload?.enable());
});

// Where browsers have it, what waits is sent when the network is back, whether or not a page is open then.
self.addEventListener("sync", (event) => event.waitUntil(sendAll()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (!/^\/(staff|api)(\/|$)/i.test(url.pathname)) event.respondWith(openPage(event, url));
  } else if (request.destination && isPerhapsTaken(url)) {
    event.respondWith(openFile(request, url).catch(() => fetch(request)));
  } else if (!request.destination && request.headers.get("accept")?.includes("text/html")) {
    event.respondWith(openPage(event, url)); // all else that a script fetches is the server's: a pack is being loaded
  }
});

function isPerhapsTaken(url) {
  return packs === null || packs.some((pack) => fileAt(pack, url.pathname + url.search));
}

async function openPage(event, url) {
  event.waitUntil(Promise.resolve(event.preloadResponse).catch(() => {}));
  const asked = network(event); // once: a second request would count as a second visit
  asked.catch(() => {});
  try {
    return await openTaken(event, url, asked);
  } catch {
    return asked; // a store that cannot be read must not shut the site
  }
}

async function openTaken(event, url, asked) {
  packs = await store.packs();
  if (!packs.length) return asked;
  event.waitUntil(asked.then((answer) => answer.ok && sendAll()).catch(() => {})); // the network is back
  const { address, number, trail, via, lang } = addressOf(url);
  const stations = number === undefined ? [] : numbered(packs, number, trail);
  const code = via && address.split("/")[2];
  const taken = findPage(stations.length === 1 ? `/s/${stations[0].code}` : address, lang);
  if (!taken) return event.request.mode === "navigate" ? asked.catch(() => helpPage(lang, trail, stations)) : asked;
  const reason = await inTime(asked, event.request);
  if (reason instanceof Response && !isRemovable(address, reason)) return reason;
  if (via || stations.length) return redirected(signAddress(code || stations[0].code, lang, via));
  const shown = await fromPhone(event, taken, reason instanceof Response ? "gone" : reason);
  if (shown) event.waitUntil(noteScan(event.request, url, { ...taken, address }, asked).catch(() => {}));
  return shown ?? asked.catch(() => lastResort(taken));
}

/** Note a station's page that came from the phone, unless the server counted it, or it is only shown again. */
async function noteScan(request, url, { address, variant }, asked) {
  const station = /^\/s\/([^/]+)$/.exec(address ?? "")?.[1];
  const isAgain = request.isReloadNavigation || request.cache !== "default"; // reloaded, or stepped back to
  if (!station || request.mode !== "navigate" || isAgain) return;
  const answer = await asked.catch(() => null);
  if (answer && answer.status < 500) return; // only late
  const via = url.searchParams.get("via");
  const entry = ["nfc", "sign"].includes(via) ? via : request.referrer.startsWith(location.origin) ? "link" : "sign";
  await note({ station, variant, entry });
  await self.registration.sync?.register("scans");
}

/** The page with which a trail is removed from the phone is there after the trail is gone from the server. */
function isRemovable(address, { status }) {
  return address?.endsWith("/offline") && (status === 404 || status === 410);
}

async function network(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

/** The network's answer; else in a word why the phone's own page is shown. */
async function inTime(asked, request) {
  const answered = asked.catch(() => "away");
  if (!navigator.onLine) return "away";
  const again = request.isReloadNavigation || request.cache === "no-cache";
  const patience = again ? MORE_PATIENCE : Date.now() < slowUntil ? LESS_PATIENCE : PATIENCE;
  const late = new Promise((resolve) => setTimeout(resolve, patience, "slow"));
  const first = await Promise.race([answered, late]);
  slowUntil = first === "slow" ? Date.now() + SLOW_FOR : first === "away" ? slowUntil : 0;
  return first instanceof Response && first.status >= 500 ? "down" : first;
}

function findPage(address, asked) {
  for (const pack of packs) {
    const variant = variantFor(pack, asked, navigator.languages);
    const page = pageAt(pack, address, variant, Date.now());
    if (page) return { ...page, pack, variant, asked };
  }
  return null;
}

/** What is shown instead of a page that was not taken along; ``stations`` are those that have the number typed. */
async function helpPage(lang, trail, stations) {
  const pack = packs.find((one) => one.trail === trail) ?? packs[0];
  const variant = variantFor(pack, lang, navigator.languages);
  const page = pageAt(pack, HELP, variant, Date.now());
  const more = stations.map((station) => choice(station, lang)).join("");
  return (page && (await fromPhone(null, { ...page, pack, variant, asked: lang }, "away", more))) ?? Response.error();
}

function choice({ code, pack }, asked) {
  const { trail_name: name, lang } = pack.variants.find((row) => row.variant === variantFor(pack, asked, navigator.languages));
  return `<p lang="${lang}"><a href="${escaped(signAddress(code, asked))}">${escaped(name)}</a></p>`;
}

function redirected(address) {
  return Response.redirect(new URL(address, location.origin), 303);
}

async function fromPhone(event, taken, reason, more = "") {
  const response = await store.intact(taken.sha256);
  if (!response) return null;
  const top = await banner(taken, reason, more);
  const html = (await response.text()).replace(MARK, () => top);
  event?.waitUntil(lookThrough(taken.pack));
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(html, { headers });
}

/** What stands on top of a page that comes from the phone; ``more`` is HTML. */
async function banner({ pack, variant, asked, until }, reason, more) {
  const { words, lang } = pack.variants.find((row) => row.variant === variant);
  const days = ageInDays(pack, Date.now());
  const lacking = await missing(pack, store);
  const old = days !== null && days * DAY >= OLD_AFTER ? `<p>${escaped(filled(words.old, { days }))}</p>` : "";
  const isOther = asked && asked !== variant && pack.offered?.includes(asked);
  const other = isOther ? `<p>${escaped(words.other_language)}</p>` : "";
  const size = sizeWords(bytesOf(lacking), lang);
  const reload = `/t/${pack.trail}/offline?lang=${variant}#load`;
  const parts = lacking.length ? `<p><a href="${reload}">${escaped(filled(words.missing, { size }))}</a></p>` : "";
  const asOf = filled(words.as_of, { date: dateWords(Date.parse(pack.as_of), lang) });
  const data = `data-reason="${reason}" data-until="${until ?? ""}" data-not-taken="${escaped(words.not_taken)}"`;
  return `<aside class="phone" ${data}><p><b>${escaped(words[reason] ?? words.away)}</b> ${escaped(asOf)}</p>${other}${more}${old}${parts}</aside>`;
}

/** Hold the small pieces against their hashes: what is damaged is thrown away, and the next page says so. */
async function lookThrough(pack) {
  for (const piece of pack.pieces) {
    if (piece.kind === "audio" || piece.kind === "film" || intactFiles.has(piece.sha256)) continue;
    if (await store.intact(piece.sha256)) intactFiles.add(piece.sha256);
  }
}

async function lastResort({ pack, variant }) {
  const { words, lang, trail_name: name } = pack.variants.find((row) => row.variant === variant);
  const safe = escaped(name);
  const size = sizeWords(bytesOf(await missing(pack, store)), lang);
  const body = `<p>${escaped(`${words.away} ${filled(words.missing, { size })}`)}</p><p><a href="/t/${pack.trail}">${safe}</a></p>`;
  const page = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>${safe}</title>${body}`;
  return new Response(page, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}

async function openFile(request, url) {
  packs ??= await store.packs();
  for (const pack of packs) {
    const piece = fileAt(pack, url.pathname + url.search);
    const response = piece && (await openPiece(piece));
    if (response) return request.headers.has("range") ? partOf(response, request.headers.get("range")) : response;
  }
  return fetch(request);
}

async function openPiece({ sha256 }) {
  if (intactFiles.has(sha256)) return store.piece(sha256);
  const response = await store.intact(sha256);
  if (response) intactFiles.add(sha256);
  return response;
}
