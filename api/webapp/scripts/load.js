// Loading a pack: every piece that is not there yet, each held against its hash, and at the end the one write that
// makes it a pack. Storage and network come as arguments.

import { bytesOf, piecesByHash } from "./pack.js";
import { digest } from "./store.js";

const AT_ONCE = 4;
const TRIES = 3;

/** Why it did not come to an end: ``away``, ``changed``, ``damaged``, ``down``, ``full`` or ``cancelled``. */
export class NotLoaded extends Error {
  constructor(why, cause) {
    super(why, { cause });
    this.why = why;
  }
}

/** The pieces of a manifest that are missing, without looking into those that are there. */
export async function missing(manifest, store) {
  const held = await store.held();
  return [...piecesByHash(manifest).values()].filter((piece) => !held.has(piece.sha256));
}

/** The pieces that are missing or not what they should be; the latter are thrown away. */
export async function broken(manifest, store, report = () => {}) {
  const faults = [];
  let seen = 0;
  for (const piece of piecesByHash(manifest).values()) {
    if (!(await store.intact(piece.sha256))) faults.push(piece);
    report((seen += piece.bytes));
  }
  return faults;
}

/**
 * Load what ``manifest`` needs and make it the trail's pack.
 *
 * ``fetchPiece(url, {again, signal, heard})`` gives ``{status, bytes, headers}`` or throws where there is no answer;
 * ``heard(count)`` is told of bytes as they come. ``report({done, total, piece, pieces})``. Throws NotLoaded; then the
 * pack of before is what it was, and what has come stays for the next time.
 */
export async function takeAlong(manifest, { store, fetchPiece, wait, signal, report = () => {} }) {
  await guarded(() => store.begin(manifest));
  const pieces = [...piecesByHash(manifest).values()];
  const progress = { done: 0, total: bytesOf(pieces), piece: 0, pieces: pieces.length };
  let waiting = await broken(manifest, store);
  progress.done = progress.total - bytesOf(waiting);
  progress.piece = pieces.length - waiting.length;
  report(progress);
  for (let round = 0; waiting.length && round < TRIES; round += 1) {
    await each(waiting, (piece) => loadPiece(piece, { store, fetchPiece, wait, signal, progress, report }));
    waiting = await missing(manifest, store); // another window may have swept, a browser short of room evicted
  }
  if (waiting.length) throw new NotLoaded("full");
  if (signal?.aborted) throw new NotLoaded("cancelled");
  await guarded(() => store.commit(manifest));
  await store.sweep();
}

async function loadPiece(piece, { store, fetchPiece, wait, signal, progress, report }) {
  const before = progress.done;
  const heard = (count) => report({ ...progress, done: progress.done + (Math.min(count / (piece.bytes || 1), 1) * bytesOf([piece])) });
  for (let attempt = 0; ; attempt += 1) {
    if (signal?.aborted) throw new NotLoaded("cancelled");
    const answer = await fetchPiece(piece.url, { again: attempt > 0, signal, heard }).catch((cause) => ({ cause }));
    if (signal?.aborted) throw new NotLoaded("cancelled");
    const why = await fault(piece, answer);
    if (!why) {
      await guarded(() => store.keep(piece, answer.bytes, answer.headers));
      break;
    }
    if (why === "changed" || attempt + 1 >= TRIES) throw new NotLoaded(why, answer.cause);
    await wait(1000 * 3 ** attempt);
  }
  progress.done += bytesOf([piece]);
  progress.piece += 1;
  report(progress, before);
}

async function fault(piece, { cause, status, bytes }) {
  if (cause) return "away";
  if (status === 404 || status === 410) return "changed";
  if (status !== 200) return "down";
  const same = bytes.byteLength === piece.bytes && (await digest(bytes)) === piece.sha256;
  return same ? null : "damaged";
}

/** Some at once; the first fault ends it, after those under way. */
async function each(items, work) {
  const waiting = [...items];
  let failed = null;
  const worker = async () => {
    while (waiting.length && !failed) await work(waiting.shift()).catch((error) => (failed ??= error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed) throw failed;
}

async function guarded(write) {
  try {
    await write();
  } catch (error) {
    throw error.name === "QuotaExceededError" ? new NotLoaded("full", error) : error;
  }
}
