"""What a system says that has learned French: run in a copy of the tree, see test_new_language.py.

Arguments: the database's URL and a folder of texts. Prints what it was told as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import httpx

from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.fixtures.web.hikers import OAKS, PONDS, hikers_on


def _page(answer: httpx.Response) -> dict[str, object]:
    return {"status": answer.status_code, "language": answer.headers.get("content-language", ""), "text": answer.text}


def main() -> None:
    """Import French texts, close the trail in French, then ask pages and interface for French."""
    url, folder = sys.argv[1:]
    settings = {"DIGITALPFAD_DATABASE_URL": url, "DIGITALPFAD_DATA_DIR": str(Path(folder, "none"))}
    imported = run("content", "import", "stadtwald", folder, "--publish", **settings)
    reasons = ("--reason", "de=Sturm", "--reason", "fr=Tempête", "--detour", "fr=Par la route")
    when = ("--from", "2026-01-23T08:00", "--open-end")
    closed = run("closure", "add", "--trail", "stadtwald", *reasons, *when, **settings)
    with Database(url, pool_size=2) as database, hikers_on(database) as hikers:
        answer = {
            "command": run("closure", "end", "999", LC_ALL="fr_FR.UTF-8", **settings).stderr,
            "imported": [imported.returncode, imported.stderr],
            "closed": [closed.returncode, closed.stderr],
            "page": _page(hikers.get(f"/s/{OAKS}?lang=fr")),
            "browser": _page(hikers.get(f"/s/{OAKS}", accept_language="fr-CA,en;q=0.5")),
            "untranslated": _page(hikers.get(f"/s/{PONDS}?lang=fr")),
            "legal": _page(hikers.get("/impressum?lang=fr")),
            "privacy": _page(hikers.get("/datenschutz?lang=fr")),
            "station": hikers.get(f"/api/v1/stations/{OAKS}?lang=fr").json()["properties"],
            "closures": hikers.get("/api/v1/closures?lang=fr").json()["features"][0]["properties"],
            "calendar": hikers.get("/api/v1/closures.ics?lang=fr").text,
            "refused": hikers.get("/api/v1/closures?lang=xx").json(),
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
