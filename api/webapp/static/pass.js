// The stamp pass and the certificate. Without this they are a card and a form to fill in by hand.

const pass = document.querySelector("[data-trail]");
const words = JSON.parse(pass.dataset.words);
const part = (name) => pass.querySelector(`[data-${name}]`);
const store = await import(pass.dataset.module);
let removed = null;

function works() {
  try {
    return [store.isBegun()];
  } catch {
    return null; // a browser that keeps nothing for anyone
  }
}

function tell(...sentences) {
  part("standing").replaceChildren(
    ...sentences.filter(Boolean).map((sentence, i) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      if (i === 0) line.className = "total";
      return line;
    }),
  );
}

function show() {
  const begun = works()?.[0] ?? false;
  const now = begun ? store.standing(pass) : null;
  const shown = { begin: !begun, end: begun, badge: now?.hasBadge, next: !now || now.open > 0 };
  for (const name in shown) if (part(name)) part(name).hidden = !shown[name];
  for (const field of pass.querySelectorAll("[data-code]")) {
    const isStamped = now?.got.includes(field) ?? false;
    field.classList.toggle("got", isStamped);
    const state = field.querySelector(".state");
    if (state) state.hidden = !isStamped;
  }
  if (!now) return tell();
  const total = words.total && store.say(words.total, { n: now.got.length, all: now.all });
  tell(total, now.former && words.former && store.say(words.former, { n: now.former }), store.outlook(words, now));
  fillIn(now);
}

function fillIn({ got, former }) {
  const number = part("number");
  if (!number || number.value) return;
  number.value = got.length + former || "";
  part("day").value = new Date().toLocaleDateString(document.documentElement.lang.slice(0, 2), { dateStyle: "long" });
}

function attempt(step) {
  try {
    step();
    show();
  } catch {
    tell(words.blocked);
  }
}

function begin() {
  store.begin();
  const code = location.hash.slice(1); // of the station whose sign led here
  if ([...pass.querySelectorAll("[data-code]")].some((field) => field.dataset.code === code)) {
    store.put(code, pass.dataset.trail);
  }
}

part("begin")?.querySelector("button").addEventListener("click", () => {
  attempt(begin);
  part("standing").focus(); // the button is gone
});
part("remove")?.addEventListener("click", () => {
  removed = store.kept();
  store.removeAll();
  show();
  tell(words.removed);
  part("undo").hidden = false;
  part("undo").focus();
});
part("undo")?.addEventListener("click", () => {
  attempt(() => {
    store.restore(removed);
    part("undo").hidden = true; // and stays where there was no room
  });
  if (part("undo").hidden) part("remove").focus();
});
// a printed field shows no more than fits
const name = part("name");
const fit = () => name.classList.toggle("long", name.value.length > 16);
if (name) fit(); // typed before this was there
name?.addEventListener("input", fit);
const print = part("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
addEventListener("storage", show); // another tab has stamped
addEventListener("pageshow", show); // back from a station
if (works()) show();
else {
  if (part("begin")) part("begin").hidden = true;
  tell(words.blocked);
}
