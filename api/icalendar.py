"""Calendars as in RFC 5545: lines, escaping, folding and what a closure becomes in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LINE_OCTETS = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A time span with words. ``uid`` stays the same for ever; ``end`` None: it goes on day by day."""

    uid: str
    stamp: datetime
    start: datetime
    end: datetime | None
    summary: str
    description: str
    location: str
    url: str = ""


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """A whole calendar."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Digitalpfad//Closures//DE", "CALSCALE:GREGORIAN"]
    head += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    lines = [*head, *(line for event in events for line in _event(event)), "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(event: Event) -> Sequence[str]:
    # Without an end an event would be but a moment: a day that repeats covers all the time that is to come.
    end = [f"DTEND:{_time(event.end)}"] if event.end else ["DURATION:P1D", "RRULE:FREQ=DAILY"]
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_time(event.stamp)}",
        f"DTSTART:{_time(event.start)}",
        *end,
        f"SUMMARY:{_text(event.summary)}",
        *([f"DESCRIPTION:{_text(event.description)}"] if event.description else []),
        f"LOCATION:{_text(event.location)}",
        *([f"URL:{event.url}"] if event.url else []),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11; other control characters than a line break may not stand in it."""
    plain = "".join(
        char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char.isprintable() or char == "\n"
    )
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, no character cut in two (3.1)."""
    pieces, used = [""], 0
    for char in line:
        octets = len(char.encode())
        if used + octets > _LINE_OCTETS:
            pieces.append("")
            used = 1  # the space that marks a continuation
        pieces[-1] += char
        used += octets
    return "\r\n ".join(pieces)
