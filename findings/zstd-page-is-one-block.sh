#!/usr/bin/env bash
# python-zstandard 0.25.0, Brotli 1.2.1, zlib of Python
#
# A page of 27 KB is compressed whole, as web servers do, and comes over a slow line in packets of 1400 bytes. The browser
# would like to read the head of the page with the first packet, and to ask for its pictures.
# One would guess: all codings that browsers take are streams, and give what has come.
# Seen: Brotli and gzip give a tenth of the page after one packet of six. Zstandard gives nothing until the last byte is
# there: up to 128 KiB are one block, whose letters and lengths lie in different parts of it (RFC 8878, 3.1.1.2), and levels
# 1, 4 and 19 do not differ in that. On a line of 150 kbit/s the request for a picture goes out 0.4 seconds later.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check zstandard==0.25.0 Brotli==1.2.1 2>pip.log || exit 2

cat >try.py <<'PY'
import random
import sys
import zlib
from collections.abc import Callable

import brotli
import zstandard

PACKET = 1400
draw = random.Random(1)
words = ["".join(draw.choices("abcdefghijklmnoprstuvwz", k=draw.randint(3, 9))) for _ in range(900)]
page = ("<!doctype html><title>Wald</title>" + " ".join(draw.choices(words, k=4000))).encode()[:27_000]


def readable(packed: bytes, decode: Callable[[bytes], bytes]) -> list[int]:
    """Bytes of the page that are known after the first packet, and one byte before the end."""
    return [len(decode(packed[:size])) for size in (PACKET, len(packed) - 1)]


found = {
    "br": readable(brotli.compress(page, quality=5), lambda part: brotli.Decompressor().process(part)),
    "gzip": readable(zlib.compress(page, 6), lambda part: zlib.decompressobj().decompress(part)),
}
for level in (1, 4, 19):
    packed = zstandard.ZstdCompressor(level=level).compress(page)
    found[f"zstd {level}"] = readable(packed, lambda part: zstandard.ZstdDecompressor().decompressobj().decompress(part))
print(f"of {len(page)} bytes readable after one packet, and one byte before the end: {found}")
streams = all(first > 1000 and last > 20_000 for first, last in (found["br"], found["gzip"]))
if not streams or any(found[f"zstd {level}"] != [0, 0] for level in (1, 4, 19)):
    sys.exit("the behaviour changed")
print("as before: Zstandard shows nothing of a page before all of it is there")
PY
venv/bin/python try.py
