"""Passes of a time shared out over its hours: in proportion to time, in whole people, and their sum stays exact."""

from __future__ import annotations

from geodata.times import HOUR_US


def hours_between(start_us: int, end_us: int) -> dict[int, int]:
    """Microseconds of each hour (counted since 1970) between two times, the hours that are touched in order."""
    hours = range(start_us // HOUR_US, (end_us - 1) // HOUR_US + 1)
    return {hour: min(end_us, (hour + 1) * HOUR_US) - max(start_us, hour * HOUR_US) for hour in hours}


def share(passes: int, start_us: int, end_us: int) -> dict[int, int]:
    """``passes`` by hour, by largest remainder; of equal ones the earlier hour gets the next."""
    times = hours_between(start_us, end_us)
    length = end_us - start_us
    shares = {hour: passes * us // length for hour, us in times.items()}
    left = passes - sum(shares.values())
    by_remainder = sorted(times, key=lambda hour: (-(passes * times[hour] % length), hour))
    for hour in by_remainder[:left]:
        shares[hour] += 1
    return shares
