"""Annotations in the database."""

from __future__ import annotations

from datetime import date

from geodata.conditions.annotations import Annotation, AnnotationKind
from geodata.errors import NotFound
from geodata.store.transaction import Transaction


def add(connection: Transaction, annotation: Annotation) -> int:
    """Write a new annotation; return its id. Its own ``id`` does not count."""
    row = connection.execute(
        "INSERT INTO annotation (municipality, trail, station, kind, first_day, last_day, text, created_by,"
        " public) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            annotation.municipality,
            annotation.trail,
            annotation.station,
            annotation.kind,
            annotation.first_day,
            annotation.last_day,
            annotation.text,
            annotation.created_by,
            annotation.public,
        ],
    ).fetchone()
    return int(row[0]) if row else 0


def remove(connection: Transaction, identity: int) -> None:
    """Delete an annotation. Raises NotFound."""
    if not connection.execute("DELETE FROM annotation WHERE id = %s", [identity]).rowcount:
        raise NotFound("annotation", str(identity))


def set_public(connection: Transaction, identity: int, *, public: bool) -> None:
    """Say whether everybody may read an annotation. Raises NotFound."""
    if not connection.execute("UPDATE annotation SET public = %s WHERE id = %s", [public, identity]).rowcount:
        raise NotFound("annotation", str(identity))


def text_of(connection: Transaction, identity: int) -> tuple[str, str]:
    """What an annotation says, and the slug of its municipality; nobody changes it until this ends. Raises NotFound."""
    row = connection.execute(
        "SELECT text, municipality FROM annotation WHERE id = %s FOR UPDATE", [identity]
    ).fetchone()
    if row is None:
        raise NotFound("annotation", str(identity))
    return str(row[0]), str(row[1])


def load(
    connection: Transaction, municipality: str | None = None, within: tuple[date, date] | None = None
) -> list[Annotation]:
    """All annotations in the order of their days; of a ``municipality`` only, where one is given.

    ``within``: those alone that have a day from the first to before the last of these.
    """
    first, before = within or (None, None)
    rows = connection.execute(
        "SELECT id, municipality, trail, station, kind, first_day, last_day, text, created_by, public FROM annotation"
        " WHERE (%(only)s::text IS NULL OR municipality = %(only)s)"
        " AND (%(first)s::date IS NULL OR last_day >= %(first)s)"
        " AND (%(before)s::date IS NULL OR first_day < %(before)s)"
        " ORDER BY first_day, id",
        {"only": municipality, "first": first, "before": before},
    )
    return [
        Annotation(
            id=row[0],
            municipality=row[1],
            trail=row[2],
            station=row[3],
            kind=AnnotationKind(row[4]),
            first_day=row[5],
            last_day=row[6],
            text=row[7],
            created_by=row[8],
            public=row[9],
        )
        for row in rows
    ]
