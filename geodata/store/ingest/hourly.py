"""What is kept of the observations of one hour of one datastream: the only list of it.

Sums and counts are of results of quality ok alone (0); suspect (1) and missing ones (2) are counted apart.
"""

from __future__ import annotations

from typing import LiteralString

COLUMNS: LiteralString = (
    "count, sum, minimum, maximum, first_time, first_result, last_time, last_result, suspect, missing"
)

# The last result is taken from the array of the first one: it is made and sorted once.
AGGREGATES: LiteralString = """
            count(*) FILTER (WHERE quality = 0),
            coalesce(sum(result::numeric) FILTER (WHERE quality = 0), 0),
            min(result) FILTER (WHERE quality = 0),
            max(result) FILTER (WHERE quality = 0),
            min(phenomenon_time) FILTER (WHERE quality = 0),
            (array_agg(result ORDER BY phenomenon_time) FILTER (WHERE quality = 0))[1],
            max(phenomenon_time) FILTER (WHERE quality = 0),
            (array_agg(result ORDER BY phenomenon_time) FILTER (WHERE quality = 0))
                [count(*) FILTER (WHERE quality = 0)],
            count(*) FILTER (WHERE quality = 1),
            count(*) FILTER (WHERE quality = 2)
"""
"""Of rows with ``result``, ``phenomenon_time`` and ``quality``, in the order of COLUMNS."""
