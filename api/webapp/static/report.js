// The form is complete without this. With it a picture is made small here, and a report waits for reception.

import { all, exists, keep, remove, sendAll } from "./outbox.js";

const EDGE = 1280; // pixels of the longer side: some 200 KB, 11 seconds at one bar of EDGE
const QUALITY = 0.75;
const AGAIN = 30_000;

const form = document.querySelector("form.problem");
const words = document.querySelector("#report-words").dataset;
const page = document.querySelector("main");
const list = page.querySelector("[data-outbox]");
const trouble = form.querySelector("[data-trouble]");
const said = form.querySelector("[data-picture]");
const submit = form.querySelector("[type=submit]");

let picture = null;
let working = null; // the picture that is being made small
let isSending = false;

// a page from the phone is the same whatever its address says
const asked = [...form.elements.kind].find((box) => box.value === new URLSearchParams(location.search).get("kind"));
if (asked && !form.elements.kind.value) asked.checked = true;

function newId() {
  return crypto.randomUUID?.() ?? form.elements.id.value; // without https the server's own
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
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}

function size(bytes) {
  return `${Math.max(Math.round(bytes / 1000), 1)}\u00a0KB`;
}

async function choose() {
  const file = form.elements.picture.files[0];
  picture = null;
  said.textContent = file ? said.dataset.working : "";
  said.classList.remove("wrong");
  if (!file) return;
  const isChosen = () => form.elements.picture.files[0] === file; // not another one meanwhile, nor none
  try {
    const made = await small(file);
    if (!isChosen()) return;
    picture = made;
    said.textContent = said.dataset.ready.replace("{size}", size(picture.size));
  } catch {
    if (!isChosen()) return;
    form.elements.picture.value = "";
    said.textContent = said.dataset.unreadable;
    said.classList.add("wrong");
  }
}

form.elements.picture.addEventListener("change", () => {
  working = choose();
});

// --- the place, only when pressed ---

const point = form.querySelector("[data-point]");
const pointButton = point.querySelector("button");
const pointSaid = point.querySelector("p");
const askForPlace = pointButton.textContent;

function setPoint(coords) {
  form.elements.lon.value = coords?.longitude.toFixed(6) ?? "";
  form.elements.lat.value = coords?.latitude.toFixed(6) ?? "";
  form.elements.accuracy_m.value = coords ? Math.round(coords.accuracy) : "";
  sayPoint();
}

/** What stands in the hidden fields goes along: it is said whether there is anything. */
function sayPoint() {
  const isThere = form.elements.lon.value !== "";
  point.hidden = !navigator.geolocation && !isThere;
  pointButton.textContent = isThere ? pointSaid.dataset.remove : askForPlace;
  pointSaid.textContent = isThere ? pointSaid.dataset.ready.replace("{metres}", form.elements.accuracy_m.value) : "";
}

if (navigator.geolocation) {
  point.hidden = false;
  pointButton.addEventListener("click", () => {
    if (form.elements.lon.value) return setPoint(null);
    navigator.geolocation.getCurrentPosition(
      (position) => setPoint(position.coords),
      () => { pointSaid.textContent = pointSaid.dataset.failed; },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  });
}

// --- what waits on this phone ---

function sentence(report) {
  if (report.state === "sent") return words.sent;
  if (report.state === "refused") {
    const reasons = report.isLarge ? [words.large] : [report.trouble, ...Object.values(report.errors)];
    return [words.refused, ...reasons.filter(Boolean)].join(" ");
  }
  return report.isBusy ? words.busy : words.waiting;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function row(report) {
  const item = document.createElement("li");
  item.className = "card";
  item.dataset.state = report.state;
  const head = document.createElement("p");
  const strong = document.createElement("b");
  strong.textContent = sentence(report);
  head.append(strong);
  const what = document.createElement("p");
  what.className = "soft";
  const when = new Date(report.writtenAt).toLocaleString(document.documentElement.lang.slice(0, 2), {
    dateStyle: "short", timeStyle: "short",
  });
  what.textContent = [report.place, when, report.fields?.text].filter(Boolean).join(" · ");
  const actions = document.createElement("p");
  actions.className = "actions";
  if (report.state === "sent") {
    const link = document.createElement("a");
    link.className = "button quiet";
    link.href = report.url;
    link.textContent = words.open;
    actions.append(link);
  }
  if (report.state === "waiting") actions.append(button(words.again, () => sendAndShow(true)));
  if (report.state !== "sent") actions.append(button(words.change, () => change(report)));
  actions.append(button(words.remove, async () => { await remove(report.id); await show(); }));
  item.append(head, what, actions);
  return item;
}

/** Whoever pressed a button in the list finds the next one, or the heading: the list is made anew. */
async function show() {
  const reports = await all();
  const buttons = () => [...list.querySelectorAll("a, button")];
  const focused = buttons().indexOf(document.activeElement);
  list.hidden = reports.length === 0;
  list.querySelector("ul").replaceChildren(...reports.map(row));
  if (focused >= 0) (buttons()[focused] ?? (reports.length ? list : page).querySelector("h2, h1")).focus();
  return reports;
}

async function sendAndShow(isAsked = false) {
  await sendAll(isAsked);
  return show();
}

const own = { action: form.action, place: form.dataset.place };
const where = document.querySelector("[data-where]");
const whereHere = [...where.childNodes];

/** What the form is about: the place of this page, or of a report that was written on another one. */
function setPlace({ action, place }) {
  form.action = action;
  form.dataset.place = place;
  const isHere = action === own.action;
  where.replaceChildren(...(isHere ? whereHere : [place]));
  where.hidden = isHere ? whereHere.length === 0 : place === "";
}

function empty() {
  form.reset();
  setPoint(null);
  setPlace(own);
  picture = null;
  said.textContent = "";
}

/** Back into the form, to be sent anew: the server has kept nothing of what it refused. */
async function change(report) {
  empty();
  setPlace(report);
  for (const [name, value] of Object.entries(report.fields)) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  sayPoint();
  form.elements.id.value = report.id;
  picture = report.errors?.picture || report.isLarge ? null : report.picture;
  said.textContent = picture ? said.dataset.ready.replace("{size}", size(picture.size)) : "";
  form.hidden = false;
  form.querySelector("textarea").focus();
  await remove(report.id); // last: until the form has it, it is nowhere else
  await show();
}

// --- sending ---

function values() {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.picture;
  delete fields.id;
  return fields;
}

async function post() {
  await working;
  const id = form.elements.id.value;
  const isKept = await keep({
    id, action: form.action, place: form.dataset.place, writtenAt: new Date().toISOString(), state: "waiting",
    fields: values(), picture,
  });
  const report = (await sendAndShow(true)).find((one) => one.id === id);
  if (report?.state === "sent") {
    location.assign(report.url);
  } else if (report?.state === "waiting" && isKept) {
    empty();
    form.elements.id.value = newId();
    list.querySelector("h2").focus({ preventScroll: true });
    list.scrollIntoView({ block: "start" });
  } else {
    await remove(id); // it stays in the form, which is open: here nothing would outlive the page
    await show();
    trouble.hidden = false;
    trouble.textContent = report?.state === "refused" ? sentence(report) : words.unkept;
  }
}

form.elements.id.value = newId();
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  trouble.hidden = true;
  const label = submit.textContent;
  submit.textContent = words.sending;
  try {
    await post();
  } finally {
    submit.textContent = label;
    isSending = false;
  }
});

async function tryAgain() {
  if ((await all()).some((report) => report.state === "waiting")) await sendAndShow();
}

async function begin() {
  if (!(await exists())) return;
  await show();
  await tryAgain();
}

addEventListener("online", tryAgain);
document.addEventListener("visibilitychange", () => document.hidden || tryAgain());
setInterval(tryAgain, AGAIN);
await begin();
document.documentElement.dataset.ready = "";
