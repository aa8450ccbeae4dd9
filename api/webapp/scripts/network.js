// Asking the server for a trail's manifest and its pieces.

import { NotLoaded } from "./load.js";
import { isManifest } from "./pack.js";

const STALLED = 30_000; // without a byte: what is only slow goes on

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Throws NotLoaded: ``away`` where nobody answers in time, ``down`` where the answer is no manifest of that trail. */
export async function fetchManifest(trail, patience = 2 * STALLED) {
  const options = { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(patience) };
  try {
    const answer = await fetch(`/t/${trail}/offline.json`, options);
    const said = answer.ok ? await answer.json() : null;
    if (isManifest(said, trail)) return said;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw new NotLoaded("away", cause);
  }
  throw new NotLoaded("down"); // a hotspot answers with a page of its own
}

/** Why the service worker could not be registered: browsers give one error for many reasons. */
export async function whyUnregistered() {
  const options = { cache: "no-cache", redirect: "manual", signal: AbortSignal.timeout(8_000) };
  const answer = await fetch("/sw.js", options).catch(() => null);
  if (!answer) return "away";
  return answer.ok && answer.headers.get("content-type")?.includes("javascript") ? "unable" : "down";
}

/** The bytes at an address; ``again``: past all caches, which may be what was wrong. See load.js. */
export async function fetchPiece(url, { again, signal, heard }) {
  const stalled = new AbortController();
  const end = () => stalled.abort();
  signal?.addEventListener("abort", end);
  let timer = setTimeout(end, STALLED);
  try {
    const options = { cache: again ? "reload" : "default", credentials: "omit", signal: stalled.signal };
    const answer = await fetch(url, options);
    const chunks = [];
    let count = 0;
    const reader = answer.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(end, STALLED);
      chunks.push(chunk.value);
      heard((count += chunk.value.byteLength));
    }
    const bytes = await new Blob(chunks).arrayBuffer();
    return { status: answer.status, bytes, headers: answer.headers };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}
