"""The moments at which pages of a trail change by themselves, known beforehand: a phone shows those of its own time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from api.catalogue.closures import SOON, PlacedClosure
from api.catalogue.snapshot import Snapshot
from geodata.conditions.closures import periods
from geodata.conditions.notices import NoticeRule
from geodata.content.seasonal import next_switch
from geodata.model.station import Station
from geodata.vocabulary.season import midnight

AHEAD = timedelta(days=60)
"""How far ahead a pack knows what will be; later it shows its last pages, and has long said that it is old."""
MOST = 12
"""Of several sets of pages: a trail that changes more often is shown as it is after the last of them."""


def begin_of_day(snapshot: Snapshot, trail: str, now: datetime) -> datetime:
    """The midnight before ``now`` where the trail is: packs of one day are made for this one moment."""
    timezone = snapshot.catalogue.timezone_of(trail)
    return midnight(now.astimezone(timezone).date(), timezone)


def moments(snapshot: Snapshot, trail: str, begin: datetime, warned: Iterable[NoticeRule] = ()) -> list[datetime]:
    """``begin``, and the moments after it at which something on the trail's pages changes; rising, at most MOST.

    Closures are announced, begin and end; what staff have said of a place expires, as do the warnings of ``warned``
    a day after ``begin``; texts follow the season.
    """
    end = begin + AHEAD
    later = {
        *_of_closures(snapshot.closures_of_trail.get(trail, ()), begin, end),
        *_of_overrides(snapshot, trail),
        *(begin + timedelta(days=1, seconds=rule.expires_s + 1) for rule in warned),
        *_of_seasons(snapshot, trail, begin, end),
    }
    return [begin, *sorted(moment for moment in later if begin < moment < end)][:MOST]


def snapshot_at(snapshot: Snapshot, trail: str, at: datetime) -> Snapshot:
    """The snapshot with the texts of ``at``; the same one where no text of the trail has a season."""
    if not any(station.seasonal for station in _stations(snapshot, trail)):
        return snapshot
    return Snapshot.of(snapshot.stored, snapshot.version, at, snapshot)


def _of_closures(placed: Iterable[PlacedClosure], begin: datetime, end: datetime) -> Iterator[datetime]:
    for closure in placed:
        coming = periods(closure.closure, begin, closure.timezone)
        for period in takewhile(lambda period: period.start - SOON < end, coming):
            yield from (period.start - SOON, period.start)
            if period.end is not None:
                yield period.end


def _of_overrides(snapshot: Snapshot, trail: str) -> Iterator[datetime]:
    for rule in snapshot.catalogue.notice_rules.values():
        override = snapshot.catalogue.overrides.get(rule.id)
        if rule.trail == trail and override is not None:
            yield from (override.since, override.until)


def _of_seasons(snapshot: Snapshot, trail: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    stations, timezone = _stations(snapshot, trail), snapshot.catalogue.timezone_of(trail)
    at = next_switch(stations, begin, timezone)
    while at is not None and at < end:
        yield at
        at = next_switch(stations, at, timezone)


def _stations(snapshot: Snapshot, trail: str) -> list[Station]:
    return snapshot.stations_of_trail.get(trail, [])
