// What a phone keeps for a visitor who pressed «Stempel sammeln», and the stamp on a station's page; see
// docs/decisions/0017-stamps-on-the-phone.md. Each stamp is a key of its own: twice is once, and no two writers meet.

const BEGUN = "stamps";
const STAMP = "stamp/"; // and a station's code; its value is the trail
const BADGE = "stamp-badge/"; // and a trail: who has earned it keeps it, whatever is added to the trail

export const isBegun = () => localStorage.getItem(BEGUN) !== null;
export const begin = () => localStorage.setItem(BEGUN, "1");
export const put = (code, trail) => localStorage.setItem(STAMP + code, trail);

/** All of it, as pairs of key and value. */
export const kept = () => Object.entries(localStorage).filter(([key]) => key.startsWith("stamp"));
export const removeAll = () => kept().forEach(([key]) => localStorage.removeItem(key));
export const restore = (pairs) => pairs.forEach(([key, value]) => localStorage.setItem(key, value));

/** How far somebody is with the trail whose pass this is; where all is closed, all is needed as ever. */
export function standing(pass) {
  const { trail, needed } = pass.dataset;
  const fields = [...pass.querySelectorAll("[data-code]")];
  const got = fields.filter((field) => localStorage.getItem(STAMP + field.dataset.code) !== null);
  const live = new Set(fields.map((field) => STAMP + field.dataset.code));
  const former = kept().filter(([key, of]) => key.startsWith(STAMP) && of === trail && !live.has(key)).length;
  const isShut = (field) => "closed" in field.dataset;
  const allShut = fields.every(isShut);
  const open = fields.filter((field) => !got.includes(field) && (allShut || !isShut(field))).length;
  const left = Math.min(Math.max((Number(needed) || Infinity) - got.length - former, 0), open);
  const isEarned = left === 0 && got.length + former > 0;
  try {
    if (isEarned) localStorage.setItem(BADGE + trail, "1");
  } catch {} // a full phone: the badge shows for as long as it is earned
  const hasBadge = isEarned || localStorage.getItem(BADGE + trail) !== null;
  return { fields, got, former, all: fields.length, left, open, hasBadge };
}

/** A sentence of the page with its numbers. */
export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** How far it is to the badge. */
export function outlook(words, { left, hasBadge }) {
  if (hasBadge) return words.badge;
  return left === 1 ? words.leftOne : say(words.left, { n: left });
}

/** Stamp the station whose page shows this offer, and say so on top. The pass knows the words and the drawing. */
export async function stamp(offer, code) {
  const link = offer.querySelector("a");
  if (scrollY < 60) showOnTop(offer); // nobody reads below yet, where the text would jump
  let blocked = false;
  try {
    put(code, offer.dataset.trail);
  } catch {
    blocked = true; // full, or switched off since
  }
  for (const other of document.querySelectorAll(`a[href^="/s/${code}?"]`)) other.hash = "sign"; // the same visit, another voice
  // asked for as a page, so that it comes from the phone where the trail was taken along
  const answer = await fetch(link.href, { headers: { accept: "text/html" } }).catch(() => null);
  link.hidden = false;
  if (!answer?.ok) {
    if (!blocked) link.textContent = offer.dataset.pass; // without reception it is stamped all the same
    return;
  }
  const pass = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-words]");
  if (!pass) return;
  const words = JSON.parse(pass.dataset.words);
  const told = document.createElement("span");
  link.textContent = words.pass;
  if (blocked) {
    told.textContent = words.blocked;
    return offer.prepend(told, " ");
  }
  const now = standing(pass);
  const title = document.createElement("b");
  title.textContent = say(words.count, { n: now.got.length, all: now.all });
  told.append(title, document.createElement("br"), outlook(words, now));
  const drawn = now.got.find((field) => field.dataset.code === code)?.querySelector("svg");
  if (drawn) offer.append(document.importNode(drawn, true));
  offer.append(told, link);
  offer.className = "card stamped";
}

/** Move the offer below the title, empty until there is something to tell: a screen reader reads what comes into it. */
function showOnTop(offer) {
  offer.querySelector("a").hidden = true;
  (document.querySelector(".story > .lead") ?? document.querySelector(".story > .title")).after(offer);
}
