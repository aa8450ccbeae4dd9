// Stations that were opened without a network, from a trail that was taken along: noted here to be counted later, as
// online ones are at once. A note has a random id, station, hour, voice and how one came, and goes once the server has it.

const NAME = "digitalpfad-scans";
const SHELF = "scans";
const ADDRESS = "/offline/scans";
const MOST = 500; // notes on the phone
const AT_ONCE = 50; // that the server takes
const PATIENCE = 30_000;
const HOUR = 3_600_000;
const AGAIN = [408, 425, 429];

let sending = null;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function work(mode, act) {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: "id" });
  const database = await done(request);
  try {
    return await act(database.transaction(SHELF, mode).objectStore(SHELF));
  } finally {
    database.close();
  }
}

/** Whether anything was ever noted: to look for it must not create it. */
async function exists() {
  if (!indexedDB.databases) return true; // only old browsers cannot tell
  return (await indexedDB.databases()).some((one) => one.name === NAME);
}

/** Note that a station was opened; coming back to it within the hour is the same scan. */
export async function note({ station, variant, entry }, now = Date.now()) {
  const hour = new Date(now - (now % HOUR)).toISOString();
  await work("readwrite", async (shelf) => {
    const there = await done(shelf.getAll());
    const isThere = there.some((one) => one.station === station && one.hour === hour && one.variant === variant);
    if (isThere || there.length >= MOST) return;
    await done(shelf.put({ id: crypto.randomUUID(), station, hour, variant, entry }));
  });
}

/** Send what is noted. Throws where something has to wait: nobody answers, or not now. */
export function sendAll() {
  sending ??= send().finally(() => (sending = null));
  return sending;
}

async function send() {
  if (!(await exists())) return;
  for (;;) {
    const scans = await work("readonly", (shelf) => done(shelf.getAll(null, AT_ONCE)));
    if (!scans.length) return;
    if (!(await isSettled(scans))) throw new Error("the scans wait");
    await work("readwrite", async (shelf) => {
      for (const { id } of scans) await done(shelf.delete(id));
    });
  }
}

/** Whether the server has them now, or will never take them; a hotspot that asks for a login answers something, too. */
async function isSettled(scans) {
  const answer = await fetch(ADDRESS, {
    method: "POST",
    body: JSON.stringify({ scans }),
    headers: { "content-type": "application/json" },
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!/^application\/(problem\+)?json/.test(answer.headers.get("content-type") ?? "")) return false;
  if (answer.ok) return typeof (await answer.json()).counted === "number";
  return answer.status >= 400 && answer.status < 500 && !AGAIN.includes(answer.status);
}

/** Forget all notes: the phone keeps nothing any more. */
export async function forgetAll() {
  if (await exists()) await done(indexedDB.deleteDatabase(NAME));
}
