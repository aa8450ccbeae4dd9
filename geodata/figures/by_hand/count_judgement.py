"""Whether a session can have been as it was handed in: each doubt is a sentence with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from geodata.errors import InvalidInput
from geodata.messages.message import counted, joined, message, phrase
from geodata.model.counting.count_session import CountDraft
from geodata.model.counting.counter import Channel, Direction
from geodata.statistics.calibration.flow import SLICE

LONGEST = timedelta(hours=12)
_AHEAD = timedelta(minutes=5)
"""A phone's clock may be so far ahead of ours."""
_MOST_PER_S = 4
"""Nobody counts faster, and no path of a trail brings more."""
_NAMES = {
    Direction.IN: phrase("inwards"),
    Direction.OUT: phrase("outwards"),
    Direction.BOTH: phrase("both together"),
}
_EACH = {Direction.IN, Direction.OUT}
_REPORTS = 2
"""So many intervals of the counter a session has at least: below it the reports at its ends say nothing."""


def shortest(interval: timedelta) -> timedelta:
    """The shortest session beside a counter that reports every ``interval``."""
    return max(_REPORTS * interval, timedelta(minutes=1))


def judge_times(draft: CountDraft, interval: timedelta, now: datetime, zone: tzinfo) -> None:
    """Raise InvalidInput for a session that ends before it starts, is too long, too short, or not over yet."""
    length = draft.ended_at - draft.started_at
    end = phrase("end of the session")
    if length <= timedelta():
        start = _local(draft.started_at, zone)
        expected = message("a time after its start, {start}", start=start)
        raise InvalidInput(end, _local(draft.ended_at, zone), expected, "Look at the day and at both times.")
    if draft.ended_at > now + _AHEAD:
        raise InvalidInput(end, _local(draft.ended_at, zone), "a time that is over", "Look at day and time.")
    field, minutes = (
        phrase("length of the session"),
        counted("{count} minute", "{count} minutes", count=length.seconds // 60),
    )
    if length > LONGEST:
        hours = counted("{count} hour", "{count} hours", count=round(length.total_seconds() / 3600))
        raise InvalidInput(field, hours, "at most 12 hours", "Look at the day and at both times.")
    if length < shortest(interval):
        least = counted(
            "at least {count} minute", "at least {count} minutes", count=-(-shortest(interval).seconds // 60)
        )
        raise InvalidInput(field, minutes, least, "The counter reports too seldom for less. Half an hour says more.")


def judge_people(draft: CountDraft) -> None:
    """Raise InvalidInput for numbers that nobody can have counted, or whose parts do not make their sums."""
    seconds = (draft.ended_at - draft.started_at).total_seconds()
    if not draft.seen:
        raise InvalidInput(phrase("people"), None, "how many passed, 0 where nobody did")
    for direction, people in draft.seen.items():
        if people < 0:
            raise InvalidInput(phrase("people"), people, "0 or more")
        if people > _MOST_PER_S * seconds:
            expected = message("at most {most:,} in that time", most=int(_MOST_PER_S * seconds))
            raise InvalidInput(
                phrase("people"), people, expected, "Nobody counts more than 4 a second: look at the number."
            )
        if draft.slices is not None and _slices_of(draft.slices, direction) != people:
            expected = message("the sum of its quarters of an hour, {sum}", sum=_slices_of(draft.slices, direction))
            raise InvalidInput(phrase("people"), people, expected)
    for direction, starts_at in draft.slices or {}:
        is_within = draft.started_at - SLICE < starts_at < draft.ended_at
        if direction not in draft.seen or not is_within or starts_at.timestamp() % SLICE.total_seconds():
            raise InvalidInput(phrase("quarter of an hour"), f"{starts_at:%Y-%m-%dT%H:%MZ}", "one of the session")


def judge_place(draft: CountDraft, channels: Sequence[Channel], zone: tzinfo) -> None:
    """Raise InvalidInput where the counter hung nowhere, was moved meanwhile, or does not count that way."""
    if not channels:
        start, hint = _local(draft.started_at, zone), "Its mounting periods say since when it hangs where."
        raise InvalidInput(phrase("start of the session"), start, "a time at which the counter is mounted", hint)
    ends_at = channels[0].mounting.ends_at
    if ends_at is not None and ends_at < draft.ended_at:
        expected = message("not after {time}, when the counter was moved or changed", time=_local(ends_at, zone))
        hint = "Make two sessions of it, one for each mounting period."
        raise InvalidInput("end of the session", _local(draft.ended_at, zone), expected, hint)
    _judge_directions(set(draft.seen), {channel.direction for channel in channels})


def _judge_directions(seen: set[Direction], counted: set[Direction]) -> None:
    """Those in which it counts; both together where it counts each; each of the two where it cannot tell them."""
    if (
        seen <= counted
        or (seen == {Direction.BOTH} and counted >= _EACH)
        or (seen == _EACH and Direction.BOTH in counted)
    ):
        return
    names = joined([_NAMES[direction] for direction in sorted(counted)])
    given = joined([_NAMES[direction] for direction in sorted(seen)])
    raise InvalidInput(
        phrase("direction"), given, message("the directions in which the counter counts: {names}", names=names)
    )


def judge_first_report(draft: CountDraft, first: datetime | None, zone: tzinfo) -> None:
    """Raise InvalidInput where nothing is known of the counter at the beginning: there is nothing to compare with."""
    start, field = _local(draft.started_at, zone), phrase("start of the session")
    if first is None:
        raise InvalidInput(field, start, "a time at which the counter reports", "It has not reported yet.")
    if draft.started_at < first:
        expected = message("not before {time}, the first report of the counter that is kept", time=_local(first, zone))
        raise InvalidInput(field, start, expected)


def _slices_of(slices: Mapping[tuple[Direction, datetime], int], direction: Direction) -> int:
    return sum(people for (which, _), people in slices.items() if which is direction)


def _local(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
