// What is kept on the phone, in Cache Storage alone: pieces under their hash, and for each trail the manifest of its
// pack. A pack is there once its manifest is: that is one write, and the last one. So a phone that is switched off at
// any moment has the old pack or the new one, and never half of one. A manifest has its own hash beside it, and a copy
// that stands in for it: without it all the pieces would be worth nothing.

import { FORMAT, piecesByHash } from "./pack.js";

const PIECES = "trail-pieces";
const PACKS = "trail-packs";
const KEPT_HEADERS = [
  "content-type", "content-language", "content-security-policy", "cross-origin-opener-policy",
  "cross-origin-resource-policy", "permissions-policy", "referrer-policy", "x-content-type-options",
];

const pieceKey = (sha256) => `/offline/pieces/${sha256}`;
const SEAL = "x-sha256";
const packKey = (trail) => `/offline/packs/${trail}`;
const copyKey = (trail) => `/offline/copies/${trail}`;
const begunKey = (trail) => `/offline/begun/${trail}`;

const encoder = new TextEncoder();

/** SHA-256 of bytes, in hexadecimal. */
export async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class PackStore {
  constructor(storage) {
    this.storage = storage;
  }

  /** The manifests of all packs that are complete, the newest first: a station may have gone from trail to trail. */
  async packs() {
    const own = await this.#manifests("/offline/packs/");
    const lost = await this.#manifests("/offline/copies/", (trail) => own.every((pack) => pack.trail !== trail));
    return [...own, ...lost].sort((one, other) => Date.parse(other.as_of) - Date.parse(one.as_of));
  }

  async pack(trail) {
    return (await this.packs()).find((pack) => pack.trail === trail) ?? null;
  }

  /** The manifest of a download that was begun and has not ended. */
  async begun(trail) {
    return (await this.#manifests("/offline/begun/")).find((pack) => pack.trail === trail) ?? null;
  }

  /** The hashes of all pieces that are there, whatever is in them. */
  async held() {
    const cache = await this.#existing(PIECES);
    const keys = cache ? await cache.keys() : [];
    return new Set(keys.map((request) => new URL(request.url).pathname.split("/").at(-1)));
  }

  async piece(sha256) {
    const cache = await this.#existing(PIECES);
    return (await cache?.match(pieceKey(sha256))) ?? null;
  }

  /** The piece if it is what its name says; one that is not is thrown away. */
  async intact(sha256) {
    const response = await this.piece(sha256);
    if (!response) return null;
    const bytes = await response.clone().arrayBuffer().catch(() => null);
    if (bytes && (await digest(bytes)) === sha256) return response;
    await this.drop(sha256);
    return null;
  }

  async drop(sha256) {
    await (await this.#existing(PIECES))?.delete(pieceKey(sha256));
  }

  async keep(piece, bytes, headers) {
    const kept = new Headers({ "content-type": piece.type, "content-length": String(bytes.byteLength) });
    for (const name of KEPT_HEADERS) if (headers?.get(name)) kept.set(name, headers.get(name));
    await (await this.storage.open(PIECES)).put(pieceKey(piece.sha256), new Response(bytes, { headers: kept }));
  }

  /** Note what is going to be loaded, so that nobody sweeps it away and it can be gone on with. */
  async begin(manifest) {
    await this.#put(manifest, begunKey(manifest.trail));
  }

  /** Make it the trail's pack. */
  async commit(manifest) {
    await this.refresh(manifest);
    await this.forget(manifest.trail);
  }

  /** Write the trail's pack anew, with the same pieces. */
  async refresh(manifest) {
    const copy = copyKey(manifest.trail);
    await this.#put(manifest, packKey(manifest.trail));
    await this.#put(manifest, copy).catch(async () => (await this.storage.open(PACKS)).delete(copy)); // no room: an old one misleads
  }

  /** Forget a download that was begun; sweep() takes its pieces away. */
  async forget(trail) {
    await (await this.#existing(PACKS))?.delete(begunKey(trail));
  }

  async remove(trail) {
    const cache = await this.#existing(PACKS);
    for (const key of [copyKey(trail), packKey(trail)]) await cache?.delete(key);
    await this.forget(trail);
    await this.sweep();
  }

  /** Throw away the pieces that belong to no pack; the caches themselves once there is none. */
  async sweep() {
    const manifests = [...(await this.packs()), ...(await this.#manifests("/offline/begun/"))];
    if (!manifests.length) {
      await this.storage.delete(PIECES);
      await this.storage.delete(PACKS);
      return;
    }
    const wanted = new Set(manifests.flatMap((manifest) => [...piecesByHash(manifest).keys()]));
    for (const sha256 of await this.held()) if (!wanted.has(sha256)) await this.drop(sha256);
  }

  async #manifests(prefix, isWanted = () => true) {
    const cache = await this.#existing(PACKS);
    if (!cache) return [];
    const paths = (await cache.keys()).map((request) => new URL(request.url).pathname);
    const keys = paths.filter((path) => path.startsWith(prefix) && isWanted(path.split("/").at(-1)));
    const read = await Promise.all(keys.map((key) => cache.match(key).then(legible).catch(() => null)));
    return read.filter((manifest) => manifest?.format === FORMAT);
  }

  /** Looking must not make a cache: that would be storing something. */
  async #existing(name) {
    return (await this.storage.has(name)) ? this.storage.open(name) : null;
  }

  async #put(manifest, key) {
    const body = encoder.encode(JSON.stringify(manifest));
    const headers = { "content-type": "application/json", [SEAL]: await digest(body) };
    await (await this.storage.open(PACKS)).put(key, new Response(body, { headers }));
  }
}

/** A manifest as it was written, or null. */
async function legible(response) {
  const bytes = await response.arrayBuffer();
  return (await digest(bytes)) === response.headers.get(SEAL) ? JSON.parse(new TextDecoder().decode(bytes)) : null;
}
