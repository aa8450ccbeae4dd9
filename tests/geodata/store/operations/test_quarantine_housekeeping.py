"""Housekeeping of the quarantine: what goes first when it is full, and how full it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.store.database import Database
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.transaction import write
from geodata.store.operations import retention
from geodata.store.operations.retention import Retention, quarantine_steps, run
from geodata.times import to_us
from tests.geodata.flushes import refused, register
from tests.geodata.store.operations.aged import NOW, ago, reject, waiting


def test_the_quarantine_loses_what_is_too_old_then_what_was_replayed_then_the_oldest(store: Database) -> None:
    reject(store, (181, False), (181, True), (40, False), (30, True), (20, False), (10, True), (5, False))
    keep = Retention(quarantine_rows=100)
    assert run(store, quarantine_steps(keep), NOW) == {"quarantine_replayed": 1, "quarantine_waiting": 1}
    assert len(waiting(store)) == 5
    few = replace(keep, quarantine_rows=4)
    assert run(store, quarantine_steps(few), NOW) == {"quarantine_replayed": 1, "quarantine_waiting": 0}
    assert waiting(store) == [(40, False), (20, False), (10, True), (5, False)]
    run(store, quarantine_steps(replace(keep, quarantine_rows=2)), NOW)
    assert waiting(store) == [(20, False), (5, False)]


def test_nobodys_entries_push_out_another_devices(database: Database) -> None:
    with database.transaction() as connection:
        register(connection, "pond", "tree")
        many = [("pond", number) for number in range(30)] + [(f"made-up-{number}", number) for number in range(30)]
        for device, age in [*many, ("tree", 90), ("tree", 80), ("gone", 70)]:
            entry = refused(f"{device} {age}".encode(), received=ago(age / 10))
            entry.device = device
            write(connection, Flush("p", to_us(NOW), received=1, refused=[entry]))
    run(database, quarantine_steps(Retention(quarantine_rows=12)), NOW)
    with database.transaction() as connection:
        found = connection.execute(
            "SELECT convert_from(payload, 'UTF8') FROM quarantine ORDER BY received_at"
        ).fetchall()
    ponds, strangers = ([f"{name} {i}" for i in range(4, -1, -1)] for name in ("pond", "made-up"))
    kept = [row[0] for row in found]
    assert kept[:2] == ["tree 90", "tree 80"]
    assert [one for one in kept if one.startswith("pond")] == ponds
    assert len([one for one in kept if one.startswith("made-up")]) == len(strangers)
    assert len(kept) == 12


@pytest.mark.parametrize(
    ("entries", "share"),
    [([], 0), ([(9, False)], 0.1), ([(9, False)] * 8, 0.8), ([(162, False)], 0.9), ([(170, True)], 0.1)],
)
def test_the_quarantine_is_as_full_as_its_rows_or_its_oldest_entry_that_waits(
    database: Database, entries: list[tuple[float, bool]], share: float
) -> None:
    reject(database, *entries)
    with database.transaction() as connection:
        usage = retention.quarantine_usage(connection, Retention(quarantine_rows=10), NOW)
    assert usage.share == pytest.approx(share)
    assert usage.nearly_full == (share >= 0.8)
