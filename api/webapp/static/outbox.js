// Reports that wait for reception. Nothing is stored before somebody presses "Absenden"; what the server has is never
// told before the server said so itself; and the id, made here, makes the same report twice one report.

const NAME = "digitalpfad-reports";
const SHELF = "reports";
const PATIENCE = 120_000; // ms for a picture at one bar of EDGE
const LATER = 30_000; // ms, where nobody says when to come again

let memory = null; // what stands in for the database where the browser has none, or lets nobody write

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
  if (!indexedDB.databases) return true; // only very old browsers cannot tell
  return (await indexedDB.databases().catch(() => [])).some((one) => one.name === NAME);
}

/** All reports of this phone, the newest first. */
export async function all() {
  const stored = memory || !(await exists()) ? [] : await work("readonly", (shelf) => shelf.getAll()).catch(() => []);
  return [...(memory?.values() ?? []), ...stored].sort((one, other) => other.writtenAt.localeCompare(one.writtenAt));
}

async function get(id) {
  return memory?.get(id) ?? (memory ? undefined : await work("readonly", (shelf) => shelf.get(id)));
}

/** Keep a report; false where this browser keeps nothing, and it lives only as long as the page. */
export async function keep(report) {
  if (memory) return void memory.set(report.id, report), false;
  try {
    await work("readwrite", (shelf) => shelf.put(report));
    return true;
  } catch {
    memory = new Map([[report.id, report]]);
    return false;
  }
}

export async function remove(id) {
  if (memory) memory.delete(id);
  else await work("readwrite", (shelf) => shelf.delete(id));
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
    signal: AbortSignal.timeout?.(PATIENCE),
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

async function send(id, isAsked) {
  const report = await get(id);
  if (report?.state !== "waiting" || (!isAsked && (report.notBefore ?? 0) > Date.now())) return;
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
  await (navigator.locks && !memory ? navigator.locks.request(NAME, turn) : turn());
}
