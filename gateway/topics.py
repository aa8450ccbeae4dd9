"""Topics as validated values: who speaks of what, and which filter a gateway subscribes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from geodata.errors import InvalidInput

Event = Literal["telemetry", "status"]

_ROOT = "digitalpfad/v1"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST = len(f"{_ROOT}/{'t' * 63}/{'d' * 63}/event/telemetry")
_SENDER = re.compile(rf"{_ROOT}/{_NAME.pattern}/({_NAME.pattern})/event/")
_EVENT = re.compile(rf"{_ROOT}/({_NAME.pattern})/({_NAME.pattern})/event/(telemetry|status)")


@dataclass(frozen=True, slots=True)
class Topic:
    """``digitalpfad/v1/{trail}/{device}/event/{event}``."""

    trail: str
    device: str
    event: Event


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """The events of one trail, or of all of them; also the name of the gateway's partition."""

    trail: str | None = None

    def __post_init__(self) -> None:
        if self.trail is not None and not _NAME.fullmatch(self.trail):
            raise InvalidInput("trail", self.trail, "a name of a-z, 0-9 and hyphens, at most 63 characters")

    def __str__(self) -> str:
        return f"{_ROOT}/{self.trail or '+'}/+/event/#"


def parse(text: str) -> Topic | None:
    """The topic that ``text`` spells, or None when it is no event of a device."""
    return _parse(text) if len(text) <= _LONGEST else None  # a topic of 64 kB is not remembered


@lru_cache(maxsize=20_000)
def _parse(text: str) -> Topic | None:
    match = _EVENT.fullmatch(text)
    return Topic(match[1], match[2], cast("Event", match[3])) if match else None


def sender(text: str) -> str | None:
    """The device that ``text`` names, also where what follows is no event; None where it names none."""
    match = _SENDER.match(text)
    return match[1] if match else None


def is_name(text: str) -> bool:
    """Whether ``text`` may name a trail or a device: anything else would spoil the topic that it is put into."""
    return _NAME.fullmatch(text) is not None


def telemetry(trail: str, device: str) -> str:
    """Where a device says what it measured."""
    return f"{_ROOT}/{trail}/{device}/event/telemetry"


def confirm(trail: str, device: str) -> str:
    """Where a device learns what is committed."""
    return f"{_ROOT}/{trail}/{device}/command/confirm"
