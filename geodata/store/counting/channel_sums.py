"""What each channel counted on the last full day, in the week up to it, and in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ChannelSums:
    """Passes, with those of silences: ``yesterday``, in the ``week`` that ends with it, ``in_all``; None: a gap."""

    yesterday: int | None = None
    week: int | None = None
    in_all: int | None = None


def load(connection: Transaction, channels: Sequence[int], now: datetime) -> dict[int, ChannelSums]:
    """By channel, of those that counted a day; days are those of the municipality's zone."""
    rows = connection.execute(
        """
        SELECT channel, sum(passes + shared) FILTER (WHERE day = today - 1)::int8,
            sum(passes + shared) FILTER (WHERE day >= today - 7 AND day < today)::int8, sum(passes + shared)::int8
        FROM passes_day JOIN counter_channel ON counter_channel.id = channel
        JOIN counter_mounting AS mounting ON mounting.id = counter_channel.mounting
        JOIN trail ON trail.slug = mounting.trail JOIN municipality ON municipality.slug = trail.municipality
        CROSS JOIN LATERAL (SELECT (%s::timestamptz AT TIME ZONE timezone)::date AS today) AS clock
        WHERE channel = ANY (%s) GROUP BY channel
        """,
        [now, list(channels)],
    )
    return {row[0]: ChannelSums(*row[1:]) for row in rows}
