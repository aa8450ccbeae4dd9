"""Observed properties in the database."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.model.observation import ObservedProperty, PropertyKind
from geodata.store.transaction import Transaction


def add_missing(connection: Transaction, properties: Iterable[ObservedProperty]) -> None:
    """Add those that are not there; what an operator changed stays as it is."""
    known = {str(row[0]) for row in connection.execute("SELECT id FROM observed_property")}
    for prop in properties:
        if prop.id not in known:
            connection.execute(
                "INSERT INTO observed_property (id, unit, kind, minimum, maximum, label_de, label_en, decimals)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [
                    prop.id,
                    prop.unit,
                    prop.kind,
                    prop.minimum,
                    prop.maximum,
                    prop.label_de,
                    prop.label_en,
                    prop.decimals,
                ],
            )


def load(connection: Transaction) -> dict[str, ObservedProperty]:
    """All observed properties by id."""
    rows = connection.execute(
        "SELECT id, unit, kind, minimum, maximum, label_de, label_en, decimals FROM observed_property ORDER BY id"
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
        )
        for row in rows
    }
