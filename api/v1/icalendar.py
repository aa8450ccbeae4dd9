"""Calendars as in RFC 5545: lines, escaping, folding and what a closure becomes in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LINE_OCTETS = 75
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_EMPTY = [
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
]
"""The component of a calendar without events: one there must be (3.6), and a time zone says nothing."""


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
    """A whole calendar. One without events publishes nothing, so that it has no METHOD (RFC 5546, 3.2.1)."""
    body = [line for event in events for line in _event(event)]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Digitalpfad//Closures//DE", "CALSCALE:GREGORIAN"]
    head += ["METHOD:PUBLISH"] if body else []
    head += [f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    lines = [*head, *(body or _EMPTY), "END:VCALENDAR"]
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
    """TEXT of RFC 5545, 3.3.11.

    White space of every kind and soft hyphens stay; control characters, which may not be in it, become U+FFFD.
    """
    plain = _CONTROL.sub("\ufffd", _LINE_END.sub("\n", text))
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
