"""Read the quarantine again, with the gateway's validation and in the store's transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from gateway.decoding.reasons import Reason, sentence
from gateway.pipeline.datastreams import missing_datastreams, resolve_datastreams
from gateway.pipeline.replay import flush_again, validate_again
from geodata.errors import StoreDeadlock, StoreRejected, StoreTimeout
from geodata.store.database import Database
from geodata.store.ingest import registry, replay
from geodata.store.ingest.quarantine import Selection
from geodata.store.ingest.replay import NeedsOwner, Waiting
from geodata.store.transaction import Transaction
from geodata.times import to_us

AT_ONCE = 200  # entries in one transaction
_DEADLOCKS = 5  # in a row


@dataclass(slots=True)
class ReplayReport:
    """What became of ``entries``, the messages that were read again.

    ``stored`` and ``duplicates`` (there already) are values. ``staying`` are the messages of which something was
    refused again, ``quarantined`` these parts by reason: each a value, or a message that cannot be taken apart.
    """

    entries: int = 0
    stored: int = 0
    duplicates: int = 0
    staying: int = 0
    quarantined: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, other: ReplayReport) -> None:
        """Count another report in."""
        self.entries += other.entries
        self.stored += other.stored
        self.duplicates += other.duplicates
        self.staying += other.staying
        for reason, count in other.quarantined.items():
            self.quarantined[reason] = self.quarantined.get(reason, 0) + count


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay at ``now``; a ``dry_run`` does the same and undoes it. ``retention_us`` as for the gateway's validator.

    ``database`` needs the owner's rights, or with ``keeps_owners`` those of a gateway: what came again before its first
    receipt is read again moves stored values to an earlier time, which only the owner may, and stays.
    """

    database: Database
    now: datetime
    retention_us: int = 0
    dry_run: bool = False
    keeps_owners: bool = False

    def run(self, which: Selection) -> ReplayReport:
        """Read ``which`` entries again; repeating is safe. Raises StoreUnavailable; what was committed stays."""
        report = ReplayReport()
        with self.database.transaction() as connection:
            waiting = replay.waiting(connection, which)
        for ids in _by_device(waiting) if self.dry_run else _in_order(waiting):
            report.add(self._replay(ids))
        return report

    def run_entries(self, ids: Sequence[int]) -> ReplayReport:
        """Read these entries again, which are few and in order of receipt, as run() does."""
        return self._replay(ids)

    def _replay(self, ids: Sequence[int]) -> ReplayReport:
        """One transaction; what the database refuses or takes too long for is halved, down to the entry at fault.

        A refused entry stays; one that alone takes too long raises StoreTimeout.
        """
        try:
            report = self._attempt(ids)
        except (StoreRejected, StoreTimeout) as error:
            if len(ids) == 1:
                if isinstance(error, StoreTimeout):
                    raise
                if isinstance(error, NeedsOwner):
                    return ReplayReport(entries=1, staying=1)
                return self._keep(ids[0], error)
            middle = len(ids) // 2
            report = self._replay(ids[:middle])
            report.add(self._replay(ids[middle:]))
        return report

    def _attempt(self, ids: Sequence[int], more: int = _DEADLOCKS) -> ReplayReport:
        """Write them; where a gateway that writes the same stood in the way, once more."""
        try:
            with self.database.transaction() as connection:
                report = self._write(connection, ids)
                if self.dry_run:
                    connection.rollback()
        except StoreDeadlock:
            if more == 0:
                raise
            return self._attempt(ids, more - 1)
        return report

    def _keep(self, entry: int, error: StoreRejected) -> ReplayReport:
        if not self.dry_run:
            with self.database.transaction() as connection:
                replay.refuse(connection, entry, Reason.REFUSED, sentence(Reason.REFUSED, value=str(error)))
        return ReplayReport(entries=1, staying=1, quarantined={Reason.REFUSED.value: 1})

    def _write(self, connection: Transaction, ids: Sequence[int]) -> ReplayReport:
        report = ReplayReport()
        entries = sorted(replay.take(connection, ids), key=_partition)
        for partition, group in groupby(entries, key=_partition):
            report.add(self._write_partition(connection, partition, list(group)))
        return report

    def _write_partition(self, connection: Transaction, partition: str, entries: list[Waiting]) -> ReplayReport:
        messages = validate_again(entries, registry.load(connection), self.retention_us)
        wanted = missing_datastreams(messages)
        resolve_datastreams(messages, {pair: registry.add_datastream(connection, *pair) for pair in wanted})
        parts = {entry: message.received for entry, message in zip(entries, messages, strict=True)}
        flush = flush_again(messages, partition, to_us(self.now))
        if self.keeps_owners:
            replay.check_needs_no_owner(connection, flush)
        outcome = replay.write(connection, flush, parts, self.now)
        staying = replay.count_staying(connection, entries)
        return ReplayReport(len(entries), outcome.stored, outcome.duplicates, staying, outcome.reasons)


def _in_order(waiting: Sequence[tuple[int, str | None]]) -> Iterator[list[int]]:
    for start in range(0, len(waiting), AT_ONCE):
        yield [entry for entry, _ in waiting[start : start + AT_ONCE]]


def _by_device(waiting: Sequence[tuple[int, str | None]]) -> Iterator[list[int]]:
    """All entries of a device at once: what is undone after each transaction would not be found there by the next."""
    groups: dict[str | None, list[int]] = {}
    for entry, device in waiting:
        groups.setdefault(device, []).append(entry)
    together: list[int] = []
    for group in groups.values():
        together += group
        if len(together) >= AT_ONCE:
            yield together
            together = []
    if together:
        yield together


def _partition(entry: Waiting) -> str:
    return entry.partition
