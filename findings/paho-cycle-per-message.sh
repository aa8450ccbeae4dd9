#!/usr/bin/env bash
# paho-mqtt 2.1.0; no broker is needed
#
# A client takes in messages; a program that makes few cycles runs Python's collector seldom, to save processor time.
# One would guess: a message that was handled and that nobody holds is gone at once, as its references are counted.
# Seen: matching a topic against filters leaves a cycle that holds all levels of the topic, and a client does so for
# every message, also where no filter was registered: it is freed by the collector alone, a long topic with it.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check paho-mqtt==2.1.0 2>pip.log || exit 2

cat >try.py <<'PY'
import gc
import sys
import tracemalloc
from importlib.metadata import version

from paho.mqtt.client import topic_matches_sub
from paho.mqtt.matcher import MQTTMatcher

TOPIC = "trail/" + "/".join(f"level-{n}" for n in range(20))


def left(work):
    """Objects of 1000 calls that only the collector frees, and the kilobytes that they hold."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    for _ in range(1000):
        work()
    held = tracemalloc.get_traced_memory()[0] / 1000
    tracemalloc.stop()
    objects = gc.collect()
    gc.enable()
    return objects, held


print(f"paho-mqtt {version('paho-mqtt')}")
empty = MQTTMatcher()
found = {
    "splitting the topic": left(lambda: TOPIC.split("/")),
    "no filter registered": left(lambda: list(empty.iter_match(TOPIC))),
    "topic_matches_sub": left(lambda: topic_matches_sub("trail/#", TOPIC)),
}
for name, (objects, held) in found.items():
    print(f"{name:22} {objects:6} objects of 1000 calls wait for the collector, {held:7.0f} kB")
if found["splitting the topic"][0] != 0:
    sys.exit("the measurement itself leaves cycles")
if any(found[name][0] < 1000 or found[name][1] < 500 for name in ("no filter registered", "topic_matches_sub")):
    sys.exit("matching leaves no cycle any more")
print("as before: each match leaves a cycle that holds the topic's levels")
PY
venv/bin/python try.py
