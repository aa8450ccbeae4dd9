"""Maintenance of the database: months ahead of time, and an end for what is older than it shall be kept.

Every step is a separate transaction and may be repeated at any time: a crash between or within them loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import LiteralString

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.store.access import audit, scan_receipt
from geodata.store.access.scan_receipt import TAKEN_DAYS
from geodata.store.database import Database
from geodata.store.reports import handling as reports
from geodata.store.transaction import Transaction

_AHEAD = timedelta(days=62)
_SLICE = 10_000  # rows in one transaction: the gateway never waits long for it
_MARGIN = timedelta(days=1)
"""Dropped that much later than refused: a reading accepted a moment ago still finds its time."""
_NEARLY_FULL = 0.8
_CENTURY_DAYS = 36_500
_LEAST_RAW_DAYS = 32  # the database itself refuses to drop anything of the last 30 days


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how many days each class of data is kept, 0 for ever, and how many rows the quarantine may have.

    Hourly values are kept at least as long as the raw ones: what arrives late changes both.
    """

    raw_days: int = 1096
    hourly_days: int = 0
    quarantine_days: int = 180
    quarantine_rows: int = 100_000
    minute_days: int = 30
    receipt_days: int = 365
    audit_days: int = 365
    report_days: int = 365
    report_contact_days: int = 30
    columns_after_days: int = 14

    def __post_init__(self) -> None:
        if 0 < self.raw_days < _LEAST_RAW_DAYS:
            expected = message("0 or at least {days} days", days=_LEAST_RAW_DAYS)
            raise InvalidInput(message("{setting[retention_raw_days]}"), self.raw_days, expected)
        if self.hourly_days and not 0 < self.raw_days <= self.hourly_days:
            raise InvalidInput(
                message("{setting[retention_hourly_days]}"),
                self.hourly_days,
                message("0, or at least {setting[retention_raw_days]}"),
            )

    @property
    def ageless(self) -> Retention:
        """A copy without ages, with bounds by number alone: for while nobody knows how old anything is."""
        days = ("raw_days", "hourly_days", "quarantine_days", "minute_days", "receipt_days", "audit_days")
        days += ("report_days", "report_contact_days")
        return replace(self, **dict.fromkeys(days, _CENTURY_DAYS))


@dataclass(frozen=True, slots=True)
class MaintenanceStep:
    """A piece of work: ``do`` says how much it did in one go, 0 when nothing is left."""

    name: str
    do: Callable[[Transaction, datetime], int]


@dataclass(frozen=True, slots=True)
class QuarantineUsage:
    """How near the quarantine is to its bounds (1: there), with what to say to an operator."""

    share: float
    rows: int
    oldest: datetime | None

    @property
    def nearly_full(self) -> bool:
        """Whether it is time to look at it: the next things to happen are deletions."""
        return self.share >= _NEARLY_FULL


def steps(keep: Retention) -> list[MaintenanceStep]:
    """All steps in order; those that lock the observations come last."""
    return [
        *quarantine_steps(keep),
        MaintenanceStep(
            "throughput_minutes", lambda connection, now: _delete_minutes(connection, now, keep.minute_days)
        ),
        MaintenanceStep("receipt_times", lambda connection, now: _delete_receipts(connection, now, keep.receipt_days)),
        MaintenanceStep(
            "audit", lambda connection, now: audit.delete(connection, now - timedelta(days=keep.audit_days), _SLICE)
        ),
        MaintenanceStep("scan_receipts", _delete_scan_receipts),
        MaintenanceStep("reports", lambda connection, now: _delete_reports(connection, now, keep)),
        MaintenanceStep("rollup_hours", lambda connection, now: _delete_rollups(connection, now, keep.hourly_days)),
        MaintenanceStep("policies", lambda connection, _: _set_policies(connection, keep)),
        MaintenanceStep("partitions_made", _make_partitions),
        MaintenanceStep("partitions_dropped", lambda connection, now: _drop_partition(connection, now, keep.raw_days)),
    ]


def quarantine_steps(keep: Retention) -> list[MaintenanceStep]:
    """The steps that hold the quarantine within its bounds: what was replayed goes before what waits."""
    return [
        MaintenanceStep(name, lambda connection, now, waiting=waiting: _discard(connection, now, keep, waiting=waiting))
        for name, waiting in (("quarantine_replayed", False), ("quarantine_waiting", True))
    ]


def run(database: Database, todo: list[MaintenanceStep], now: datetime) -> dict[str, int] | None:
    """Do all steps until nothing is left; return how much each did, None while another process is at it."""
    done: dict[str, int] = {}
    for step in todo:
        done[step.name] = 0
        while True:
            with database.transaction() as connection:
                if not _alone(connection):
                    return None
                count = step.do(connection, now)
            done[step.name] += count
            if count == 0:
                break
    return done


def dry_run(database: Database, todo: list[MaintenanceStep], now: datetime) -> dict[str, int] | None:
    """How much run() would do in each step: all steps in one transaction that is undone; None as there."""
    with database.transaction() as connection:
        if not _alone(connection):
            return None
        done = {step.name: sum(iter(lambda step=step: step.do(connection, now), 0)) for step in todo}
        connection.rollback()
    return done


def quarantine_usage(connection: Transaction, keep: Retention, now: datetime) -> QuarantineUsage:
    """How full the quarantine is, by rows and by the age of what waits, whichever is more."""
    row = connection.execute(
        "SELECT count(*), min(received_at) FILTER (WHERE replayed_at IS NULL) FROM quarantine"
    ).fetchone()
    count, oldest = row or (0, None)
    share = count / keep.quarantine_rows
    if oldest is not None:
        share = max(share, (now - oldest) / timedelta(days=keep.quarantine_days))
    return QuarantineUsage(share, int(count), oldest)


def _alone(connection: Transaction) -> bool:
    """Whether no other transaction runs maintenance; a lock that this one waits for does not hold up the others."""
    connection.execute("SET LOCAL lock_timeout = '2s'")
    row = connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtext('digitalpfad'), hashtext('housekeeping'))"
    ).fetchone()
    return row is not None and bool(row[0])


def _discard(connection: Transaction, now: datetime, keep: Retention, *, waiting: bool) -> int:
    """Delete what is too old, and what is too many."""
    aged = connection.execute(
        "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine"
        " WHERE (replayed_at IS NULL) = %s AND received_at < %s LIMIT %s)",
        [waiting, now - timedelta(days=keep.quarantine_days), _SLICE],
    ).rowcount
    row = connection.execute("SELECT count(*) FROM quarantine").fetchone()
    too_many = min(_SLICE, int(row[0]) - keep.quarantine_rows) if row else 0
    if aged or too_many <= 0:
        return aged
    return connection.execute(_DISCARD_FAIRLY if waiting else _DISCARD_REPLAYED, [too_many]).rowcount


_DISCARD_REPLAYED: LiteralString = """
    DELETE FROM quarantine WHERE id IN (
        SELECT id FROM quarantine WHERE replayed_at IS NOT NULL ORDER BY received_at, id LIMIT %s)
"""

_DISCARD_FAIRLY: LiteralString = """
    DELETE FROM quarantine WHERE id IN (
        SELECT id FROM (
            SELECT quarantine.id, received_at,
                row_number() OVER (PARTITION BY device.id ORDER BY received_at DESC, quarantine.id DESC) AS place
            FROM quarantine LEFT JOIN device ON device.id = quarantine.device
            WHERE replayed_at IS NULL) AS waiting
        ORDER BY place DESC, received_at, id LIMIT %s)
"""
"""The oldest entries of the device that has the most, until another one has as many. Names that nobody registered,
which are made up freely, count together as one device."""


def _delete_minutes(connection: Transaction, now: datetime, days: int) -> int:
    if days == 0:
        return 0
    return connection.execute(
        "DELETE FROM ingest_minute WHERE (partition, minute) IN"
        " (SELECT partition, minute FROM ingest_minute WHERE minute < %s LIMIT %s)",
        [now - timedelta(days=days), _SLICE],
    ).rowcount


def _delete_receipts(connection: Transaction, now: datetime, days: int) -> int:
    if days == 0:
        return 0
    return connection.execute(
        "DELETE FROM receipt_time WHERE (device, boot, seq) IN"
        " (SELECT device, boot, seq FROM receipt_time WHERE phenomenon_time < %s LIMIT %s)",
        [now - timedelta(days=days), _SLICE],
    ).rowcount


def _delete_scan_receipts(connection: Transaction, now: datetime) -> int:
    """A day later than the scans themselves are refused as too old: no id is needed any more."""
    return scan_receipt.delete(connection, now.date() - timedelta(days=TAKEN_DAYS + 1), _SLICE)


def _delete_reports(connection: Transaction, now: datetime, keep: Retention) -> int:
    closed, contact = (now - timedelta(days=days) for days in (keep.report_days, keep.report_contact_days))
    return reports.delete_closed(connection, closed, contact, _SLICE)


def _delete_rollups(connection: Transaction, now: datetime, days: int) -> int:
    if days == 0:
        return 0
    before = now - timedelta(days=days) - _MARGIN
    row = connection.execute("SELECT delete_rollups(%s, %s)", [before, _SLICE]).fetchone()
    return int(row[0]) if row else 0


def _set_policies(connection: Transaction, keep: Retention) -> int:
    raw_days = keep.raw_days + _MARGIN.days if keep.raw_days else 0
    row = connection.execute("SELECT set_observation_policies(%s, %s)", [keep.columns_after_days, raw_days]).fetchone()
    return int(row[0]) if row else 0


def _make_partitions(connection: Transaction, now: datetime) -> int:
    row = connection.execute("SELECT ensure_observation_partitions(%s, %s)", [now, now + _AHEAD]).fetchone()
    return int(row[0]) if row else 0


def _drop_partition(connection: Transaction, now: datetime, days: int) -> int:
    if days == 0:
        return 0
    row = connection.execute("SELECT drop_oldest_observations(%s)", [now - timedelta(days=days) - _MARGIN]).fetchone()
    return int(row is not None and row[0] is not None)
