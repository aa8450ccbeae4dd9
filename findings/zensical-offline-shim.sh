#!/usr/bin/env bash
# zensical 0.0.73
#
# Documentation is to be read from a folder, without a network; the plugin for that is called `offline`.
# One would guess: what it builds loads nothing from a foreign host.
# Seen: it adds to every page a script that stands at a foreign host and that the search needs when pages are opened as
# files; without the plugin no page loads anything (`theme.font` is off in both). An entry of one's own in
# `extra.polyfills` whose name contains `iframe-worker` takes its place.
# Needs Python 3.11 with venv. Exits 0 as long as this is so, 1 when it changed, 2 when it could not be tried.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check zensical==0.0.73 2>pip.log || exit 2

foreign() { # $1: further lines of the configuration
    mkdir -p docs && echo '# Page' >docs/index.md && : >docs/iframe-worker.js
    printf 'site_name: x\ntheme:\n  font: false\n%b' "$1" >mkdocs.yml
    venv/bin/zensical build --clean >build.log 2>&1 || exit 2
    grep -ohE '(<script[^>]* src|<link[^>]*stylesheet[^>]* href)="https?://[^"]*' -r site --include='*.html' | grep -oE 'https?://.*' | sort -u | tr '\n' ' '
}
plain="$(foreign '' || true)"
offline="$(foreign 'plugins:\n  - search\n  - offline\n' || true)"
own="$(foreign 'plugins:\n  - search\n  - offline\nextra:\n  polyfills:\n    - path: iframe-worker.js\n' || true)"
echo "without the plugin: ${plain:-nothing}; with it: ${offline:-nothing}; with a script of one's own: ${own:-nothing}"
if [[ -n "$plain" || "$offline" != "https://unpkg.com/iframe-worker/shim " || -n "$own" ]]; then
    echo "the behaviour changed"
    exit 1
fi
echo "as before: built for offline use, every page loads a script from a foreign host"
