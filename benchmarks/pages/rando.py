"""Beside a peer: Geotrek-rando's built front end with the same facts and picture, in the same browser and run.

    PYTHONPATH=.:firmware-sim .venv/bin/python -m benchmarks.pages.rando [--sources GIT] [--runs 5]

Clones the pinned tag into build/peers/rando (``--sources``: from another address or folder), builds it there once,
which needs npm and some minutes, and prints the table of docs/performance.md. peer_admin stands in for Geotrek-admin.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser

from benchmarks.pages.peer_admin import Trek, admin
from benchmarks.pages.site import demonstration
from benchmarks.pages.subject import STATION
from benchmarks.pages.visits import EDGE, FAST, Line, Visit, chromium, visit
from benchmarks.world import world
from tests.checkout import ROOT
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.servers import running, start, wait_for_port

_TAG, _SOURCES = "v3.25.2", "https://github.com/GeotrekCE/Geotrek-rando-v3"
_FOLDER = ROOT / "build/peers/rando"
_YARN, _FONT = "yarn@1.22.22", "@fontsource/source-sans-3@5.3.1"
_FONT_URL = "https://fonts.googleapis.com/css2?family=Source+Sans+3:wght@400;600;700&display=swap"
_TITLE = "h1"
_PICTURE = ROOT / "geodata/trails/stadtwald/content/04-foersterteiche/teich.png"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages.rando", description=__doc__)
    parser.add_argument("--sources", default=_SOURCES, help="where to clone the tag from")
    parser.add_argument("--runs", type=int, default=5, help="visits on EDGE of each page")
    asked = parser.parse_args()
    _build(asked.sources)
    with world() as servers, demonstration(servers) as base, chromium() as browser:
        trek = _trek(base)
        with admin(trek) as (api, asked_for), _rando(api, servers.folder) as peer:
            print(
                _table(browser, {"Digitalpfad, station page": base + STATION, "Geotrek-rando, trek": peer}, asked.runs)
            )
            print(f"Geotrek-admin was asked for {', '.join(sorted(asked_for))}", file=sys.stderr)
    return 0


def _build(sources: str) -> None:
    """Clone and build where that has not been done; two things that its build loads are brought in another way."""
    front = _FOLDER / "frontend"
    if (front / "src/.next/BUILD_ID").exists():
        return
    npx = shutil.which("npx")
    if npx is None:
        raise SystemExit("Geotrek-rando is built with npm: install Node.js 20.19 or newer.")
    if not front.exists():
        _run(["git", "clone", "-q", "--depth", "1", "--branch", _TAG, sources, str(_FOLDER)], ROOT)
    shutil.rmtree(front / "customization", ignore_errors=True)
    _configure(front, "http://127.0.0.1:9", "http://127.0.0.1:9")
    # 1.9.0, which it asks for, is no longer in the npm registry
    package = front / "package.json"
    package.write_text(re.sub(r'("@raruto/leaflet-elevation": )"1\.9\.0"', r'\1"1.9.6"', package.read_text()))
    quiet = {"CYPRESS_INSTALL_BINARY": "0", "SENTRYCLI_SKIP_DOWNLOAD": "1", "NEXT_TELEMETRY_DISABLED": "1"}
    _run([npx, "--yes", _YARN, "install", "--non-interactive"], front, quiet)
    mocked = {"NEXT_FONT_GOOGLE_MOCKED_RESPONSES": str(_font(front))}
    _run([npx, "next", "build", "./src", "--no-lint"], front, quiet | mocked)


def _font(front: Path) -> Path:
    """The same font from npm: its build would load it from a host of Google's. What Next.js reads instead of that."""
    folder = _FOLDER / "font"
    _run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(folder), _FONT], front)
    faces = [
        f"/* latin */ @font-face {{ font-family: 'Source Sans 3'; font-style: normal; font-weight: {weight};"
        f" font-display: swap; src: url({folder}/node_modules/@fontsource/source-sans-3/files/"
        f"source-sans-3-latin-{weight}-normal.woff2) format('woff2'); }}"
        for weight in (400, 600, 700)
    ]
    answers = _FOLDER / "fonts.js"
    answers.write_text(f"module.exports = {json.dumps({_FONT_URL: chr(10).join(faces)})};\n")
    return answers


def _configure(front: Path, api: str, own: str) -> None:
    """Its own settings, with our addresses, in German; its default map layers stay."""
    folder = front / "customization/config"
    folder.mkdir(parents=True, exist_ok=True)
    picture = f"{api}/media/logo.svg"
    everywhere = {
        "apiUrl": f"{api}/api/v2", "baseUrl": own, "applicationName": "Stadtwald", "enableTouristicEvents": False,
        "enableReport": False, "googleSiteVerificationToken": None, "fallbackImageUri": picture,
        "touristicContentLabelImageUri": picture,
    }  # fmt: skip
    menu = {"supportedLanguages": ["de"], "defaultLanguage": "de"}
    (folder / "global.json").write_text(json.dumps(everywhere))
    (folder / "header.json").write_text(json.dumps({"menu": menu, "logo": picture}))


def _run(command: list[str], folder: Path, env: dict[str, str] | None = None) -> None:
    print(" ".join(command), file=sys.stderr)
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _trek(base: str) -> Trek:
    """The station's texts and picture with the trail's line and length, as our own interface tells them."""
    station = httpx.get(f"{base}/api/v1/stations/{STATION[3:9]}?lang=de").json()["properties"]
    trail = httpx.get(f"{base}/api/v1/trails/stadtwald").json()
    return Trek(station, trail, _PICTURE.read_bytes())


@contextmanager
def _rando(api: str, folder: Path) -> Generator[str]:
    """The address of the trek's page on its own server, compressing as it comes."""
    front, port, log = _FOLDER / "frontend", free_port(), folder / "rando.log"
    own = f"http://127.0.0.1:{port}"
    _configure(front, api, own)
    command: list[str | Path] = ["env", "NODE_ENV=production", f"PORT={port}", "node", "./src/server.js"]
    with running(start(command, log, cwd=front)) as process:
        wait_for_port(process, port, log, timeout=60)
        found = httpx.get(f"{own}/trek/1-x", follow_redirects=True, timeout=60)
        found.raise_for_status()
        yield str(found.url)


def _table(browser: Browser, pages: dict[str, str], runs: int) -> str:
    """Bytes and requests without a throttle, seconds without and on EDGE, each page in turn."""
    found: dict[str, dict[tuple[Line, int], list[Visit]]] = {name: {} for name in pages}
    for line, dpr in ((FAST, 1), (EDGE, 1), (EDGE, 3)):
        for _ in range(runs):
            for name, url in pages.items():
                taken = visit(browser, url, line, dpr=dpr, texts=_TITLE)
                found[name].setdefault((line, dpr), []).append(taken)
                print(f"  {name}, {line.name} {dpr}: {taken.readable_s:.2f} {taken.largest_s:.2f} s", file=sys.stderr)
    lines = [f"| | {' | '.join(pages)} |", f"| --- |{' ---: |' * len(pages)}"]
    for what, cell in _rows():
        lines.append(f"| {what} | {' | '.join(cell(found[name]) for name in pages)} |")
    return "\n".join(lines)


Found = dict[tuple[Line, int], list[Visit]]


def _rows() -> Iterator[tuple[str, Callable[[Found], str]]]:
    def first(count: Callable[[Visit], str]) -> Callable[[Found], str]:
        return lambda found: count(found[FAST, 1][0])

    yield "first visit, KB", first(lambda one: f"{one.received / 1000:.0f}")
    yield "of which HTML and CSS", first(lambda one: f"{one.body('Document', 'Stylesheet') / 1000:.0f}")
    yield "of which JavaScript", first(lambda one: f"{one.body('Script') / 1000:.0f}")
    yield "of which pictures and fonts", first(lambda one: f"{one.body('Image', 'Font') / 1000:.0f}")
    yield "requests", first(lambda one: str(one.requests))
    yield "requests to other hosts, refused here", first(lambda one: str(one.foreign))
    for line, dpr in ((FAST, 1), (EDGE, 1), (EDGE, 3)):
        where = f"{line.name}, {dpr} {'pixel' if dpr == 1 else 'pixels'} a point"
        yield f"{where}: title, s", _median_of(line, dpr, lambda one: one.readable_s)
        yield f"{where}: largest contentful paint, s", _median_of(line, dpr, lambda one: one.largest_s)
        yield f"{where}: layout shift, most", lambda found, at=(line, dpr): f"{max(one.shift for one in found[at]):.3f}"


def _median_of(line: Line, dpr: int, of: Callable[[Visit], float]) -> Callable[[Found], str]:
    def cell(found: Found) -> str:
        values = [of(one) for one in found[line, dpr]]
        return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"

    return cell


if __name__ == "__main__":
    sys.exit(main())
