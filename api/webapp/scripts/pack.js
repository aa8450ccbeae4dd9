// What a manifest says, without any storage or network: which pieces a choice needs, which page an address shows when.

import { decoded, spelled, typed } from "./codes.js";

export const FORMAT = 1;
export const DAY = 86_400_000;
export const OLD_AFTER = 7 * DAY;
export const HELP = "*";

const HASH = /^[0-9a-f]{64}$/;

/** Whether somebody's JSON is the manifest of that trail: anything may answer on the way to the server. */
export function isManifest(said, trail) {
  return (
    said?.format === FORMAT &&
    said.trail === trail &&
    [said.variants, said.pages, said.pieces].every(Array.isArray) &&
    said.variants.every((row) => row?.variant && row.words) &&
    said.pages.every((page) => page?.address && HASH.test(page.sha256)) &&
    said.pieces.every((piece) => piece?.url && HASH.test(piece.sha256) && piece.bytes >= 0 && piece.variants)
  );
}

/** The manifest with only what these variants and kinds of media need: what is loaded and kept. */
export function chosen(manifest, variants, kinds) {
  const wanted = new Set(variants);
  const needed = (piece) => piece.variants.some((variant) => wanted.has(variant));
  const always = new Set(["page", "file"]);
  return {
    ...manifest,
    offered: manifest.offered ?? manifest.variants.map((row) => row.variant),
    choice: { variants: [...wanted], kinds: [...kinds] },
    variants: manifest.variants.filter((row) => wanted.has(row.variant)),
    pages: manifest.pages.filter((page) => wanted.has(page.variant)),
    pieces: manifest.pieces.filter((piece) => needed(piece) && (always.has(piece.kind) || kinds.includes(piece.kind))),
  };
}

/** The same choice from a newer manifest; what is not offered any more is left out. */
export function chosenAgain(manifest, choice) {
  const there = manifest.variants.map((row) => row.variant);
  const still = choice.variants.filter((variant) => there.includes(variant));
  return chosen(manifest, still.length ? still : there.slice(0, 1), choice.kinds);
}

/** The pieces by hash: two addresses with the same bytes are one. */
export function piecesByHash(manifest) {
  return new Map(manifest.pieces.map((piece) => [piece.sha256, piece]));
}

/** What there is to load of these pieces: a large program comes packed, and takes more room than it was to load. */
export function bytesOf(pieces) {
  return [...pieces].reduce((sum, piece) => sum + (piece.sent ?? piece.bytes), 0);
}

/** What these pieces take on the phone. */
export function roomOf(pieces) {
  return [...pieces].reduce((sum, piece) => sum + piece.bytes, 0);
}

/** Whether two kept manifests show the same. */
export function sameContent(one, other) {
  const said = (manifest) => JSON.stringify([manifest.pages, manifest.pieces, manifest.variants, manifest.stations]);
  return said(one) === said(other);
}

/** The address as the server spells it, from any spelling of it, and the variant asked for. Of what was typed into the
 * field for the code also ``via``; of a station's number there is no address, but ``number`` and perhaps ``trail``. */
export function addressOf(url) {
  const parts = decoded(url.pathname).normalize("NFKC").split("/").filter(Boolean);
  const first = (parts[0] ?? "").toLowerCase();
  const lang = url.searchParams.get("lang");
  if (first === "s" && parts.length === 1 && url.searchParams.has("code")) {
    const { code, number, via } = typed(url.searchParams.get("code"));
    if (number !== undefined) return { number, trail: url.searchParams.get("trail"), lang };
    return { address: `/s/${spelled(code)}`, via, lang };
  }
  if (first === "s" && parts.length > 1) {
    return { address: ["", "s", spelled(parts[1]), ...parts.slice(2)].join("/"), lang };
  }
  if (first === "t") return { address: `/${parts.join("/")}`.toLowerCase(), lang };
  return { address: url.pathname, lang };
}

/** The stations of a number: of that trail, else of all that were taken along. A station is in its newest pack alone. */
export function numbered(packs, number, trail) {
  const found = new Map();
  for (const pack of packs.filter((one) => !trail || one.trail === trail)) {
    for (const { code } of (pack.stations ?? []).filter((row) => row.number === number)) {
      if (!found.has(code)) found.set(code, { code, pack });
    }
  }
  return [...found.values()];
}

/** The variant to show: the one asked for or what it falls back to, else what the browser prefers. */
export function variantFor(pack, asked, languages) {
  const there = new Set(pack.variants.map((row) => row.variant));
  const tried = new Set();
  for (let variant = asked; variant && !tried.has(variant); variant = pack.fallbacks[variant]) {
    if (there.has(variant)) return variant;
    tried.add(variant);
  }
  for (const language of languages ?? []) {
    const row = pack.variants.find((one) => one.primary && one.primary === language.toLowerCase().split("-")[0]);
    if (row) return row.variant;
  }
  return pack.variants[0]?.variant;
}

/** The page that an address shows at a moment, and when that changes; null for an address that is not in the pack. */
export function pageAt(pack, address, variant, now) {
  const pages = pack.pages.filter((page) => page.address === address && page.variant === variant);
  const current = pages.filter((page) => page.since <= now).at(-1) ?? pages[0];
  if (!current) return null;
  return { sha256: current.sha256, until: pages.find((page) => page.since > now)?.since ?? null };
}

/** The piece behind the address of a file; of a picture the one form that was taken, whichever is asked for. */
export function fileAt(pack, pathAndQuery) {
  const medium = /^\/media\/([^/]+)\//.exec(pathAndQuery)?.[1];
  return pack.pieces.find(
    (piece) => piece.url === pathAndQuery || (medium && piece.medium === medium && piece.kind === "picture"),
  );
}

/** Whole days since the pack was true; null while the phone's clock is behind that. */
export function ageInDays(pack, now) {
  const age = now - Date.parse(pack.as_of);
  return age < -DAY ? null : Math.max(0, Math.floor(age / DAY));
}
