"""What the operator's page shows, in words; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboards import words
from dashboards.languages import t
from dashboards.operations import checks
from dashboards.operations.checks import CheckRow
from dashboards.operator_tools import OperatorTools
from geodata.conditions.growth import LEAST_DAYS, Growth
from geodata.store.mail.outbox import OutboxState

BACKUP_IS_OLD = timedelta(days=8)
"""A weekly backup that is a day late."""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup in words; ``name`` is its file."""

    name: str
    written: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsView:
    """``wrong`` are the checks that are not well, ``well`` the others; ``checked`` says when, empty for not yet."""

    wrong: Sequence[CheckRow]
    well: Sequence[CheckRow]
    checked: str
    is_checking: bool
    check_trouble: str
    backups: Sequence[BackupRow]
    newest_backup: str
    backup_is_old: bool
    can_back_up: bool
    is_writing: bool
    backup_trouble: str
    folder: str
    mails: OutboxState
    free: str
    database: str
    growth: str
    version: str
    postgres: str
    timescale: str


@dataclass(frozen=True, slots=True)
class DiskState:
    """Bytes that are free and that the database takes; ``growth`` is None while too few days are known."""

    free: int
    database: int
    growth: Growth | None


@dataclass(frozen=True, slots=True)
class RunningVersions:
    """Of Digitalpfad, PostgreSQL, and TimescaleDB or None."""

    digitalpfad: str
    postgres: str
    timescale: str | None


def build(
    tools: OperatorTools,
    disk: DiskState,
    mails: OutboxState,
    running: RunningVersions,
    ago: Callable[[datetime], str],
    now: datetime,
) -> OperationsView:
    """The page; ``ago`` puts a moment into words."""
    found, shelf = tools.checkup(), tools.backups()
    rows = [checks.row(check) for check in found.checks] if found else []
    newest = shelf.files[0] if shelf.files else None
    return OperationsView(
        wrong=[row for row in rows if not row.ok],
        well=[row for row in rows if row.ok],
        checked=ago(found.at) if found else "",
        is_checking=tools.is_checking,
        check_trouble=found.trouble if found else "",
        backups=[BackupRow(file.name, ago(file.written_at), size(file.bytes)) for file in shelf.files],
        newest_backup=ago(newest.written_at) if newest else "",
        backup_is_old=newest is None or now - newest.written_at > BACKUP_IS_OLD,
        can_back_up=tools.can_back_up,
        is_writing=shelf.is_writing,
        backup_trouble=shelf.trouble,
        folder=str(shelf.folder),
        mails=mails,
        free=size(disk.free),
        database=size(disk.database),
        growth=growth_words(disk.growth, now.date()),
        version=running.digitalpfad,
        postgres=running.postgres,
        timescale=running.timescale or "",
    )


def size(amount: float) -> str:
    """``3,4 GB``, ``512 MB``, ``18 kB``; decimal, as disks are sold."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if amount >= factor:
            value = amount / factor
            return f"{words.number(value, 1 if value < 10 else 0)}\u00a0{unit}"
    return f"{words.number(amount / 1e3)}\u00a0kB"


def growth_words(growth: Growth | None, today: date) -> str:
    """For how long the disk is enough, as a sentence."""
    if growth is None:
        return t("Wie schnell sie wächst, ist erst nach %(days)s Tagen zu sagen.", days=LEAST_DAYS)
    if growth.per_day <= 0:
        return t("Sie wächst zurzeit nicht.")
    month = size(growth.per_day * 30.4)
    if growth.full_on is None:
        return t("Sie wächst im Monat um etwa %(size)s; der Platz reicht länger als zwanzig Jahre.", size=month)
    left = (growth.full_on - today).days
    if left < 90:
        return t(
            "Sie wächst im Monat um etwa %(size)s. Der Platz reicht nur noch %(left)s: Bitte schaffen Sie mehr.",
            size=month,
            left=t.plural("einen Tag", "%(number)s Tage", left),
        )
    return t(
        "Sie wächst im Monat um etwa %(size)s; der Platz reicht etwa bis %(year)s.",
        size=month,
        year=growth.full_on.year,
    )
