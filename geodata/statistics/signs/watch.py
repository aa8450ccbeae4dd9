"""The watch over one sign: a CUSUM of the evidence that scans stopped while people went on passing.

Scans of a day are negative binomial with the mean ratio × passes: the ratio is the station's own, by the kind of day,
and follows slow changes; the spread is its own too. Against it stands the same with next to nothing left of the ratio.
The evidence is the sum of the logarithms of their likelihood ratios since it was last 0 (Page, Biometrika 41, 1954).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from geodata.model.counting.sign_case import CaseOutcome

THRESHOLD = 4.0
"""Evidence from which on a sign is called silent after LEAST_DAYS; by the simulation of the tests."""
LEAST_DAYS = 3
"""No sign is called silent earlier: two odd days, such as those of a festival or of a fault of the web, do not do."""
_HIGHER_A_DAY, _HIGHER = 0.2, 1.0  # the threshold of longer silences: days that tell little have more chances to err
_MOST_A_DAY = THRESHOLD  # a counter that counts a branch in the wind for a day is one odd day, whatever it counts
_REPORTED = 2.0  # where a visitor told that the code does not work, so much evidence is shown beside it
_CAUTION = 2.0  # by so much the threshold of a station rises when a visit finds nothing wrong
_CALMED = 0.5 ** (1 / 365)
_LEFT = 0.08  # of the ratio where a sign is gone: some have the page open already, or know its address
_FORGET = 0.5 ** (1 / 30)
_LAG_DAYS = 7
"""So many days wait before they are learnt from: a sign that has just died must not lower what is expected of it."""
_MOST_WAITING = 28  # a silence that goes on waits longer, up to so many days
_LEARNT_SCANS = 25.0  # expected ones that were seen before anything is said
_SHRUNK_PASSES = 300.0  # a kind of day with as many counts half by itself, half as all days do
_UNUSUAL = 3.0  # standard deviations above which scans are not learnt from: a school class says nothing of other days
_SPREAD = 0.15
"""What is taken as the spread of a station of which nothing is known: its variance is mean + spread × mean²."""
_SPREAD_WEIGHT = 400.0  # as though so many squared expected scans had shown it
_LEAST_SPREAD, _MOST_SPREAD = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class SignDay:
    """What passed and was scanned at a station on a day, in the hours in which its ``counters`` reported throughout.

    ``passes`` None: nothing is known of who passed. ``kind`` tells days of different habits apart; ``scans`` are those
    by sign and tag alone: a link is opened anywhere. ``counters``: the mounting periods that counted.
    """

    passes: float | None
    scans: int
    kind: str = ""
    counters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """Scans and passes of days gone by, each day worth less with its age."""

    scans: float = 0.0
    passes: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWatch:
    """What is remembered of a station from day to day.

    ``evidence`` and ``days``, ``passes``, ``expected``, ``scans`` are of the time since the evidence was last 0.
    ``waiting`` days are not learnt from yet; ``caution`` comes of visits that found nothing wrong.
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
    caution: float = 0.0
    counters: tuple[int, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether the sign should be looked at."""
        more_days = self.days - LEAST_DAYS
        higher = min(_HIGHER_A_DAY * more_days, _HIGHER) + self.caution
        return more_days >= 0 and self.evidence >= THRESHOLD + higher

    @property
    def bears_out_reports(self) -> bool:
        """Whether there is enough to be shown beside a visitor's word that the code does not work."""
        return self.evidence >= _REPORTED

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
    """The watch at the end of a further ``day``. One without known passes is no evidence of anything.

    Where other counters counted than before, the ratio is another one, and is learnt anew.
    """
    if not day.passes:
        return watch
    if watch.counters and watch.counters != day.counters:
        watch = SignWatch(excess=watch.excess, squares=watch.squares, caution=watch.caution)
    expected = _expected(watch, day)
    watched = watch if expected is None else _with_evidence(watch, day, expected)
    watched = replace(watched, counters=day.counters)
    if watched.is_silent:
        return watched  # what is not normal is not learnt
    watched = replace(watched, waiting=(*watched.waiting, day))
    while len(watched.waiting) > min(max(watched.days, _LAG_DAYS), _MOST_WAITING):
        watched = _learnt(replace(watched, waiting=watched.waiting[1:]), watched.waiting[0])
    return watched


def after_visit(watch: SignWatch, outcome: CaseOutcome, *, was_silent: bool) -> SignWatch:
    """The watch when a case was closed, in which the sign ``was_silent`` or only reported: it begins anew.

    Of a sign that was in order its days are learnt from, and an alarm for nothing makes the next one harder; of one
    that was mended they are not; one that is ``changed`` has a ratio that is not known yet.
    """
    begun = SignWatch(
        kinds=watch.kinds, excess=watch.excess, squares=watch.squares, caution=watch.caution, counters=watch.counters
    )
    if outcome is CaseOutcome.CHANGED:
        return replace(begun, kinds={})
    if outcome is CaseOutcome.IN_ORDER:
        return replace(begun, waiting=watch.waiting, caution=watch.caution + (_CAUTION if was_silent else 0.0))
    return begun


def _expected(watch: SignWatch, day: SignDay) -> float | None:
    """Scans that a sign in order has on such a day; None while too little is known of it."""
    ratio, known = watch.ratio, watch.kinds.get(day.kind, Learnt())
    if ratio is None or day.passes is None:
        return None
    return day.passes * (known.scans + ratio * _SHRUNK_PASSES) / (known.passes + _SHRUNK_PASSES)


def _with_evidence(watch: SignWatch, day: SignDay, expected: float) -> SignWatch:
    size = 1 / watch.spread
    shrinks = math.log((size + _LEFT * expected) / (size + expected))
    evidence = watch.evidence + min(day.scans * math.log(_LEFT) - (day.scans + size) * shrinks, _MOST_A_DAY)
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
    expected, scans = _expected(watch, day), float(day.scans)
    excess, squares = _FORGET * watch.excess, _FORGET * watch.squares
    if expected is not None:
        scans = min(scans, expected + _UNUSUAL * math.sqrt(expected + watch.spread * expected**2))
        excess += (scans - expected) ** 2 - expected
        squares += expected**2
    kinds = {kind: Learnt(_FORGET * each.scans, _FORGET * each.passes) for kind, each in watch.kinds.items()}
    known = kinds.get(day.kind, Learnt())
    kinds[day.kind] = Learnt(known.scans + scans, known.passes + (day.passes or 0.0))
    return replace(watch, kinds=kinds, excess=excess, squares=squares, caution=watch.caution * _CALMED)
