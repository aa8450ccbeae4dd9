#!/usr/bin/env bash
# psycopg 3.3.9 with psycopg-binary 3.3.9 (the C implementation); no server is needed
#
# Messages are to be written many at once: INSERT … SELECT unnest(%s::bytea[]) with a Python list of bytes.
# One would guess: `%s` sends the list as it sends one bytes object, in the binary format, at the cost of a copy.
# Seen: one bytes object goes as binary, a list of them as text with each unprintable byte as an escaped octal: nearly
# five bytes for one, and over a hundred times the processor's time (seconds for 5 MB). With `%b` the list is binary too.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check psycopg==3.3.9 psycopg-binary==3.3.9 2>pip.log || exit 2

cat >try.py <<'PY'
import random
import sys
import time

import psycopg
from psycopg.adapt import PyFormat, Transformer


def dumped(value, placeholder):
    """Name of the dumper, length of what is sent, seconds of the processor (the best of three)."""
    seconds = []
    for _ in range(3):
        began = time.process_time()
        dumper = Transformer().get_dumper(value, placeholder)
        length = len(dumper.dump(value))
        seconds.append(time.process_time() - began)
    return type(dumper).__name__, length, min(seconds)


print(f"psycopg {psycopg.__version__}, {psycopg.pq.__impl__} implementation")
messages = [random.Random(n).randbytes(16384) for n in range(20)]
size = sum(map(len, messages))
found = {}
for name, value, placeholder in (
    ("one bytes, %s", b"".join(messages), PyFormat.AUTO),
    ("list, %s", messages, PyFormat.AUTO),
    ("list, %b", messages, PyFormat.BINARY),
):
    kind, length, seconds = found[name] = dumped(value, placeholder)
    print(f"{name:14} {kind:18} {length / size:.2f} bytes for one, {seconds * 1000:8.2f} ms for {size / 1e3:.0f} kB")
kinds = [kind for kind, _, _ in found.values()]
if kinds != ["BytesBinaryDumper", "ListDumper", "ListBinaryDumper"]:
    sys.exit("the dumpers changed")
if found["list, %s"][1] < 4 * size or found["list, %b"][1] > 1.1 * size:
    sys.exit("the sizes changed")
if found["list, %s"][2] < 20 * found["list, %b"][2]:
    sys.exit("the cost changed")
print("as before: a list of bytes goes as text, though one bytes object goes as binary")
PY
venv/bin/python try.py
