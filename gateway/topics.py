"""Topics as validated values: who speaks of what, and which filter a gateway subscribes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gateway.redaction import redact_text
from geodata.errors import InvalidInput
from geodata.vocabulary import names
from geodata.vocabulary.device_topics import ROOT

STATUS = "status"
"""The event that may be a device's last will: it is no sign of life by itself."""

_LONGEST = len(f"{ROOT}/{'t' * 63}/{'d' * 63}/event/telemetry")
_LONGEST_KEPT = 255  # characters
_LONGEST_LEVEL = 64
_SLASHES = 5  # before all that follows trail, device and "event"
_SENDER = re.compile(rf"{ROOT}/[^/]*/({names.PATTERN})/event(?:/|$)")
_EVENT = re.compile(rf"{ROOT}/({names.PATTERN})/({names.PATTERN})/event/(telemetry|status)")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic tells of its messages; None of what it does not tell, and only the payload or the registry can.

    ``event`` is a word of the topic's format; STATUS means the same in all of them.
    """

    trail: str | None
    device: str | None
    event: str


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """The events of one trail, or of all of them; also the name of the gateway's partition."""

    trail: str | None = None

    def __post_init__(self) -> None:
        if self.trail is not None and not names.is_name(self.trail):
            raise InvalidInput("trail", self.trail, "a name of a-z, 0-9 and hyphens, at most 63 characters")

    def __str__(self) -> str:
        return f"{ROOT}/{self.trail or '+'}/+/event/#"


def parse(text: str) -> Topic | None:
    """``digitalpfad/v1/{trail}/{device}/event/{event}`` taken apart, or None when ``text`` is no such topic."""
    return _parse(text) if len(text) <= _LONGEST else None  # a topic of 64 kB is not remembered


@lru_cache(maxsize=20_000)
def _parse(text: str) -> Topic | None:
    match = _EVENT.fullmatch(text)
    return Topic(match[1], match[2], match[3]) if match else None


def sender(text: str) -> str | None:
    """The device that ``text`` names in its place, whatever the trail and what follows; None where it names none."""
    match = _SENDER.match(text)
    return match[1] if match else None


def shortened(text: str) -> str:
    """``text``; of one longer than any topic the beginning of each level, and how long it was.

    What names trail and device keeps its place, however long what stands before it. Without addresses, before it is
    cut: nobody could tell half an address afterwards.
    """
    if len(text) <= _LONGEST_KEPT:
        return text
    levels = [
        level if len(level) <= _LONGEST_LEVEL else f"{redact_text(level[: 2 * _LONGEST_LEVEL])[:_LONGEST_LEVEL]}…"
        for level in text.split("/", _SLASHES)
    ]
    return f"{'/'.join(levels)} ({len(text)} characters)"
