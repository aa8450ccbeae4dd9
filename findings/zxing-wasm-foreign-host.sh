#!/usr/bin/env bash
# zxing-wasm 3.1.4 (npm)
#
# A page reads codes with the camera; its program, WebAssembly, lies in the installed package beside the script that needs it.
# One would guess: the script loads that file, in a bundle as in Node, and a site that is served whole asks nobody else.
# Seen: the first picture asks fastly.jsdelivr.net for the program, at run time, in Node too, though `exports` names the
# file in the package. `prepareZXingModule` with `wasmBinary`, or `overrides.locateFile`, keeps it at home; then nobody is asked.
# Needs node and npm. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null 2>&1 || exit 2
npm install --silent --no-audit --no-fund --save-exact zxing-wasm@3.1.4 || exit 2

cat >try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes, writeBarcode } from "zxing-wasm/full";

const file = createRequire(import.meta.url).resolve("zxing-wasm/full/zxing_full.wasm");
const asked = [];
globalThis.fetch = async (url) => {
  asked.push(new URL(String(url)).host);
  throw new Error("no network in this trial");
};
console.error = console.warn = () => {};

const white = { data: new Uint8ClampedArray(16 * 16 * 4).fill(255), width: 16, height: 16 };
await readBarcodes(white).then(() => asked.push("nobody, and it read"), () => {});
const hosts = [...new Set(asked)];
asked.length = 0;
await prepareZXingModule({ overrides: { wasmBinary: readFileSync(file).buffer }, fireImmediately: true });
const { image } = await writeBarcode("3DVB54", { format: "QRCode", scale: 4 });
const [found] = await readBarcodes(image);
console.log(`as installed: asks ${hosts}; with the package's own file: asks ${asked.length || "nobody"}, reads ${found?.text}`);
if (String(hosts) !== "fastly.jsdelivr.net" || asked.length || found?.text !== "3DVB54") {
  console.log("the behaviour changed");
  process.exit(1);
}
console.log("as before: a package that holds its program loads it from a foreign host");
JS
node try.mjs
