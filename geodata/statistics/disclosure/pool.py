"""Withheld parts of a time: whether a total over them could be shown without telling one of them."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.statistics.disclosure.figure import Rule


@dataclass(frozen=True, slots=True)
class Pool:
    """``cells`` withheld days of a month or months of a year, which together count ``total``.

    A shown total over a pool tells its sum and no more, so each of its cells may be anything from 0 to ``total``.
    """

    cells: int = 0
    total: int = 0

    def is_open(self, rule: Rule) -> bool:
        """Whether its sum would tell a cell to within less than k: the total over it has to wait for further cells."""
        return self.total > 0 and (self.cells < 2 or self.total < rule.k)


EMPTY = Pool()
