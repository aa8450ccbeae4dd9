"""Observed properties in the database."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.errors import NotFound
from geodata.model.counting.counter import Direction
from geodata.model.observation import Audience, ObservedProperty, PropertyKind, by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.model.sentences import NO_SENTENCES
from geodata.store.transaction import Transaction

_SENTENCES = {prop.id: prop.sentences for prop in STANDARD_PROPERTIES}
"""They come with the release, as their translations do: a row of the database has none."""


def add_missing(connection: Transaction, properties: Iterable[ObservedProperty]) -> None:
    """Add those that are not there, rename one that has its old name; what an operator changed stays as it is."""
    known = by_name(load(connection).values())
    for prop in properties:
        if prop.id in known:
            continue
        before = next((known[alias].id for alias in prop.aliases if alias in known), None)
        if before is None:
            _add(connection, prop)
        elif before in prop.aliases:
            rename(connection, before, prop.id)


def _add(connection: Transaction, prop: ObservedProperty) -> None:
    connection.execute(
        "INSERT INTO observed_property (id, unit, kind, minimum, maximum, label_de, label_en, decimals,"
        " audience, rank, staff_rank, counts_things, direction, aliases)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            prop.id,
            prop.unit,
            prop.kind,
            prop.minimum,
            prop.maximum,
            prop.label_de,
            prop.label_en,
            prop.decimals,
            prop.audience,
            prop.rank,
            prop.staff_rank,
            prop.counts_things,
            prop.direction,
            list(prop.aliases),
        ],
    )


def rename(connection: Transaction, name: str, new: str) -> None:
    """Give a property another id, with all that refers to it; the old one becomes an alias."""
    connection.execute(
        "UPDATE observed_property SET id = %s, aliases = array_append(array_remove(aliases, %s), id) WHERE id = %s",
        [new, new, name],
    )


def load(connection: Transaction) -> dict[str, ObservedProperty]:
    """All observed properties by id."""
    rows = connection.execute(
        "SELECT id, unit, kind, minimum, maximum, label_de, label_en, decimals, audience, rank, staff_rank,"
        " counts_things, direction, aliases FROM observed_property ORDER BY id"
    )
    return {
        row[0]: ObservedProperty(
            id=row[0],
            unit=row[1],
            kind=PropertyKind(row[2]),
            minimum=row[3],
            maximum=row[4],
            label_de=row[5],
            label_en=row[6],
            decimals=row[7],
            audience=Audience(row[8]),
            rank=row[9],
            staff_rank=row[10],
            counts_things=row[11],
            direction=None if row[12] is None else Direction(row[12]),
            aliases=tuple(row[13]),
            sentences=next((_SENTENCES[name] for name in (row[0], *row[13]) if name in _SENTENCES), NO_SENTENCES),
        )
        for row in rows
    }


def edit(
    connection: Transaction,
    name: str,
    *,
    audience: Audience | None = None,
    rank: int | None = None,
    staff_rank: int | None = None,
) -> None:
    """Change who reads a property and what comes before it; what is None stays. Raises NotFound."""
    done = connection.execute(
        "UPDATE observed_property SET audience = coalesce(%s, audience), rank = coalesce(%s, rank),"
        " staff_rank = coalesce(%s, staff_rank) WHERE id = %s",
        [audience, rank, staff_rank, name],
    )
    if done.rowcount == 0:
        raise NotFound("observed property", name)


def set_audience(connection: Transaction, trail: str, name: str, audience: Audience | None) -> None:
    """Say who reads a property on one trail; None: those who read it elsewhere."""
    if audience is None:
        connection.execute("DELETE FROM trail_audience WHERE trail = %s AND observed_property = %s", [trail, name])
        return
    connection.execute(
        "INSERT INTO trail_audience (trail, observed_property, audience) VALUES (%s, %s, %s)"
        " ON CONFLICT (trail, observed_property) DO UPDATE SET audience = excluded.audience",
        [trail, name, audience],
    )


def load_audiences(connection: Transaction) -> dict[tuple[str, str], Audience]:
    """Who reads a property on one trail, by trail and property, where that is not who reads it elsewhere."""
    rows = connection.execute("SELECT trail, observed_property, audience FROM trail_audience ORDER BY 1, 2")
    return {(row[0], row[1]): Audience(row[2]) for row in rows}
