"""What the page for counting by hand posts: by the phone's own times and slices, or typed as day, begin and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID

from dashboards.languages import t
from geodata.messages.message import cut
from geodata.model.counting.count_session import CountDraft
from geodata.model.counting.counter import Direction
from geodata.text.broken import UNFIT

FIELDS = ("id", "day", "begin", "end", "note", *(f"seen_{direction}" for direction in Direction))
"""What the form for a session on paper shows."""
LONGEST_NOTE = 500
_MOST_DIGITS = 6


class UnreadableCount(Exception):
    """A field of the form is not what it should be; says in the language of the page which, and what to do."""


def draft(
    fields: Mapping[str, str], slices: Sequence[str], device: str, counted_by: str, timezone: tzinfo
) -> CountDraft:
    """The session as it was handed in. Raises UnreadableCount."""
    started_at, ended_at = _span(fields, timezone)
    return CountDraft(
        id=_id(fields.get("id", "")), device=device, started_at=started_at, ended_at=ended_at, counted_by=counted_by,
        seen={direction: _people(text) for direction in Direction if (text := fields.get(f"seen_{direction}", ""))},
        slices=dict(map(_slice, slices)) if slices else None, note=_note(fields.get("note", "")),
    )  # fmt: skip


def _span(fields: Mapping[str, str], timezone: tzinfo) -> tuple[datetime, datetime]:
    """By the phone to the second, or typed by the clock on the wall; an end before the beginning is on the next day."""
    if fields.get("started"):
        return _instant(fields["started"]), _instant(fields.get("ended", ""))
    day = fields.get("day", "")
    begin, end = _local(day, fields.get("begin", ""), timezone), _local(day, fields.get("end", ""), timezone)
    return begin, end if end > begin else _local(day, fields.get("end", ""), timezone, days=1)


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _unreadable_time(text) from error
    if moment.tzinfo is None:
        raise _unreadable_time(text)
    return moment.astimezone(UTC)


def _local(day: str, clock: str, timezone: tzinfo, days: int = 0) -> datetime:
    try:
        typed = datetime.fromisoformat(f"{day}T{clock}") + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise _unreadable_time(f"{day} {clock}".strip()) from error
    return typed.replace(tzinfo=timezone).astimezone(UTC)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnreadableCount(t("Bitte laden Sie die Seite neu und tragen Sie die Zählung dann ein.")) from error


def _unreadable_time(text: str) -> UnreadableCount:
    return UnreadableCount(
        t("Zeit: „%(time)s“. Bitte geben Sie Tag, Beginn und Ende ein, wie 23.11.2026 und 08:00.", time=cut(text))
    )


def _people(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise UnreadableCount(
            t("Personen: „%(people)s“. Bitte geben Sie eine ganze Zahl ein, 0 wo niemand kam.", people=cut(text))
        )
    return int(text)


def _slice(text: str) -> tuple[tuple[Direction, datetime], int]:
    """``in 1779100200 3``: direction, beginning in seconds since 1970, people."""
    try:
        direction, starts_at, people = text.split(" ")
        return (Direction(direction), datetime.fromtimestamp(int(starts_at), UTC)), _people(people)
    except (ValueError, OverflowError, OSError, UnreadableCount) as error:
        raise UnreadableCount(
            t("Viertelstunde: „%(slice)s“. Bitte laden Sie die Seite neu.", slice=cut(text))
        ) from error


def _note(text: str) -> str:
    note = text.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise UnreadableCount(
            t("Bitte kürzen Sie die Notiz: Es gehen höchstens %(number)s Zeichen.", number=LONGEST_NOTE)
        )
    if UNFIT.search(note):
        raise UnreadableCount(t("Die Notiz hat unsichtbare Zeichen. Bitte tippen Sie sie neu, statt sie einzufügen."))
    return note
