// The page is complete without this. It keeps the ages true and brings new values in while someone is looking.

const MINUTE = 60_000;
const section = document.querySelector("[data-now]");
const station = document.querySelector("[data-station]")?.dataset.station;
const words = new Intl.RelativeTimeFormat(document.documentElement.lang.slice(0, 2), { numeric: "always" });

function refreshAges() {
  for (const time of section.querySelectorAll("time[data-age]")) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE);
    if (minutes >= 2 && minutes < 60) time.textContent = words.format(-minutes, "minute");
  }
}

async function refreshValues() {
  const answer = await fetch(section.dataset.now).catch(() => null); // without reception the old values stay, with their age
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".readings");
  if (fresh) section.replaceChildren(fresh);
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
    source = new EventSource(`/api/v1/live?station=${station}`);
    source.addEventListener("observation", soon);
  }
}

if (section && station) {
  document.addEventListener("visibilitychange", () => {
    follow();
    if (source) soon(); // what came while nobody looked
  });
  setInterval(refreshAges, MINUTE / 2);
  follow();
}
