// The care round on the phone. The page is a form for each stop and complete without this; with it what is filled in is
// kept at once, works without a network, and is sent when there is one.

const care = document.getElementById("care");
const { person, trail, made, reader, wasm } = care.dataset;
const words = JSON.parse(care.dataset.words);
const [outbox, codes] = await Promise.all([import(care.dataset.outbox), import(care.dataset.codes)]);
const at = (id) => document.getElementById(id);
const stops = [...document.querySelectorAll("[data-stop]")];
const pictures = new Map(); // stop to the picture that goes along
const EDGE = 1280; // pixels of the longer side: some 200 KB
const SOON = 1000;
const AGAIN = 30_000;
const OLD = 2 * 60_000;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const clock = (time) => new Date(time).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
const draftKey = (stop) => `${person} ${trail} ${stop.dataset.stop}`;

function element(name, text, className = "") {
  return Object.assign(document.createElement(name), { textContent: text, className });
}

function button(text, act) {
  const made = Object.assign(element("button", text, "quiet"), { type: "button" });
  made.addEventListener("click", act);
  return made;
}

// --- what is filled in ---

function fieldsOf(form) {
  const fields = Object.fromEntries(new FormData(form));
  for (const name of ["picture", "id", "by", "taken_at"]) delete fields[name];
  return fields;
}

async function keepDraft(stop) {
  const draft = { key: draftKey(stop), fields: fieldsOf(stop.querySelector("form")), picture: pictures.get(stop) ?? null };
  await outbox.keepDraft(draft).catch(() => say(words.unkept));
}

function restore(stop, { fields, picture }) {
  const form = stop.querySelector("form");
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (field) field.value = value; // of a group of radios, too
  }
  if (picture) pictures.set(stop, picture);
  sayPicture(stop);
  stop.querySelector("details").open = true;
}

function empty(stop) {
  stop.querySelector("form").reset();
  pictures.delete(stop);
  sayPicture(stop);
}

// --- the picture ---

async function small(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(EDGE / Math.max(image.width, image.height), 1);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(Math.round(image.width * scale), 1);
  canvas.height = Math.max(Math.round(image.height * scale), 1);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.75);
  });
}

function sayPicture(stop, text = "") {
  const picture = pictures.get(stop);
  const ready = picture ? filled(words.photoReady, { size: Math.max(1, Math.round(picture.size / 1000)) }) : "";
  stop.querySelector("[data-picture]").textContent = text || ready;
}

async function choose(stop, input) {
  const file = input.files[0];
  if (!file) return;
  sayPicture(stop, words.photoWorking);
  try {
    pictures.set(stop, await small(file));
    sayPicture(stop);
    await keepDraft(stop);
  } catch {
    sayPicture(stop, words.photoWrong);
  }
  input.value = "";
}

// --- the sign ---

const isSignOf = (text, stop) => codes.codeOf(codeIn(text)) === stop.dataset.code;

function codeIn(text) {
  const { code } = codes.typed(text);
  return code ?? "";
}

function go(stop) {
  stop.querySelector("details").open = true;
  stop.scrollIntoView({ block: "start" });
  stop.querySelector("summary").focus({ preventScroll: true });
}

/** Open the stop whose sign was read or typed; false where there is none. */
function take(text) {
  const { code, number } = codes.typed(text.trim());
  if (number !== undefined) {
    const stop = stops.find((one) => one.dataset.number === String(number));
    at("told").textContent = stop ? filled(words.opened, { number }) : words.noNumber;
    if (stop) go(stop);
    return Boolean(stop);
  }
  const known = codes.codeOf(code);
  const stop = known && stops.find((one) => one.dataset.code === known);
  if (!stop) {
    at("told").textContent = known ? words.elsewhere : words.noCode;
    return false;
  }
  stop.querySelector("[name=sign]").value = known;
  at("told").textContent = filled(words.found, { number: stop.dataset.number });
  keepDraft(stop).then(show);
  go(stop);
  return true;
}

let endScan = null;
let turn = 0; // counts starts and stops: a camera that comes after the last of them is not wanted any more

function halt() {
  turn += 1;
  endScan?.();
  endScan = null;
  at("camera").hidden = at("scan-end").hidden = true;
  at("scan").hidden = false;
}

async function scan() {
  const own = (turn += 1);
  at("scan").hidden = true;
  at("camera").hidden = at("scan-end").hidden = false;
  at("told").textContent = words.looking;
  try {
    const { scan: look } = await import(care.dataset.scanner);
    const stop = await look(at("camera"), { reader, wasm }, (text) => {
      const isFound = take(text);
      if (isFound) halt();
      return isFound;
    });
    if (own === turn) endScan = stop;
    else stop();
  } catch (error) {
    if (own !== turn) return;
    halt();
    at("told").textContent = error.name === "NotAllowedError" ? words.denied : words.noCamera;
  }
}

// --- what waits ---

function say(text, link = "") {
  const line = at("outbox");
  line.hidden = !text;
  line.replaceChildren(text);
  if (link) line.append(" ", Object.assign(element("a", words.signInLink), { href: link }));
}

let needsLogin = false;

function tell(entries) {
  const waiting = entries.filter((entry) => entry.state === "waiting");
  const own = waiting.filter((entry) => entry.person === person).length;
  const others = new Map();
  for (const entry of waiting) if (entry.person !== person) others.set(entry.person, (others.get(entry.person) ?? 0) + 1);
  const lines = [...others].map(([name, count]) => filled(words.others, { name, count }));
  const here = `/staff/login?next=${encodeURIComponent(`/staff/care?trail=${trail}`)}`;
  if (own) lines.unshift(filled(needsLogin ? words.signIn : words.waiting, { count: own }));
  else if (entries.some((entry) => entry.state === "sent" && entry.person === person)) lines.unshift(words.sent);
  say(lines.join(" "), own && needsLogin ? here : "");
}

function chips(stop, entries) {
  const chip = (text, className) => element("span", text, className);
  const marks = [];
  if (stop.dataset.code && isSignOf(stop.querySelector("[name=sign]")?.value ?? "", stop)) marks.push(chip(words.chipSign));
  for (const entry of entries) {
    if (entry.state === "waiting") marks.push(chip(words.chipWaiting, "waiting"));
    if (entry.state === "sent") marks.push(chip(filled(words.chipSent, { time: clock(entry.visitedAt) })));
    if (entry.state === "refused") marks.push(chip(words.chipRefused, "waiting"));
  }
  stop.querySelector("[data-chips]").replaceChildren(...marks);
}

function troubles(stop, entries) {
  stop.querySelector(".entries")?.remove();
  const box = element("div", "", "entries");
  for (const entry of entries) {
    if (entry.late?.length) box.append(element("p", words.late));
    if (entry.state !== "refused") continue;
    const again = (changed) => outbox.keep({ ...entry, ...changed, state: "waiting" }).then(sendNow);
    box.append(element("p", `${words.refused} ${entry.wrong}`, "wrong"), button(words.again, () => again({})));
    if (entry.picture) box.append(button(words.withoutPhoto, () => again({ picture: null })));
    box.append(button(words.drop, () => confirm(words.dropAsk) && outbox.remove(entry.id).then(show)));
  }
  if (box.childElementCount) stop.querySelector("summary").after(box);
}

async function show() {
  const entries = await outbox.all().catch(() => []);
  const here = entries.filter((entry) => entry.trail === trail && entry.person === person);
  for (const stop of stops) {
    const own = here.filter((entry) => entry.stop === stop.dataset.stop);
    chips(stop, own);
    troubles(stop, own);
  }
  tell(entries);
  return entries;
}

let timer = 0;
let pause = SOON;
const waits = (entries) => entries.some((entry) => entry.state === "waiting" && entry.person === person);

/** Send what waits; what does not arrive is tried again, soon at first: a phone says too early that it is online. */
async function send() {
  clearTimeout(timer);
  if (!waits(await show())) return;
  needsLogin = await outbox.sendAll(person).catch(() => false);
  if (!waits(await show())) return;
  timer = setTimeout(send, pause);
  pause = Math.min(2 * pause, AGAIN);
}

function sendNow() {
  pause = SOON;
  return send();
}

async function post(stop, form, isFine) {
  const wrong = form.querySelector("[role=alert]");
  const fields = { ...fieldsOf(form), ...(isFine ? { fine: "1" } : {}) };
  const picture = pictures.get(stop) ?? null;
  const hasTick = [...form.querySelectorAll("[type=radio]:checked")].some((radio) => radio.value);
  const isSeen = stop.dataset.code && isSignOf(fields.sign ?? "", stop);
  wrong.hidden = Boolean(hasTick || isFine || picture || fields.note.trim() || isSeen);
  wrong.textContent = wrong.hidden ? "" : words.nothing;
  if (!wrong.hidden) return;
  const entry = {
    id: outbox.newId(), person, trail, stop: stop.dataset.stop, action: form.getAttribute("action"), fields, picture,
    visitedAt: new Date().toISOString(), takenAt: made, state: "waiting",
  };
  try {
    await outbox.finish(entry, draftKey(stop));
  } catch {
    wrong.hidden = false; // this browser keeps nothing: then the form goes as it does without scripts
    form.submit();
    return;
  }
  empty(stop);
  stop.querySelector("details").open = false;
  stop.querySelector("summary").focus();
  await sendNow();
}

// --- taking along ---

/** The page and its files are kept where the worker finds them; what was loaded just now comes from the browser. */
async function takeAlong() {
  if (!navigator.serviceWorker || !globalThis.caches) return false;
  const isControlled = Boolean(navigator.serviceWorker.controller);
  await navigator.serviceWorker.register("/staff/care/worker.js", { scope: "/staff/care" });
  const cache = await caches.open("staff-care");
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.href || one.src);
  for (const file of [...files, care.dataset.outbox, care.dataset.codes, care.dataset.scanner]) {
    if (!(await cache.match(file))) await cache.add(file);
  }
  for (const old of await cache.keys()) {
    const url = new URL(old.url);
    if (/static\/care\//.test(url.pathname) && url.search && !JSON.stringify([...files, care.dataset]).includes(url.pathname + url.search)) await cache.delete(old);
  }
  const page = `/staff/care?trail=${encodeURIComponent(trail)}`;
  if (!isControlled || !(await cache.match(page))) {
    const answer = await fetch(page);
    if (!answer.ok || answer.redirected) return false;
    if (location.search === "") await cache.put("/staff/care", answer.clone());
    await cache.put(page, answer);
  }
  return true;
}

// --- begin ---

for (const stop of stops) {
  const form = stop.querySelector("form");
  if (!form) continue;
  form.addEventListener("input", ({ target }) => target.type === "file" || keepDraft(stop).then(show));
  form.elements.picture.addEventListener("change", ({ target }) => choose(stop, target));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    post(stop, form, event.submitter?.name === "fine");
  });
}
if (at("sign")) {
  at("sign").hidden = false;
  at("scan").hidden = !navigator.mediaDevices?.getUserMedia;
  at("scan").addEventListener("click", scan);
  at("scan-end").addEventListener("click", halt);
  at("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    if (take(at("code").value)) at("code").value = "";
  });
  addEventListener("pagehide", halt);
  document.addEventListener("visibilitychange", () => document.hidden && halt());
}
const known = new Map(stops.map((stop) => [draftKey(stop), stop]));
for (const draft of await outbox.drafts().catch(() => [])) if (known.get(draft.key)?.querySelector("form")) restore(known.get(draft.key), draft);
await outbox.sweep(made).catch(() => {});
if (Date.now() - Date.parse(made) > OLD) at("stand").textContent = filled(words.old, { time: clock(made) });
await send();
addEventListener("online", sendNow);
document.addEventListener("visibilitychange", () => document.hidden || sendNow());
const isTaken = await takeAlong().catch(async () => Boolean(await globalThis.caches?.match(`/staff/care?trail=${encodeURIComponent(trail)}`).catch(() => null)));
at("kept").textContent = isTaken ? words.ready : words.notReady;
document.documentElement.dataset.ready = "";
