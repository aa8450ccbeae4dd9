"""What silences of a counter let a day be known of, so that it tells no more of them than a count would.

The passes of a silence are shared out over its hours in whole people: three of them over nine hours are three hours
with one and six with none. Which hours or days know anything must not hang on that, nor may some of them be shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.statistics.disclosure.figure import NOTHING, Counts, Mask, Rule, total


@dataclass(frozen=True, slots=True)
class HeardDay:
    """The hours of a station's day: ``counts`` with the ``shares`` of silences in them, NOTHING where there is none.

    ``heard``: in which of them a counter told anything at the time.
    """

    counts: Counts
    shares: Counts
    heard: Mask

    def known(self, rule: Rule) -> Counts:
        """What is known of each hour: all those of a silence in which somebody passed, none of one in which nobody did.

        A day of which nothing was heard is a gap below k: its share may be 0 for no more than how few passed.
        """
        if not self.heard.any() and total(self.counts) < rule.k:
            return np.full_like(self.counts, NOTHING)
        return self.counts if (self.shares > 0).any() else np.where(self.heard, self.counts, NOTHING)

    def is_told_by_hours(self, rule: Rule) -> bool:
        """Whether its hours would tell how many passed in a silence: some have passes of it, and some fewer than k."""
        return bool((self.shares > 0).any() and ((self.shares != NOTHING) & (self.shares < rule.k)).any())
