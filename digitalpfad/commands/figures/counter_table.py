"""Counters as a table: a line for each mounting period and direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digitalpfad.commands.output import answer_table
from geodata.messages.message import phrase
from geodata.model.counting.counter import Channel
from geodata.store.counting.channel_sums import ChannelSums


def answer_hanging(channels: Sequence[Channel]) -> None:
    """Print the counters that hang somewhere."""
    columns = (
        "device", "trail", "station", "since (UTC)", "until (UTC)", "direction", "technology", "bits", "capacity",
        "note",
    )  # fmt: skip
    answer_table(columns, map(_row, channels), "There are no counters: a device is one as soon as it sends passes.")


def answer_periods(channels: Sequence[Channel], sums: Mapping[int, ChannelSums], *, waits: bool) -> None:
    """Print all periods of a counter with their numbers and what was counted; ``waits``: nothing is counted yet."""
    empty = "It has sent no passes."
    if waits:
        empty = "It has sent passes, which are not counted yet: look again in a minute."
    lines: list[tuple[object, ...]] = []
    for channel in channels:
        counted = sums.get(channel.id, ChannelSums())
        lines.append((channel.mounting.id, *_row(channel), counted.yesterday, counted.week, counted.in_all))
    columns = (
        "mounting", "device", "trail", "station", "since (UTC)", "until (UTC)", "direction", "technology", "bits",
        "capacity", "note", "yesterday", "7 days", "in all",
    )  # fmt: skip
    answer_table(columns, lines, empty)


def _row(channel: Channel) -> tuple[object, ...]:
    """A line from its device to its note."""
    of = channel.mounting
    return (
        of.device, of.trail, of.station, of.starts_at, of.ends_at, phrase(channel.direction.value),
        phrase(of.technology), channel.width, channel.capacity, of.note,
    )  # fmt: skip
