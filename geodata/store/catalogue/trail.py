"""Municipalities and trails in the database."""

from __future__ import annotations

from typing import cast

import shapely
from shapely import LineString

from geodata.content.versions import Author
from geodata.model.municipality import Municipality
from geodata.model.operator import of_record
from geodata.model.trail import Trail, TrailContent, TrailDirection, TrailState
from geodata.store.catalogue import content_versions, published_content
from geodata.store.transaction import Transaction


def any_trail(connection: Transaction) -> bool:
    """Whether there is at least one trail."""
    return connection.execute("SELECT 1 FROM trail LIMIT 1").fetchone() is not None


def save_municipality(connection: Transaction, municipality: Municipality) -> None:
    """Add or update a municipality; the same again changes nothing."""
    connection.execute(
        """
        INSERT INTO municipality AS old (slug, name, timezone) VALUES (%s, %s, %s)
        ON CONFLICT (slug) DO UPDATE SET name = excluded.name, timezone = excluded.timezone
        WHERE (old.name, old.timezone) IS DISTINCT FROM (excluded.name, excluded.timezone)
        """,
        [municipality.slug, municipality.name, municipality.timezone],
    )


def save_trail(connection: Transaction, trail: Trail, author: Author = content_versions.ITSELF) -> None:
    """Add or update a trail and show exactly these texts of it; the same again changes nothing."""
    connection.execute(
        """
        INSERT INTO trail AS old (slug, municipality, line, licence, attribution, surveyed, direction)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (slug) DO UPDATE SET municipality = excluded.municipality, line = excluded.line,
            licence = excluded.licence, attribution = excluded.attribution, surveyed = excluded.surveyed,
            direction = excluded.direction, updated_at = now()
        WHERE (old.municipality, old.line, old.licence, old.attribution, old.surveyed, old.direction)
            IS DISTINCT FROM
            (excluded.municipality, excluded.line, excluded.licence, excluded.attribution, excluded.surveyed,
                excluded.direction)
        """,
        [
            trail.slug,
            trail.municipality,
            shapely.to_wkb(trail.line, output_dimension=3),
            trail.licence,
            trail.attribution,
            trail.surveyed,
            trail.direction,
        ],
    )
    content_versions.save_all(connection, trail.contents.values(), author, trail=trail.slug)


def load_municipalities(connection: Transaction) -> dict[str, Municipality]:
    """All municipalities by slug."""
    rows = connection.execute("SELECT slug, name, timezone, operator, land FROM municipality ORDER BY slug")
    return {
        slug: Municipality(slug=slug, name=name, timezone=timezone, operator=of_record(lines), land=land)
        for slug, name, timezone, lines, land in rows
    }


def load_trails(connection: Transaction, only: list[str] | None = None) -> dict[str, Trail]:
    """Trails with their contents by slug: all, or ``only`` those with these slugs."""
    rows = connection.execute(
        "SELECT slug, municipality, line, licence, attribution, surveyed, direction, state, state_since, stamps_needed"
        " FROM trail WHERE %(only)s::text[] IS NULL OR slug = ANY(%(only)s) ORDER BY slug",
        {"only": only},
    )
    trails = {
        str(slug): Trail(
            slug=slug,
            municipality=municipality,
            line=cast("LineString", shapely.from_wkb(line)),
            licence=licence,
            attribution=attribution,
            surveyed=surveyed,
            direction=TrailDirection(direction) if direction else None,
            state=TrailState(state),
            state_since=since,
            stamps_needed=stamps,
        )
        for slug, municipality, line, licence, attribution, surveyed, direction, state, since, stamps in rows
    }
    for trail, variant, name, lead, body, plain in connection.execute(
        "SELECT trail, variant, name, lead, body, plain FROM trail_content"
        " WHERE %(only)s::text[] IS NULL OR trail = ANY(%(only)s) ORDER BY trail, variant",
        {"only": only},
    ):
        trails[trail].contents[variant] = TrailContent(
            variant=variant, name=name, lead=lead, body=body, plain=published_content.read_plain(plain)
        )
    return trails
