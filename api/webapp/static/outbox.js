// Reports that wait for reception. Nothing is stored before somebody presses "Absenden"; what the server has is never
// told before the server said so itself; and the id, made here, makes the same report twice one report.

const NAME = "digitalpfad-reports";
const SHELF = "reports";
const PATIENCE = 60_000; // ms, and one more for each byte of a picture: 8 kbit/s, one bar of GPRS
const LONGEST_WAIT = 2 * 3_600_000; // ms, above what a server asks for: a clock that was set back means nothing more
const LATER = 30_000; // ms, where nobody says when to come again

const memory = new Map(); // what the browser's database did not take, because there is none, or no room

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: "id" });
  return done(request);
}

async function work(mode, act) {
  const database = await open();
  try {
    const transaction = database.transaction(SHELF, mode, { durability: "strict" });
    const result = await done(act(transaction.objectStore(SHELF)));
    if (mode === "readwrite") {
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error); // a full disk says so here
      });
    }
    return result;
  } finally {
    database.close();
  }
}

/** Whether anything was ever stored: to look for it must not create it. */
export async function exists() {
  if (!globalThis.indexedDB) return false;
  if (!indexedDB.databases) return true; // only very old browsers cannot tell
  return (await indexedDB.databases().catch(() => [])).some((one) => one.name === NAME);
}

/** All reports of this phone, the newest first. */
export async function all() {
  const stored = (await exists()) ? await work("readonly", (shelf) => shelf.getAll()).catch(() => []) : [];
  return [...memory.values(), ...stored.filter((one) => !memory.has(one.id))].sort(
    (one, other) => other.writtenAt.localeCompare(one.writtenAt),
  );
}

async function get(id) {
  return memory.get(id) ?? (await work("readonly", (shelf) => shelf.get(id)).catch(() => undefined));
}

/** Keep a report; false where this browser keeps nothing, and it lives only as long as the page. */
export async function keep(report) {
  try {
    await work("readwrite", (shelf) => shelf.put(report));
    memory.delete(report.id);
    return true;
  } catch {
    memory.set(report.id, report);
    return false;
  }
}

export async function remove(id) {
  memory.delete(id);
  if (await exists()) await work("readwrite", (shelf) => shelf.delete(id)).catch(() => {});
}

function form(report) {
  const data = new FormData();
  for (const [name, value] of Object.entries(report.fields)) data.append(name, value);
  data.append("id", report.id);
  data.append("written_at", report.writtenAt);
  if (report.picture) data.append("picture", report.picture, "bild.jpg");
  return data;
}

/** What became of one attempt. Only an answer of ours that names this very report says that it arrived. */
async function attempt(report) {
  const answer = await fetch(report.action, {
    method: "POST",
    body: form(report),
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout?.(PATIENCE + (report.picture?.size ?? 0)),
  });
  if (answer.status === 413) return { state: "refused", errors: {}, isLarge: true };
  const isOurs = (answer.headers.get("content-type") ?? "").includes("application/json");
  const told = isOurs ? await answer.json() : null; // a hotspot that asks for a login answers something, too
  if (answer.ok && told?.id === report.id) return { state: "sent", url: told.url };
  if (told && answer.status >= 400 && answer.status < 500 && ![408, 425, 429].includes(answer.status)) {
    return { state: "refused", errors: told.errors ?? {}, trouble: told.trouble ?? "" };
  }
  const seconds = Number(answer.headers.get("retry-after")) || 0;
  return { state: "waiting", isBusy: answer.status === 429 || answer.status >= 500, wait: seconds * 1000 };
}

function hasToWait(report) {
  const wait = (report.notBefore ?? 0) - Date.now();
  return wait > 0 && wait < LONGEST_WAIT;
}

async function send(id, isAsked) {
  const report = await get(id);
  if (report?.state !== "waiting" || (!isAsked && hasToWait(report))) return;
  const outcome = await attempt(report).catch(() => ({ state: "waiting", isBusy: false, wait: 0 }));
  if (!(await get(id))) return; // deleted meanwhile
  if (outcome.state === "sent") {
    const { action, place, writtenAt } = report; // the words and the picture have done their work
    await keep({ id, action, place, writtenAt, state: "sent", url: outcome.url });
  } else if (outcome.state === "refused") {
    await keep({ ...report, ...outcome });
  } else {
    const wait = (outcome.wait || LATER) * (1 + Math.random() / 2); // not all phones at the same moment
    await keep({ ...report, isBusy: outcome.isBusy, notBefore: outcome.isBusy ? Date.now() + wait : 0 });
  }
}

/** Send what waits, one report after the other, in one tab at a time. `isAsked`: somebody pressed for it. */
export async function sendAll(isAsked = false) {
  const turn = async () => {
    for (const report of await all()) await send(report.id, isAsked);
  };
  await (navigator.locks && memory.size === 0 ? navigator.locks.request(NAME, turn) : turn());
}
