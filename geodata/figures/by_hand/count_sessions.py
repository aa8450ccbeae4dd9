"""Sessions of counting by hand: judged, kept once with what the counter counted meanwhile, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from geodata.errors import InvalidInput
from geodata.figures.by_hand import count_judgement, counter_comparison
from geodata.messages.message import message, phrase
from geodata.model.counting.count_session import CountDraft, CountSession, CountSlice, CountTally
from geodata.model.counting.counter import Channel, Direction
from geodata.statistics.calibration.flow import SLICE
from geodata.store.counting import counter_reports, mountings, sessions
from geodata.store.devices import device_status
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AcceptedCount:
    """A session as it is kept; ``is_new`` False where one of its id was there already."""

    session: CountSession
    is_new: bool


def keep(connection: Transaction, draft: CountDraft, now: datetime) -> AcceptedCount:
    """Keep a session once: of the same id the first stays. Raises InvalidInput, and NotFound for the device."""
    sessions.lock(connection)
    if (there := sessions.find(connection, draft.id)) is not None:
        return AcceptedCount(there, is_new=False)
    zone = ZoneInfo(device_status.timezone_of(connection, draft.device))
    count_judgement.judge_times(draft, counter_comparison.interval_of(connection, draft.device), now, zone)
    count_judgement.judge_people(draft)
    channels = mountings.channels_at(connection, draft.device, draft.started_at)
    count_judgement.judge_place(draft, channels, zone)
    count_judgement.judge_first_report(
        draft, counter_reports.first_report(connection, counter_comparison.datastreams(channels)), zone
    )
    _refuse_overlap(connection, draft, zone)
    session = counter_comparison.compared(connection, _session(draft, channels), channels)
    sessions.add(connection, session)
    return AcceptedCount(session, is_new=True)


def delete(connection: Transaction, session: UUID) -> None:
    """Delete a session, such as one in which somebody lost count. Raises NotFound."""
    sessions.delete(connection, session)


def _refuse_overlap(connection: Transaction, draft: CountDraft, zone: ZoneInfo) -> None:
    other = sessions.overlapping(connection, draft.device, draft.started_at, draft.ended_at)
    if other is None:
        return
    start, end = (f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for moment in (other.started_at, other.ended_at))
    expected = message("a time outside the session of {name}, {start} to {end}", name=other.counted_by, start=start,
                       end=end)  # fmt: skip
    value = f"{draft.started_at.astimezone(zone):%Y-%m-%d %H:%M}"
    raise InvalidInput(phrase("start of the session"), value, expected, "People would count twice: delete one of both.")


def _session(draft: CountDraft, channels: Sequence[Channel]) -> CountSession:
    """The draft in the directions in which the counter counts: one that cannot tell them has their sum."""
    cannot_tell = {channel.direction for channel in channels} == {Direction.BOTH}
    seen: dict[Direction, int] = {}
    for direction, people in draft.seen.items():
        told = Direction.BOTH if cannot_tell else direction
        seen[told] = seen.get(told, 0) + people
    slices: dict[tuple[Direction, datetime], int] = {}
    if draft.slices is not None:
        whole = _whole_slices(draft.started_at, draft.ended_at)
        slices = {(direction, starts_at): 0 for direction in seen for starts_at in whole}
        for (direction, starts_at), people in draft.slices.items():
            place = (Direction.BOTH if cannot_tell else direction, starts_at)
            if place in slices:
                slices[place] += people
    return CountSession(
        id=draft.id, mounting=channels[0].mounting.id, device=draft.device, started_at=draft.started_at,
        ended_at=draft.ended_at, counted_by=draft.counted_by, note=draft.note,
        tallies=[CountTally(direction, people) for direction, people in sorted(seen.items())],
        slices=[CountSlice(*place, people) for place, people in sorted(slices.items())],
    )  # fmt: skip


def _whole_slices(start: datetime, end: datetime) -> list[datetime]:
    length = SLICE.total_seconds()
    first = datetime.fromtimestamp(-(-start.timestamp() // length) * length, start.tzinfo)
    return [first + number * SLICE for number in range(max((end - first) // SLICE, 0))]
