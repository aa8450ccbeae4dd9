"""What the counter counted while people were counted by hand, from its single reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from geodata.model.counting.count_session import CountSession, CountSlice, CountTally
from geodata.model.counting.counter import Channel, Direction
from geodata.statistics.calibration import counted
from geodata.statistics.calibration.counted import CountedSpan, NoCommonSpan
from geodata.statistics.calibration.flow import SLICE
from geodata.store.counting import counter_reports, mountings, sessions
from geodata.store.devices import device_status
from geodata.store.transaction import Transaction

_REACH = 2.5  # intervals: two reports further apart have lost at least one between them
LATE = timedelta(days=30)
"""So long reports of a counter may come after the session."""


def compare_anew(connection: Transaction, now: datetime) -> int:
    """Compare the sessions of the last month with the counters once more; return how many changed.

    Reports of counters come late. Where they do not come any more, or were deleted, what was compared stays.
    """
    changed = 0
    for session in sessions.since(connection, now - LATE):
        channels = mountings.channels_of(connection, session.mounting)
        found = compared(connection, session, channels)
        if found != session:
            sessions.set_counted(connection, found)
            changed += 1
    return changed


def compared(connection: Transaction, session: CountSession, channels: Sequence[Channel]) -> CountSession:
    """The session with what the counter counted meanwhile; what is not known any more stays as it is."""
    interval = interval_of(connection, session.device)
    spans = _Spans(connection, channels, session, _REACH * interval)
    tallies = [_compared_tally(each, spans.of(each.direction, session.started_at, session.ended_at))
               for each in session.tallies]  # fmt: skip
    if 2 * interval > SLICE:
        return replace(session, tallies=tallies)
    slices = [_compared_slice(each, spans.of(each.direction, each.starts_at, each.starts_at + SLICE))
              for each in session.slices]  # fmt: skip
    return replace(session, tallies=tallies, slices=slices)


def _compared_tally(tally: CountTally, span: CountedSpan | NoCommonSpan) -> CountTally:
    if span is NoCommonSpan.SILENT:
        return tally
    if isinstance(span, CountedSpan):
        return replace(tally, counted=span.passes, is_interpolated=span.is_interpolated)
    return replace(tally, counted=None, is_interpolated=False)


def _compared_slice(each: CountSlice, span: CountedSpan | NoCommonSpan) -> CountSlice:
    if span is NoCommonSpan.SILENT:
        return each
    return replace(each, counted=span.passes if isinstance(span, CountedSpan) else None)


class _Spans:
    """What a counter counted in spans of a session, by its reports around it."""

    def __init__(
        self, connection: Transaction, channels: Sequence[Channel], session: CountSession, reach: timedelta
    ) -> None:
        self._reach = reach
        self._channels = channels
        start, end = session.started_at - 2 * reach, session.ended_at + 2 * reach
        self._reports = {
            datastream: counter_reports.reports(connection, datastream, start, end)
            for datastream in datastreams(channels)
        }

    def of(self, direction: Direction, start: datetime, end: datetime) -> CountedSpan | NoCommonSpan:
        """The passes in one direction, or of all channels for both."""
        wanted = [each for each in self._channels if each.direction is direction] or self._channels
        parts = [self._of_channel(channel, start, end) for channel in wanted]
        known = [part for part in parts if isinstance(part, CountedSpan)]
        if len(known) < len(parts):
            anew = NoCommonSpan.BEGAN_ANEW
            return anew if anew in parts else NoCommonSpan.SILENT
        return CountedSpan(sum(part.passes for part in known), any(part.is_interpolated for part in known))

    def _of_channel(self, channel: Channel, start: datetime, end: datetime) -> CountedSpan | NoCommonSpan:
        """By the running total where there is one: it loses nothing."""
        if channel.total is not None:
            return counted.by_total(self._reports[channel.total], start, end, self._reach)
        assert channel.increment is not None, "the table demands one of both"  # noqa: S101 - for the type
        return counted.by_increments(self._reports[channel.increment], start, end, self._reach)


def datastreams(channels: Sequence[Channel]) -> list[int]:
    """What is read of the channels: the running total where there is one."""
    found = (channel.increment if channel.total is None else channel.total for channel in channels)
    return [datastream for datastream in found if datastream is not None]


def interval_of(connection: Transaction, device: str) -> timedelta:
    """How often the device reports, by its own word where it said so. Raises NotFound."""
    return timedelta(seconds=device_status.find(connection, device).interval_s)
