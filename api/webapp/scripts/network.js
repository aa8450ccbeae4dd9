// Asking the server for a trail's manifest and its pieces.

const STALLED = 30_000; // without a byte: what is only slow goes on

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function fetchManifest(trail) {
  const answer = await fetch(`/t/${trail}/offline.json`, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(`manifest ${answer.status}`);
  return answer.json();
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
