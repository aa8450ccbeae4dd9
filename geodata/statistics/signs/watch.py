"""The watch over one sign: a CUSUM of the evidence that scans stopped while people went on passing.

Scans of a day are negative binomial with the mean ratio × passes: the ratio is the station's own, by the kind of day,
and follows slow changes; the spread is its own too. Against it stands the same with a tenth of the ratio. The evidence
is the sum of the logarithms of their likelihood ratios since it was last 0 (Page, Biometrika 41, 1954).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

THRESHOLD = 5.3
"""Evidence from which on a sign is called silent; by the simulation of the tests."""
_DEAD = 0.1  # of the ratio that is left where a sign is gone: some have the page open already, or know its address
_HALF_LIFE_DAYS = 30
_FORGET = 0.5 ** (1 / _HALF_LIFE_DAYS)
_LAG_DAYS = 7
"""So many days wait before they are learnt from: a sign that has just died must not lower what is expected of it."""
_LEARNT_SCANS = 25.0  # expected ones that were seen before anything is said
_SHRUNK_PASSES = 300.0  # a kind of day with as many counts half by itself, half as all days do
_SPREAD = 0.15
"""What is taken as the spread of a station of which nothing is known: its variance is mean + spread × mean²."""
_SPREAD_WEIGHT = 400.0  # as though so many squared expected scans had shown it
_LEAST_SPREAD, _MOST_SPREAD = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class SignDay:
    """What passed a station and was scanned on it in the hours of a day in which its counter reported throughout.

    ``passes`` None: nothing is known of who passed. ``kind`` tells days of different habits apart, such as free and wet
    ones; ``scans`` are those by sign and tag alone: a link is opened anywhere.
    """

    passes: float | None
    scans: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Scans and passes of days gone by, each day worth less with its age."""

    scans: float = 0.0
    passes: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWatch:
    """What is remembered of a station from day to day.

    ``evidence`` and ``days``, ``passes``, ``expected``, ``scans`` are of the time since the evidence was last 0.
    """

    kinds: Mapping[str, Learnt] = field(default_factory=dict[str, Learnt])
    excess: float = 0.0
    squares: float = 0.0
    waiting: tuple[SignDay, ...] = ()
    evidence: float = 0.0
    days: int = 0
    passes: float = 0.0
    expected: float = 0.0
    scans: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether the sign should be looked at."""
        return self.evidence >= THRESHOLD

    @property
    def ratio(self) -> float | None:
        """Scans for each pass, over all kinds of days; None while too little is known."""
        scans, passes = (sum(getattr(each, part) for each in self.kinds.values()) for part in ("scans", "passes"))
        return scans / passes if scans >= _LEARNT_SCANS else None

    @property
    def spread(self) -> float:
        """How much more scans vary than by chance alone: the variance of a day is mean + spread × mean²."""
        found = (self.excess + _SPREAD * _SPREAD_WEIGHT) / (self.squares + _SPREAD_WEIGHT)
        return min(max(found, _LEAST_SPREAD), _MOST_SPREAD)


def after(watch: SignWatch, day: SignDay) -> SignWatch:
    """The watch at the end of a further ``day``. One without known passes is no evidence of anything."""
    if not day.passes:
        return watch
    expected = _expected(watch, day)
    watched = watch if expected is None else _with_evidence(watch, day, expected)
    if watched.is_silent:
        return watched  # what is not normal is not learnt
    waiting = (*watched.waiting, day)
    if len(waiting) <= _LAG_DAYS:
        return replace(watched, waiting=waiting)
    return _learnt(replace(watched, waiting=waiting[1:]), waiting[0])


def after_visit(watch: SignWatch, *, is_as_before: bool) -> SignWatch:
    """The watch when a case was closed: it begins anew, and unless all ``is_as_before`` it learns the ratio anew."""
    kinds = watch.kinds if is_as_before else dict[str, Learnt]()
    return SignWatch(kinds=kinds, excess=watch.excess, squares=watch.squares)


def _expected(watch: SignWatch, day: SignDay) -> float | None:
    """Scans that a sign in order has on such a day; None while too little is known of it."""
    ratio, known = watch.ratio, watch.kinds.get(day.kind, Learnt())
    if ratio is None or day.passes is None:
        return None
    return day.passes * (known.scans + ratio * _SHRUNK_PASSES) / (known.passes + _SHRUNK_PASSES)


def _with_evidence(watch: SignWatch, day: SignDay, expected: float) -> SignWatch:
    size = 1 / watch.spread
    shrinks = math.log((size + _DEAD * expected) / (size + expected))
    evidence = watch.evidence + day.scans * math.log(_DEAD) - (day.scans + size) * shrinks
    if evidence <= 0:
        return replace(watch, evidence=0.0, days=0, passes=0.0, expected=0.0, scans=0)
    return replace(
        watch,
        evidence=evidence,
        days=watch.days + 1,
        passes=watch.passes + (day.passes or 0.0),
        expected=watch.expected + expected,
        scans=watch.scans + day.scans,
    )


def _learnt(watch: SignWatch, day: SignDay) -> SignWatch:
    expected = _expected(watch, day)
    kinds = {kind: Learnt(_FORGET * each.scans, _FORGET * each.passes) for kind, each in watch.kinds.items()}
    known = kinds.get(day.kind, Learnt())
    kinds[day.kind] = Learnt(known.scans + day.scans, known.passes + (day.passes or 0.0))
    excess, squares = _FORGET * watch.excess, _FORGET * watch.squares
    if expected is not None:
        excess += (day.scans - expected) ** 2 - expected
        squares += expected**2
    return replace(watch, kinds=kinds, excess=excess, squares=squares)
