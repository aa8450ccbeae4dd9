#!/usr/bin/env bash
# PyYAML 6.0.3, SafeLoader beside CSafeLoader (libyaml, the faster of the two)
#
# One would guess: the two readers of one package take the same documents, and differ in speed only.
# Seen: each refuses valid YAML that the other takes. SafeLoader takes no tab between `:` or `,` and what follows, nor
# before a comment, where YAML 1.2 (6.1, 6.2) allows tabs as well as spaces. CSafeLoader refuses a directive that it does
# not know, which a reader should pass over with a warning (6.8).
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check pyyaml==6.0.3 2>pip.log || exit 2

cat >try.py <<'PY'
import sys

import yaml

if not yaml.__with_libyaml__:
    print("this build of PyYAML has no libyaml")
    sys.exit(2)


def read(text: str, loader: type) -> object:
    try:
        return yaml.load(text, loader)
    except yaml.MarkedYAMLError as error:
        return f"refused: {error.problem}"


NO_TAB = "refused: found character '\\t' that cannot start any token"
print(f"PyYAML {yaml.__version__}")
changed = False
for text, pure, with_libyaml in [
    ("title: Mill\n", {"title": "Mill"}, {"title": "Mill"}),
    ("title:\tMill\n", NO_TAB, {"title": "Mill"}),
    ("title: Mill\t# comment\n", NO_TAB, {"title": "Mill"}),
    ("places: [Mill,\tBridge]\n", NO_TAB, {"places": ["Mill", "Bridge"]}),
    ("%DRAFT 2\n---\ntitle: Mill\n", {"title": "Mill"}, "refused: found unknown directive name"),
]:
    seen = (read(text, yaml.SafeLoader), read(text, yaml.CSafeLoader))
    changed |= seen != (pure, with_libyaml)
    print(f"{text!r}\n  SafeLoader: {seen[0]}\n  CSafeLoader: {seen[1]}")
if changed:
    sys.exit("the behaviour changed")
print("as before: the two readers do not take the same texts; one would guess that they do")
PY
venv/bin/python try.py
