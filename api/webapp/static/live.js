// A station's page is complete without this. It keeps the ages true, brings new values in while someone is looking,
// and adds what only a script can: the speed of a recording, sharing and printing.

const MINUTE = 60_000;
const REFRESH = 5 * MINUTE; // a sensor that falls silent, or a closure that begins, is no news of the stream
const page = document.querySelector("[data-station]");
const words = new Intl.RelativeTimeFormat(document.documentElement.lang.slice(0, 2), { numeric: "always" });

function refreshAges() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE);
    if (minutes >= 2 && minutes < 60) time.textContent = words.format(-minutes, "minute");
  }
}

async function refreshValues() {
  const answer = await fetch(page.dataset.now).catch(() => null); // without reception the old values stay, with their age
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-conditions]", "[data-readings]"]) {
    const shown = document.querySelector(part);
    const next = fresh.querySelector(part);
    if (shown && next) replace(shown, next);
  }
}

function replace(shown, next) {
  if (shown.querySelector("details")?.open) next.querySelector("details")?.setAttribute("open", "");
  const stops = (part) => [...part.querySelectorAll("a, summary")];
  const focused = stops(shown).indexOf(document.activeElement);
  shown.replaceWith(next);
  if (focused >= 0) (stops(next)[focused] ?? page.querySelector("h1")).focus({ preventScroll: true });
}

let source = null;
let waiting = null;

function soon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    refreshValues();
  }, 1000);
}

function follow() {
  refreshAges();
  if (document.hidden || navigator.connection?.saveData) {
    source?.close();
    source = null;
  } else if (!source) {
    source = new EventSource(`/api/v1/live?station=${page.dataset.station}`);
    source.addEventListener("observation", soon);
  }
}

function offerSpeeds(group, sound) {
  group.hidden = false;
  group.addEventListener("click", ({ target }) => {
    if (!target.value) return;
    sound.defaultPlaybackRate = sound.playbackRate = Number(target.value); // loading begins with the default
    for (const button of group.children) button.setAttribute("aria-pressed", String(button === target));
  });
}

function offerSharing(row) {
  const [share, print] = row.children;
  const { href } = Object.assign(new URL(location.href), { search: "", hash: "" });
  const done = row.nextElementSibling;
  const address = document.querySelector(".address");
  share.addEventListener("click", async () => {
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: href });
      else {
        await navigator.clipboard.writeText(href);
        done.textContent = done.dataset.done;
      }
    } catch {
      getSelection().selectAllChildren(address); // refused, or no secure page: there it is to be copied by hand
    }
  });
  print.addEventListener("click", () => window.print());
  row.hidden = false;
}

// Stamps are an offer. The phone is asked for them only where a sign was scanned, not where a link was followed, and
// holds something only for who pressed «Stempel sammeln»: docs/decisions/0017-stamps-on-the-phone.md.
const offer = document.querySelector("[data-stamps]");
if (offer && (!document.referrer || /[?&]via=(sign|nfc)\b/.test(location.search) || location.hash === "#sign")) {
  const code = page.dataset.station;
  offer.querySelector("a").hash = code;
  let begun = null;
  try {
    begun = localStorage.getItem("stamps");
  } catch {} // a browser that keeps nothing for anyone
  if (begun) import(offer.dataset.stamps).then((stamps) => stamps.stamp(offer, code));
}

const isFromPhone = document.querySelector(".phone") !== null; // without reception, see docs/offline.md
if (!isFromPhone && document.querySelector("[data-readings], [data-conditions] > *")) {
  document.addEventListener("visibilitychange", () => {
    follow();
    if (source) soon(); // what came while nobody looked
  });
  setInterval(refreshAges, MINUTE / 2);
  setInterval(() => document.hidden || refreshValues(), REFRESH);
  follow();
}
const speeds = document.querySelector("[data-speeds]");
if (speeds) offerSpeeds(speeds, document.querySelector("audio"));
const sharing = document.querySelector("[data-share]");
if (sharing) offerSharing(sharing);

// A report that waits for reception goes out from here, too; to look for it creates nothing.
const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
if (databases.some((one) => one.name === "digitalpfad-reports")) (await import("./outbox.js")).sendAll();
