// Counting by hand on a phone. Every tap is kept in this browser at once, so that neither a dead spot nor a closed page
// loses any; what was counted is sent when the person says so, and forgotten here when the server has it.
const section = document.getElementById("tally");
const at = (id) => document.getElementById(id);
const words = section.dataset; // what to say, in the language of the page
const device = words.device;
const wrong = at("wrong");
const QUARTER_MS = 15 * 60 * 1000;

// A phone's clock may be wrong by minutes, the counter is not: times are the server's.
const skewAtLoad = Date.parse(words.now) - Date.now();
let session = null; // { id, skew, started, ended, taps: [[way, time]] } in milliseconds
let awake = null;

const store = await new Promise((resolve) => {
  const opening = indexedDB.open("counting", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("sessions");
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => resolve(null); // a browser that keeps nothing: then the page alone holds it
});

function asked(mode, ask) {
  if (!store) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const request = ask(store.transaction("sessions", mode).objectStore("sessions"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const keep = () => asked("readwrite", (all) => all.put(session, device));
const forget = () => asked("readwrite", (all) => all.delete(device));
const now = () => Date.now() + session.skew;
const number = (way) => session.taps.filter(([tapped]) => tapped === way).length;
const ways = [...document.querySelectorAll("[data-way]")];

function show() {
  at("before").hidden = session !== null;
  at("during").hidden = session === null || session.ended !== null;
  at("after").hidden = session === null || session.ended === null;
  if (!session) return;
  for (const button of ways) button.querySelector("strong").textContent = number(button.dataset.way);
  at("undo").disabled = session.taps.length === 0;
  const parts = ways.map((button) => `${button.querySelector("span").textContent} ${number(button.dataset.way)}`);
  at("sum").textContent = words.sum.replace("%(counts)s", parts.join(", ")).replace("%(time)s", clock());
  tick();
}

function clock() {
  const seconds = Math.max(0, Math.floor(((session.ended ?? now()) - session.started) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function tick() {
  if (session && session.ended === null) at("clock").textContent = clock();
}

async function stayAwake() {
  if (!session || session.ended !== null || document.visibilityState !== "visible") return;
  try {
    awake = await navigator.wakeLock?.request("screen");
  } catch {
    awake = null; // the battery is low: then the screen goes dark as always
  }
}

function say(text) {
  wrong.textContent = text;
  wrong.hidden = text === "";
  if (text) wrong.scrollIntoView({ block: "nearest" });
}

function body() {
  const fields = new URLSearchParams({
    id: session.id,
    started: new Date(session.started).toISOString(),
    ended: new Date(session.ended).toISOString(),
    note: at("tally-note").value,
  });
  for (const { dataset } of ways) fields.set(`seen_${dataset.way}`, number(dataset.way));
  const slices = new Map();
  for (const [way, time] of session.taps) {
    const slice = `${way} ${(Math.floor(time / QUARTER_MS) * QUARTER_MS) / 1000}`;
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
  }
  for (const [slice, people] of slices) fields.append("slice", `${slice} ${people}`);
  return fields;
}

async function send() {
  say("");
  at("send").disabled = true;
  try {
    const answer = await fetch(`/staff/counting/${device}`, { method: "POST", body: body() });
    if (answer.redirected && answer.ok) {
      await forget();
      location.assign(answer.url);
      return;
    }
    say(await reason(answer));
  } catch {
    say(words.offline);
  }
  at("send").disabled = false;
}

async function reason(answer) {
  if (answer.status === 401) return words.signedOut;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("wrong")?.textContent || words.failed;
}

at("start").addEventListener("click", () => {
  const started = Date.now() + skewAtLoad;
  session = { id: crypto.randomUUID?.() ?? at("by-hand").querySelector("[name=id]").value, skew: skewAtLoad, started, ended: null, taps: [] };
  keep();
  show();
  stayAwake();
});
for (const button of ways)
  button.addEventListener("click", () => {
    session.taps.push([button.dataset.way, now()]);
    navigator.vibrate?.(20);
    keep();
    show();
  });
at("undo").addEventListener("click", () => {
  session.taps.pop();
  keep();
  show();
});
at("stop").addEventListener("click", () => {
  session.ended = now();
  awake?.release();
  keep();
  show();
});
at("on").addEventListener("click", () => {
  session.ended = null;
  say("");
  keep();
  show();
  stayAwake();
});
at("drop").addEventListener("click", async () => {
  if (!confirm(words.drop)) return;
  session = null;
  say("");
  await forget();
  show();
});
at("send").addEventListener("click", send);
document.addEventListener("visibilitychange", stayAwake);
setInterval(tick, 1000);

session = (await asked("readonly", (all) => all.get(device)).catch(() => null)) ?? null;
if (!wrong.textContent) at("by-hand").open = false;
section.hidden = false;
show();
stayAwake();
