"""Scans of pages that were opened without a network: they come later, perhaps twice, and are counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from geodata.store.access import scan
from geodata.store.access.scan import ScanKey
from geodata.store.transaction import Transaction

TAKEN_DAYS = 30
"""Scans of an hour that is longer ago are not taken any more."""


def add_once(connection: Transaction, scans: Mapping[UUID, ScanKey], received_on: date) -> int:
    """Count the scans whose ids did not come before, and return how many these are."""
    new = connection.execute(
        "INSERT INTO scan_receipt (id, received_on) SELECT id, %s FROM unnest(%s::uuid[]) AS id ORDER BY id"
        " ON CONFLICT DO NOTHING RETURNING id",
        [received_on, list(scans)],
    ).fetchall()
    scan.add_possible(connection, Counter(scans[identity] for (identity,) in new))
    return len(new)


def delete(connection: Transaction, before: date, most: int) -> int:
    """Forget the ids, at most so many, that came before that day, and return how many these are."""
    return connection.execute(
        "DELETE FROM scan_receipt WHERE id IN (SELECT id FROM scan_receipt WHERE received_on < %s LIMIT %s)",
        [before, most],
    ).rowcount
