"""The device's memory of what it measured: a reading leaves it only when the gateway has confirmed it.

One SQLite file for the fleet (or memory). A reading is committed here before it is sent, so a killed process
finds it again at the next start, under its old boot and seq.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from firmware_sim.devices.protocol import Measurement
from firmware_sim.errors import CannotRun

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reading (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, "values" BLOB NOT NULL,
    UNIQUE (device, boot, seq)
);
CREATE INDEX IF NOT EXISTS reading_device ON reading (device, position);
CREATE TABLE IF NOT EXISTS progress (device TEXT PRIMARY KEY, time INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A reading in the outbox; ``position`` rises in the order of measuring."""

    position: int
    reading: Measurement


class Outbox:
    """The readings of all devices that are not confirmed yet, at most ``capacity`` of each: the oldest go first."""

    def __init__(self, directory: Path | None = None, capacity: int = 50_000) -> None:
        """Open the file in ``directory`` (made if missing), or keep everything in memory; raises CannotRun."""
        self._capacity = capacity
        self._where = "memory" if directory is None else str(directory / "outbox.sqlite")
        with self._translated():
            self._connection = _open(directory)
        counted = self._connection.execute("SELECT device, count(*) FROM reading GROUP BY device")
        self._counts: dict[str, int] = dict(counted.fetchall())

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def append(self, readings: Iterable[tuple[str, Measurement]]) -> dict[str, int]:
        """Keep readings as (device, reading) in one transaction; returns how many old ones each device had to drop."""
        rows = [(device, r.boot, r.seq, r.time, r.values) for device, r in readings]
        added: dict[str, int] = {}
        for device, *_ in rows:
            added[device] = added.get(device, 0) + 1
        with self._translated(), self._connection:
            self._connection.executemany(
                'INSERT INTO reading (device, boot, seq, time, "values") VALUES (?, ?, ?, ?, ?)', rows
            )
            self._connection.executemany(
                "INSERT INTO progress VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET time = excluded.time",
                [(device, time) for device, _, _, time, _ in rows],
            )
            dropped = {device: self._drop_oldest(device, number) for device, number in added.items()}
        for device, number in added.items():
            self._counts[device] = self.count(device) + number - dropped[device]
        return {device: number for device, number in dropped.items() if number}

    def _drop_oldest(self, device: str, added: int) -> int:
        excess = self.count(device) + added - self._capacity
        if excess <= 0:
            return 0
        oldest = "SELECT position FROM reading WHERE device = ? ORDER BY position LIMIT ?"
        self._connection.execute(f"DELETE FROM reading WHERE position IN ({oldest})", (device, excess))  # noqa: S608 - a constant
        return excess

    def confirm(self, device: str, boot: str, seq: int) -> int:
        """Forget what is confirmed: readings of ``boot`` up to and including ``seq``; returns how many those were."""
        with self._translated(), self._connection:
            forgotten = self._connection.execute(
                "DELETE FROM reading WHERE device = ? AND boot = ? AND seq <= ?", (device, boot, seq)
            ).rowcount
        self._counts[device] = self.count(device) - forgotten
        return forgotten

    def count(self, device: str) -> int:
        """How many readings of ``device`` wait for their confirmation."""
        return self._counts.get(device, 0)

    def count_until(self, device: str, position: int) -> int:
        """How many of them stand at ``position`` or before."""
        rows = self._connection.execute(
            "SELECT count(*) FROM reading WHERE device = ? AND position <= ?", (device, position)
        )
        return int(rows.fetchone()[0])

    def after(self, device: str, position: int, limit: int) -> list[Held]:
        """The next readings of ``device`` behind ``position``, in the order of measuring."""
        rows = self._connection.execute(
            'SELECT position, boot, seq, time, "values" FROM reading WHERE device = ? AND position > ?'
            " ORDER BY position LIMIT ?",
            (device, position, limit),
        )
        return [Held(place, Measurement(boot, seq, time, values)) for place, boot, seq, time, values in rows]

    def oldest(self, device: str, boot: str) -> int | None:
        """The lowest seq of ``boot`` that is still held; None where nothing is."""
        rows = self._connection.execute("SELECT min(seq) FROM reading WHERE device = ? AND boot = ?", (device, boot))
        return rows.fetchone()[0]

    def last_time(self, device: str) -> int | None:
        """When ``device`` measured last (Unix seconds), confirmed or not; None if it never did."""
        row = self._connection.execute("SELECT time FROM progress WHERE device = ?", (device,)).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            hint = "Is another simulator running with the same --state? Is the disk full or the folder not writable?"
            raise CannotRun(f"The outbox {self._where} cannot be used: {error}. {hint}") from error


def _open(directory: Path | None) -> sqlite3.Connection:
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(":memory:" if directory is None else directory / "outbox.sqlite", timeout=1.0)
    try:
        # One process per file; without this two simulators would confirm each other's readings away.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit survives the death of the process; only a power cut may undo the last ones.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
