"""What a system says that has learned Dutch: run in a copy of the tree, see test_new_language.py.

Arguments: the database's URL and a folder of texts. Prints what it was told as JSON: each kind of page by its address.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from starlette.routing import Route

from api.webapp.pages import create_pages
from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, a_day, hikers_on

KNOWN = {"code": PONDS, "trail": "stadtwald", "town": "lemgo"}
"""What stands in the addresses of pages that have parameters."""


def _page(answer: httpx.Response) -> dict[str, object]:
    return {"status": answer.status_code, "language": answer.headers.get("content-language", ""), "text": answer.text}


def _addresses(hikers: Hikers) -> list[str]:
    """Every address of a page that can be asked for, with what is known in the place of its parameters."""
    routes = create_pages(hikers.keeper, hikers.database, hikers.scans).router.routes
    paths = [route.path for route in routes if isinstance(route, Route) and "GET" in (route.methods or ())]
    filled = [path.format_map(KNOWN) for path in paths if _can_be_filled(path)]
    return [*dict.fromkeys(filled), "/s/3DVB45", "/nichts"]


def _can_be_filled(path: str) -> bool:
    parts = [part.partition("}")[0] for part in path.split("{")[1:]]
    return all(part in KNOWN for part in parts)


def _asked(hikers: Hikers) -> dict[str, object]:
    answers = {path: hikers.get(f"{path}?lang=nl") for path in _addresses(hikers)}
    html = {path: one for path, one in answers.items() if one.headers.get("content-type", "").startswith("text/html")}
    return {path: _page(one) for path, one in html.items()}


def main() -> None:
    """Import Dutch texts, close the trail in Dutch, then ask pages and interface for Dutch."""
    url, folder = sys.argv[1:]
    settings = {"DIGITALPFAD_DATABASE_URL": url, "DIGITALPFAD_DATA_DIR": str(Path(folder, "none"))}
    imported = run("content", "import", "stadtwald", folder, "--publish", **settings)
    reasons = ("--reason", "de=Sturm", "--reason", "nl=Storm", "--detour", "nl=Over de weg")
    when = ("--from", "2026-01-23T08:00", "--open-end")
    closed = run("closure", "add", "--trail", "stadtwald", *reasons, *when, **settings)
    with Database(url, pool_size=2) as database, hikers_on(database) as hikers:
        now = datetime.now(UTC)
        hikers.observe(a_day("pegel-04", "water_level", [44.0] * 20 + [None, None] + [41.5] * 4, now))
        hikers.observe(a_day("klima-01", "air_humidity", [80.0] * 10, now - timedelta(hours=14)))
        answer: dict[str, object] = {
            "command": run("closure", "end", "999", LC_ALL="nl_NL.UTF-8", **settings).stderr,
            "imported": [imported.returncode, imported.stderr],
            "closed": [closed.returncode, closed.stderr],
            "pages": _asked(hikers),
            "silent": _page(hikers.get(f"/s/{OAKS}?lang=nl")),
            "browser": _page(hikers.get(f"/s/{OAKS}", accept_language="nl-BE,en;q=0.5")),
            "station": hikers.get(f"/api/v1/stations/{OAKS}?lang=nl").json()["properties"],
            "closures": hikers.get("/api/v1/closures?lang=nl").json()["features"][0]["properties"],
            "calendar": hikers.get("/api/v1/closures.ics?lang=nl").text,
            "refused": hikers.get("/api/v1/closures?lang=xx").json(),
        }
        run("trail", "retire", "stadtwald", **settings)
    with Database(url, pool_size=2) as database, hikers_on(database) as hikers:
        given_up = ("/t/stadtwald", f"/s/{PONDS}")
        answer["given up"] = {path: _page(hikers.get(f"{path}?lang=nl")) for path in given_up}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
