// The page «Pfad mitnehmen». Nothing is stored before a press: until then it only asks and looks.

import { forgetAll } from "./late-scans.js";
import { NotLoaded, broken, missing, takeAlong } from "./load.js";
import { fetchManifest, fetchPiece, wait, whyUnregistered } from "./network.js";
import { OLD_AFTER, DAY, ageInDays, bytesOf, chosen, chosenAgain, piecesByHash, roomOf, sameContent } from "./pack.js";
import { PackStore } from "./store.js";
import { dateWords, filled, sizeWords } from "./words.js";

const root = document.querySelector("[data-take-along]");
const trail = root.dataset.takeAlong;
const words = JSON.parse(root.dataset.words);
const lang = document.documentElement.lang;
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const press = (name) => root.querySelector(`[data-press="${name}"]`);
const size = (bytes) => sizeWords(bytes, lang);
const LOCK = "trail-packs"; // of all windows one at a time changes what is kept
const RESTARTS = 3;
const IMPATIENT = 8_000; // ms: whether all is there must be seen where the network comes to nothing
const EXTRAS = ["map", "picture", "audio", "film"];

let store = null;
let offer = null; // the server's manifest of now
let kept = null; // that of the pack on this phone
let stop = null;
let ticked = null; // the pack whose choice the boxes show

function say(...sentences) {
  part("said").classList.remove("unseen");
  part("said").textContent = sentences.filter(Boolean).join(" ");
}

function show(phase) {
  root.dataset.phase = phase;
  const loading = phase === "loading";
  part("loading").hidden = !loading;
  part("choose").hidden = loading || !offer;
  part("state").hidden = loading || !kept;
  if (loading) part("interrupted").hidden = true;
}

async function look() {
  kept = await store.pack(trail);
  const begun = kept ? null : await store.begun(trail);
  tick(kept ?? begun);
  if (kept) await showKept();
  else await showBegun(begun);
  showChoice();
  await showRoom();
}

/** Tick what was chosen last: whoever comes back to renew a pack must not lose a voice of it with one press. */
function tick(manifest) {
  if (!manifest || manifest.loaded_at === ticked) return;
  ticked = manifest.loaded_at;
  for (const box of root.querySelectorAll("[name=variant]")) box.checked = manifest.choice.variants.includes(box.value);
  for (const box of root.querySelectorAll("[name=kind]")) box.checked = manifest.choice.kinds.includes(box.value);
}

async function showKept() {
  say(words.checking);
  show("checking");
  const shut = await Promise.race([register(), impatient()]).then(() => null, (error) => error); // the worker may be gone alone
  const faults = await broken(kept, store);
  if (!kept) return; // somebody pressed remove meanwhile, and was told
  const days = ageInDays(kept, Date.now());
  const [loaded, date] = [kept.loaded_at, kept.as_of].map((moment) => dateWords(Date.parse(moment), lang));
  part("complete").textContent = faults.length || shut ? "" : words.complete;
  part("complete").parentElement.hidden = faults.length > 0 || Boolean(shut);
  part("dates").textContent = filled(words.dates, { loaded, date });
  const pieces = piecesByHash(kept);
  part("kept-size").textContent = filled(words.size, { size: size(bytesOf(pieces.values())), pieces: pieces.size });
  part("old").hidden = days === null || days * DAY < OLD_AFTER;
  part("old").textContent = filled(words.old, { days });
  part("lasting").textContent = (await navigator.storage?.persisted?.()) ? words.lasting : words.maybe;
  await showRepair(faults);
  if (shut && kept) say(words[shut.why]);
}

/** What one press mends: missing parts, or a newer state of the trail. */
async function showRepair(faults) {
  if (!kept) return;
  const newer = offer && chosenAgain(offer, kept.choice);
  const differs = newer && !sameContent(newer, kept);
  const lacking = differs ? await missing(newer, store) : faults;
  press("repair").hidden = !faults.length && !differs;
  press("repair").textContent = filled(faults.length ? words.missing : words.update, { size: size(bytesOf(lacking)) });
  if (newer && !differs && !faults.length && newer.as_of > kept?.as_of) await confirm(newer.as_of);
  if (!kept) return;
  say(differs && !faults.length ? words.newer : offer && !faults.length ? words.current : "");
  show(faults.length ? "broken" : differs ? "outdated" : "kept");
}

/** The server says that the pack is true still; another window may be changing or removing it just now. */
async function confirm(asOf) {
  const confirmed = { ...kept, as_of: asOf };
  const work = async () => {
    const there = await store.pack(trail);
    if (!there || !kept || !sameContent(there, kept)) return;
    await store.refresh(confirmed);
    kept = confirmed;
  };
  await alone(work).catch(() => {}); // then it is as old as it was
}

async function showBegun(begun) {
  say("");
  show("absent");
  part("interrupted").hidden = !begun;
  if (!begun) return;
  const total = bytesOf(piecesByHash(begun).values());
  const left = bytesOf(await missing(begun, store));
  const values = { done: size(total - left), size: size(total) };
  part("interrupted-words").textContent = filled(words.interrupted, values);
  press("resume").textContent = filled(words.resume, { size: size(left) });
}

function picked() {
  const values = (name) => [...root.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);
  return offer && chosen(offer, values("variant"), values("kind"));
}

function showChoice() {
  if (!offer) return;
  const wanted = picked();
  const all = chosen(offer, wanted.choice.variants, EXTRAS);
  let extras = 0;
  for (const kind of EXTRAS) {
    const bytes = bytesOf(all.pieces.filter((piece) => piece.kind === kind));
    root.querySelector(`[data-size="${kind}"]`).textContent = bytes ? `(${size(bytes)})` : "";
    root.querySelector(`[name="kind"][value="${kind}"]`).closest("label").hidden = !bytes;
    extras += bytes;
  }
  part("extras").hidden = !extras;
  const total = bytesOf(piecesByHash(wanted).values());
  press("take").disabled = !wanted.choice.variants.length;
  press("take").hidden = Boolean(kept && sameContent(wanted, chosenAgain(offer, kept.choice)));
  press("take").textContent = filled(kept ? words.change : words.take, { size: size(total) });
  root.dataset.bytes = total;
}

async function showRoom() {
  const wanted = picked();
  if (!wanted) return;
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  const total = roomOf(piecesByHash(wanted).values());
  const left = quota === undefined ? Infinity : quota - usage; // of some browsers a round figure: said only if too small
  const tight = left < 1.2 * total ? filled(words.tight, { free: size(left), size: size(total) }) : "";
  part("room").textContent = wanted.choice.variants.length ? tight : words.nothing;
}

function showProgress({ done, total, piece, pieces }) {
  const bar = part("loading").querySelector("progress");
  bar.max = total;
  bar.value = done;
  const values = { done: size(done), size: size(total), piece, pieces };
  part("loading-words").textContent = filled(words.loading, values);
  const quarter = Math.floor((4 * done) / total);
  if (Number(root.dataset.quarter) !== quarter) {
    say(part("loading-words").textContent);
    part("said").classList.add("unseen"); // it stands below the bar already: this is for who cannot see that
  }
  root.dataset.quarter = quarter;
}

/** Begin at once, with the wish that the phone keeps it; what went wrong is said, and what was kept is kept. */
async function load(wanted) {
  say("");
  show("loading");
  stop = new AbortController();
  void navigator.storage?.persist?.();
  const outcome = await alone(() => loadAll(wanted)).catch((error) => error);
  await look().catch(() => show("absent"));
  if (outcome) say(words[outcome.why] ?? words.down, kept && outcome.why !== "busy" ? words.kept : "");
  (kept && !outcome ? part("state") : part("said")).focus?.();
}

async function loadAll(wanted) {
  await register();
  try {
    for (let restart = 0; ; restart += 1) {
      const manifest = { ...wanted, loaded_at: new Date().toISOString() };
      const why = await takeAlong(manifest, { store, fetchPiece, wait, signal: stop.signal, report: showProgress })
        .then(() => null, (error) => error);
      if (!why) return;
      wanted = await newerThan(wanted, why, restart);
    }
  } catch (error) {
    if (error.why !== "away") await forget();
    throw error;
  }
}

/** The trail may have been changed while it was loaded: then what is new is loaded, else it was the fault that it is. */
async function newerThan(wanted, error, restart) {
  if (!["changed", "damaged"].includes(error.why) || restart >= RESTARTS) throw error;
  const now = await fetchManifest(trail).catch(() => null);
  const again = now && chosenAgain(now, wanted.choice);
  if (!again || sameContent(again, wanted)) throw error.why === "changed" ? new NotLoaded("down", error) : error;
  offer = now;
  say(words.changed);
  return again;
}

async function impatient() {
  await wait(IMPATIENT);
  throw new NotLoaded("away");
}

async function register() {
  await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(async (error) => {
    throw new NotLoaded(await whyUnregistered(), error);
  });
}

async function forget() {
  await store.forget(trail);
  await store.sweep();
  if (!(await store.packs()).length) await unregister();
}

async function unregister() {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  await forgetAll().catch(() => {}); // a browser that cannot say what it has
}

async function remove() {
  const outcome = await alone(async () => {
    await store.remove(trail);
    if (!(await store.packs()).length) await unregister();
  }).catch((error) => error);
  await look();
  say(outcome ? words.busy : words.removed);
}

/** Do it unless another window is at it; browsers without locks have one window at a time on a phone. */
async function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
    if (!lock) throw new NotLoaded("busy");
    return work();
  });
}

function listen() {
  part("choose").addEventListener("change", () => {
    showChoice();
    void showRoom();
  });
  part("choose").addEventListener("submit", (event) => {
    event.preventDefault();
    void load(picked());
  });
  press("repair").addEventListener("click", () => void load(offer ? chosenAgain(offer, kept.choice) : kept));
  press("resume").addEventListener("click", async () => {
    const begun = await store.begun(trail);
    if (!begun) return void look(); // removed meanwhile
    void load(offer ? chosenAgain(offer, begun.choice) : begun);
  });
  press("discard").addEventListener("click", () => void remove());
  press("remove").addEventListener("click", () => void remove());
  press("cancel").addEventListener("click", () => stop.abort());
}

async function start() {
  if (!window.isSecureContext) return void say(words.insecure);
  try {
    if (!navigator.serviceWorker) throw new Error("no service worker");
    store = new PackStore(caches);
    await store.packs();
  } catch {
    return void say(words.unable);
  }
  listen();
  say(words.counting);
  const isThere = Boolean(await store.pack(trail));
  const answer = await fetchManifest(trail, isThere ? IMPATIENT : undefined).catch((error) => error);
  offer = answer instanceof Error ? null : answer;
  await look();
  if (!offer && !isThere) say(words[answer.why] ?? words.down); // one that was removed meanwhile was told so
  if (location.hash === "#load" && !press("repair").hidden && kept) press("repair").click();
}

void start();
