"""Intervals at 95 % of a ratio of two counts, exact where the counts are small.

``seen`` people were counted by hand, ``counted`` by the counter in the same time; the ratio is seen / counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betaincinv, stdtrit

_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class RatioInterval:
    """From ``low`` to ``high``; ``high`` is infinite where the counts bound it by nothing."""

    low: float
    high: float


def of_rates(seen: float, counted: float) -> RatioInterval:
    """The exact interval of the ratio of two Poisson rates, given their sum (Przyborowski and Wilenski 1940).

    Given seen + counted, ``counted`` is binomial; Clopper and Pearson's interval of its share gives that of the ratio.
    It takes both counts as independent. They are not: the counter sees the same people, so that the true spread is
    smaller. The interval is therefore too wide, never too narrow, also with people in groups, with some counted twice,
    and where the counter sees more of them on one day than on another, of which few sessions tell nothing. The interval
    of a share, ``counted`` of ``seen``, would be narrower and is wrong for all three.
    """
    low, high = _share(counted, seen + counted)
    return RatioInterval((1 - high) / high if high > 0 else 0.0, (1 - low) / low if low > 0 else math.inf)


def of_matched(seen: float, counted: float) -> RatioInterval:
    """The exact interval where each person is missed, or else each count is a false one, independently of the others.

    Clopper and Pearson's of the smaller count in the larger (Biometrika 26, 1934): the least that chance alone leaves
    open, however well a handful of sessions agree with each other.
    """
    low, high = _share(min(seen, counted), max(seen, counted))
    if seen < counted:
        return RatioInterval(low, high)
    above = 1 / low if low > 0 else math.inf
    return RatioInterval(low if seen == counted else 1 / high, above)  # as many of both: either may have been at work


def of_sessions(seen: Sequence[float], counted: Sequence[float]) -> RatioInterval:
    """The interval of the ratio estimator Σ seen / Σ counted over two sessions or more, with Student's t.

    The variance is the jackknife's, each session left out once (Cochran, Sampling Techniques, 1977, 6.17; Wu,
    Biometrika 69, 1982). That of large samples (Cochran 6.4) is too small for a handful: in the tests' simulations
    it covers one or two points less.
    """
    sessions, all_seen, all_counted = len(seen), sum(seen), sum(counted)
    if sessions < 2 or any(each >= all_counted for each in counted):
        return RatioInterval(0.0, math.inf)
    ratio = all_seen / all_counted
    shifts = ((people - ratio * passes) / (all_counted - passes) for people, passes in zip(seen, counted, strict=True))
    error = math.sqrt((sessions - 1) / sessions * math.fsum(shift * shift for shift in shifts))
    reach = float(stdtrit(sessions - 1, 1 - _TAIL)) * error
    return RatioInterval(max(ratio - reach, 0.0), ratio + reach)


def _share(part: float, whole: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share; ``part`` need not be a whole number, as it may be interpolated."""
    low = 0.0 if part <= 0 else float(betaincinv(part, whole - part + 1, _TAIL))
    high = 1.0 if part >= whole else float(betaincinv(part + 1, whole - part, 1 - _TAIL))
    return low, high
