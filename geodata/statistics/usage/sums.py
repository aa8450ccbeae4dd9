"""Sums of channels and of scans over points of time, with how much of each is known; by columns, for ten years at once.

A counter that hangs and says nothing is silent: its time is expected, and not covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.model.counting.counter import CountFlag

_FOR_EVER = 2**62
_AT_LEAST = int(CountFlag.AT_LEAST)  # of plain numbers: ten years of days are thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelColumns:
    """What a channel counted, in columns of equal length: ``at`` is when each day or hour begins, s since 1970.

    It hung from ``starts_s`` to before ``ends_s`` (None: still) at ``station`` (None: beside them).
    """

    mounting: int
    station: str | None
    starts_s: int
    ends_s: int | None
    at: NDArray[np.int64]
    passes: NDArray[np.int64]
    shared: NDArray[np.int64]
    covered_s: NDArray[np.int64]
    flags: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSums:
    """All channels together by slot; ``expected_s``: for how long channels hung there. Columns of equal length."""

    passes: NDArray[np.int64]
    shared: NDArray[np.int64]
    covered_s: NDArray[np.int64]
    expected_s: NDArray[np.int64]
    flags: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassesPoint:
    """What passed in a stretch of time.

    ``passes`` is None where nothing was counted: a gap is not 0. ``shared`` passed in silences: an estimate, and no
    part of ``passes``. ``coverage``: the share of the time in which counters hung that is known, 0 to 1; None where
    none hung. ``is_at_least``: more may have passed unseen.
    """

    passes: int | None
    shared: int
    coverage: float | None
    is_at_least: bool


def by_slot(channels: Sequence[ChannelColumns], edges: NDArray[np.int64]) -> SlotSums:
    """Add the columns up; ``edges`` bound the slots, one more than there are."""
    count = len(edges) - 1
    found = {name: np.zeros(count, dtype=np.int64) for name in ("passes", "shared", "covered_s", "expected_s", "flags")}
    for channel in channels:
        index = np.searchsorted(edges, channel.at, side="right") - 1
        within = (index >= 0) & (index < count)
        for name in ("passes", "shared", "covered_s"):
            np.add.at(found[name], index[within], getattr(channel, name)[within])
        np.bitwise_or.at(found["flags"], index[within], channel.flags[within])
        found["expected_s"] += _hung_s(channel, edges)
    return SlotSums(**found)


def points(sums: SlotSums, firsts: NDArray[np.int64]) -> list[PassesPoint]:
    """The slots put together to points, each from one of ``firsts`` to before the next."""
    passes, shared, covered, expected = (
        np.add.reduceat(column, firsts).tolist()
        for column in (sums.passes, sums.shared, sums.covered_s, sums.expected_s)
    )
    flags = np.bitwise_or.reduceat(sums.flags, firsts).tolist()
    return [_point(*each) for each in zip(passes, shared, covered, expected, flags, strict=True)]


def total(sums: SlotSums) -> PassesPoint:
    """All slots in one."""
    return points(sums, np.zeros(1, dtype=np.int64))[0]


def _point(passes: int, shared: int, covered_s: int, expected_s: int, flags: int) -> PassesPoint:
    return PassesPoint(
        passes=passes if covered_s or passes else None,
        shared=shared,
        coverage=min(covered_s / expected_s, 1.0) if expected_s else None,
        is_at_least=bool(flags & _AT_LEAST),
    )


def _hung_s(channel: ChannelColumns, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """For how many seconds of each slot it hung there."""
    ends_s = _FOR_EVER if channel.ends_s is None else channel.ends_s
    return np.maximum(np.minimum(edges[1:], ends_s) - np.maximum(edges[:-1], channel.starts_s), 0)
