"""What a reader sees of a hikers' page, and a change that comes to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from geodata.bundle.folder import bundled
from geodata.model.station import Station
from geodata.store.catalogue.station import save_station
from geodata.store.database import Database
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import Hikers


def soon_shows(hikers: Hikers, path: str, part: str) -> str:
    """The page's text once it contains ``part``."""

    def shown() -> str:
        text = hikers.get(path).text
        return text if part in text else ""

    return wait_until(shown, what=part)


def words(html: str) -> str:
    """What a reader sees, roughly; protected spaces become plain ones."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("</head>")[1])).split())


def change(database: Database, edit: Callable[[Station], Station]) -> None:
    """Store station 4 anew, with only the contents that ``edit`` gives it."""
    station = edit(bundled().stations[3])
    with database.transaction() as connection:
        save_station(connection, station)
