"""Passes made anew because somebody asks for it: written down with what stood before, and taken back bit by bit."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from geodata.errors import InvalidInput, NotFound, StoreUnavailable
from geodata.figures import passes
from geodata.messages.message import message
from geodata.statistics.counting.days import day_of
from geodata.store.counting import log, queue, touched
from geodata.store.counting.log import LoggedSpan
from geodata.store.counting.touched import ChannelStretch
from geodata.store.database import Database
from geodata.store.transaction import Transaction, see_one_moment
from geodata.times import HOUR_US, rfc3339, to_datetime

_PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The number of its entry in the log, the channels that were counted, and how many hours are other than before."""

    entry: int
    channels: int
    changed_hours: int


@contextmanager
def alone(database: Database, patience_s: float = _PATIENCE_S) -> Generator[Transaction]:
    """A transaction in which nobody else counts, and that sees one moment. Raises StoreUnavailable, if none is free."""
    until = time.monotonic() + patience_s
    while True:
        with database.transaction() as connection:
            see_one_moment(connection)
            if queue.try_lock(connection):
                yield connection
                return
        if time.monotonic() > until:
            raise StoreUnavailable("Passes are being counted for a minute already. Do this again when that has ended.")
        time.sleep(_LOOK_EVERY_S)


def rebuild(
    connection: Transaction, devices: Sequence[str], start: datetime, end: datetime, *, by: str, reason: str
) -> Rebuilt:
    """Count the hours of these devices from ``start`` to before ``end`` anew, and write down what stood there.

    Hours whose rollup is deleted stay as they are. Raises InvalidInput where nothing is known of any.
    """
    stretches = touched.stretches_between(connection, devices, start, end)
    if not stretches:
        expected = "a time in which counters reported"
        asked = message("{start} to {end}", start=rfc3339(start), end=rfc3339(end))
        raise InvalidInput(message("{option[from]} and {option[to]}"), asked, expected)
    entry = log.keep(connection, [_logged(stretch) for stretch in stretches], by=by, what="rebuild", reason=reason)
    passes.count(connection, stretches)
    return _rebuilt(connection, entry, stretches)


def undo(connection: Transaction, number: int, *, by: str, reason: str) -> Rebuilt:
    """Put back what stood before an entry of the log; that is an entry too, and can be undone.

    Raises NotFound, and InvalidInput where it is undone already or a later entry changed the same hours.
    """
    judge_undo(connection, number, log.later_over(connection, number))
    spans = log.spans_of(connection, number)
    undoing = log.keep(connection, spans, by=by, what="undo", reason=reason, undoes=number)
    log.put_back(connection, number)
    return Rebuilt(undoing, len({span.channel for span in spans}), log.changed_hours(connection, undoing))


def judge_undo(connection: Transaction, number: int, later_over: Sequence[tuple[int, int | None]]) -> None:
    """Raise NotFound, or InvalidInput where an entry is undone already or one of the later ones stands in its way."""
    entry = log.find(connection, number)
    if entry is None:
        raise NotFound("entry of the log of figures", str(number))
    if entry.undone_by is not None:
        expected = message("an entry that stands; {by} has undone it", by=entry.undone_by)
        raise InvalidInput("ID", number, expected, message("Undo {by} to have it again.", by=entry.undone_by))
    later = _last_standing(number, later_over)
    if later is not None:
        expected = message("the last that changed these hours; {later} did so after it", later=later)
        raise InvalidInput("ID", number, expected, message("Undo {later} first.", later=later))


def _last_standing(number: int, later: Sequence[tuple[int, int | None]]) -> int | None:
    """Of entries after this one, the newest first, the first that is not undone and undoes none of them itself."""
    undone: set[int] = set()
    for entry, undoes in later:
        if entry in undone:
            continue
        if undoes is None or undoes <= number:
            return entry
        undone.add(undoes)
    return None


def _rebuilt(connection: Transaction, entry: int, stretches: Sequence[ChannelStretch]) -> Rebuilt:
    channels = {stretch.channel.id for stretch in stretches}
    return Rebuilt(entry, len(channels), log.changed_hours(connection, entry))


def _logged(stretch: ChannelStretch) -> LoggedSpan:
    """The hours of a stretch, and the days that they touch."""
    first, last, zone = stretch.first, stretch.last, stretch.channel.zone
    return LoggedSpan(
        stretch.channel.id,
        to_datetime(first * HOUR_US),
        to_datetime(last * HOUR_US),
        day_of(first, zone),
        day_of(last, zone),
    )
