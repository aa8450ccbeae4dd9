"""Texts of the small trail, saved as editors save them, and pictures to go with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from dashboards.contributions.links import digest
from geodata.content.contribution import Contribution, NewContribution
from geodata.content.versions import Author, Slot, Text, Version
from geodata.model.content import StationContent
from geodata.store.catalogue import content_versions
from geodata.store.database import Database
from geodata.store.submissions import contributions
from geodata.store.submissions.contributions import NewLink

TOKEN = "ein-Wort-das-niemand-erraet"
POND = "3DVB54"
POND_DE = Slot(station=POND, variant="de")
PAGE = f"/staff/content/stations/{POND}/de"
WHOLE = {
    "title": "Die Försterteiche",
    "lead": "Drei Teiche, ein Damm.",
    "body": "Der Damm ist alt.\n\nHier quaken Frösche.",
    "source": "Eigene Beobachtung",
}


def pond(variant: str = "de", **parts: object) -> StationContent:
    """A text of the station at the pond that may be published."""
    values = {**WHOLE, **parts}
    return StationContent(variant=variant, **values)  # pyright: ignore[reportArgumentType] - parts as they are named


def save(database: Database, text: Text, *, by: str = "ute", publish: bool = False, station: str = POND) -> None:
    """Save a text as ``by``."""
    with database.transaction() as connection:
        content_versions.save(connection, Slot.of(station, text), text, Author(by), publish=publish)


def versions(database: Database, slot: Slot = POND_DE) -> list[Version]:
    """All versions of a text, the oldest first."""
    with database.transaction() as connection:
        of_owner = content_versions.history(connection, station=slot.station, trail=slot.trail)
    return [version for version in of_owner if version.slot == slot]


def shown_title(database: Database) -> str:
    """What the public table says of the pond in German."""
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT title FROM station_content WHERE station = %s AND variant = 'de'", [POND]
        ).fetchone()
    return str(row[0]) if row else ""


def jpeg(width: int = 640, height: int = 480, colour: str = "green") -> bytes:
    """A photograph of nothing."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def invite(database: Database, *stations: str, token: str = TOKEN, days: float = 5, variant: str = "children") -> int:
    """A link for a class, for these stations or the pond."""
    with database.transaction() as connection:
        return contributions.make_link(
            connection,
            NewLink(
                token_sha256=digest(token),
                trail="stadtwald",
                stations=list(stations or (POND,)),
                variant=variant,
                contributor="Klasse 4b",
                licence="CC-BY-4.0",
                created_by="ute",
                expires_at=datetime.now(UTC) + timedelta(days=days),
            ),
        )


def handed_in(database: Database, picture: bytes | None = None, **parts: str) -> tuple[str, Contribution]:
    """What a class handed in by a link, and the token that ends it."""
    invite(database)
    with database.transaction() as connection:
        link = contributions.link_with(connection, digest(TOKEN))
        assert link is not None
        values = {"title": "Frösche", "lead": "Wir waren da.", "body": "Elf Frösche.", **parts}
        new = NewContribution(station=POND, picture=picture, picture_alt="Ein Frosch" if picture else "", **values)
        return TOKEN, contributions.find(connection, contributions.hand_in(connection, link, new))


def reasons(page: str) -> set[str]:
    """The reasons that a page names beside its fields."""
    return set(re.findall(r'data-reason="([a-z-]+)"', page))
