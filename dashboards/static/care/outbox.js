// What was done on a round and waits to be sent, and what is being filled in: kept on this phone at once, each under
// the name of who wrote it. The id is made here, so that the same visit sent twice over a bad line stays one.

const NAME = "staff-care";
const PATIENCE = 60_000; // ms, and one more for each byte of a picture
const LATER = [408, 425, 429];

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("entries", { keyPath: "id" });
      request.result.createObjectStore("drafts", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Do ``act`` with both shelves in one transaction: all of it is kept, or nothing. */
async function work(mode, act) {
  const transaction = (await open()).transaction(["entries", "drafts"], mode, { durability: "strict" });
  const finished = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error); // a full disk says so here
  });
  const result = act(transaction.objectStore("entries"), transaction.objectStore("drafts"));
  const found = await (result instanceof IDBRequest ? done(result) : result);
  await finished;
  return found;
}

/** A random id (UUID version 4), also without https. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const all = async () =>
  (await work("readonly", (entries) => entries.getAll())).sort((a, b) => a.visitedAt.localeCompare(b.visitedAt));
export const keep = (entry) => work("readwrite", (entries) => void entries.put(entry));
export const remove = (id) => work("readwrite", (entries) => void entries.delete(id));
export const drafts = () => work("readonly", (_, shelf) => shelf.getAll());
export const keepDraft = (draft) => work("readwrite", (_, shelf) => void shelf.put(draft));

/** The draft becomes an entry that waits: one step, so that a phone that goes off has the one or the other. */
export const finish = (entry, key) =>
  work("readwrite", (entries, shelf) => {
    entries.put(entry);
    shelf.delete(key);
  });

/** Forget what the server has, once a page shows it that was made later. */
export async function sweep(madeAt) {
  for (const entry of await all()) if (entry.state === "sent" && entry.sentAt < madeAt) await remove(entry.id);
}

function form(entry) {
  const data = new FormData();
  for (const [name, value] of Object.entries(entry.fields)) data.append(name, value);
  data.append("id", entry.id);
  data.append("by", entry.person);
  data.append("visited_at", entry.visitedAt);
  data.append("taken_at", entry.takenAt);
  if (entry.picture) data.append("picture", entry.picture, "bild.jpg");
  return data;
}

/** Only an answer that names this very entry says that it arrived: a hotspot that asks for a login answers, too. */
async function attempt(entry) {
  const answer = await fetch(entry.action, {
    method: "POST",
    body: form(entry),
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout?.(PATIENCE + (entry.picture?.size ?? 0)),
  });
  const isOurs = (answer.headers.get("content-type") ?? "").includes("application/json");
  const told = isOurs ? await answer.json() : {};
  if (answer.ok && told.id === entry.id) return { state: "sent", late: told.late, sentAt: new Date().toISOString() };
  if (answer.status === 401 || answer.status === 409) return { state: "waiting", needsLogin: true };
  if (answer.status >= 400 && answer.status < 500 && !LATER.includes(answer.status)) {
    return { state: "refused", wrong: told.wrong ?? `${answer.status}` };
  }
  return { state: "waiting", needsLogin: false };
}

/** Send what this person wrote, one after the other, in one tab at a time; true where somebody has to sign in. */
export async function sendAll(person) {
  const turn = async () => {
    for (const { id } of await all()) {
      const entry = (await all()).find((one) => one.id === id);
      if (!entry || entry.state !== "waiting" || entry.person !== person) continue;
      const outcome = await attempt(entry).catch(() => ({ state: "waiting", needsLogin: false, isAway: true }));
      if (outcome.needsLogin) return true;
      if (outcome.isAway) return false;
      if (outcome.state === "waiting") continue;
      const { picture, fields, ...rest } = entry; // on its way it needed them, from now on only the card shows it
      await keep(outcome.state === "sent" ? { ...rest, ...outcome } : { ...entry, ...outcome });
    }
    return false;
  };
  return navigator.locks ? navigator.locks.request(NAME, turn) : turn();
}
