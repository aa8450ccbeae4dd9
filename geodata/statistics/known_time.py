"""How much of a time is known of a count: shares of the time, which tell nothing of the count itself."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

_DECIMALS = 3


class KnownTime(msgspec.Struct, frozen=True, gc=False):
    """Shares of a time, together at most 1; the rest is a gap.

    ``coverage``: it is known hour by hour. ``estimated``: counters were silent, and their totals told afterwards how
    many had passed, not when. ``at_least``: in such a silence more may have passed than the totals tell.

    The shares are numbers of 32 bits, as they are stored: what is read is what was written.
    """

    coverage: float = 0.0
    estimated: float = 0.0
    at_least: bool = False

    def rounded(self) -> KnownTime:
        """As it is handed out, with three decimals: where two shares end in halves, one goes down and the other up."""
        return KnownTime(round(self.coverage, _DECIMALS), round(self.estimated, _DECIMALS), self.at_least)


def known_time(coverage: float, estimated: float = 0.0, *, at_least: bool = False) -> KnownTime:
    """Shares as they are stored: rounding takes none below 0, nor both together above 1."""
    covered = float(np.float32(np.clip(coverage, 0, 1)))
    rest = np.float32(np.clip(estimated, 0, 1 - covered))
    if float(rest) > 1 - covered:
        rest = np.nextafter(rest, np.float32(0))
    return KnownTime(covered, float(rest), at_least)


def mean(parts: Sequence[KnownTime]) -> KnownTime:
    """Of times or places that count the same, at least one: "at least" where one of them is."""
    return known_time(
        sum(part.coverage for part in parts) / len(parts),
        sum(part.estimated for part in parts) / len(parts),
        at_least=any(part.at_least for part in parts),
    )
