"""Days of which nobody knows whether school was out: no comparison may take them for school days."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.messages.message import Message, message
from geodata.statistics.comparison.day import ComparedDay, Surroundings


def knows_school_holidays(days: Sequence[ComparedDay], around: Surroundings) -> bool:
    """Whether it is known of each of ``days``: else the school holidays of none of them can be taken into account."""
    return all(around.kinds[each.day].school_holidays is not None for each in days)


def unknown_holidays(days: Sequence[ComparedDay], around: Surroundings) -> tuple[Message, ...]:
    """What is to be said of such days, from when to when; nothing where there are none."""
    unknown = sorted(each.day for each in days if around.kinds[each.day].school_holidays is None)
    if not unknown:
        return ()
    said = message(
        "School holidays are not known from {first} to {last}: they are not taken into account, on no day.",
        first=unknown[0].isoformat(),
        last=unknown[-1].isoformat(),
    )
    return (said,)
