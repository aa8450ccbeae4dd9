"""A measured value as a sentence: what it means for someone standing there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.languages.texts import Texts, property_label
from api.webapp.wording import number, quantity
from geodata.model.observation import Audience, Bucket, ObservedProperty
from geodata.vocabulary.units import unit_sign


def is_for_hikers(prop: ObservedProperty, here: Audience | None = None) -> bool:
    """Whether a station's page shows this property: no counts, and who reads it ``here``, or else everywhere."""
    return (here or prop.audience) is Audience.HIKERS and not prop.is_count


def sentence(prop: ObservedProperty, value: float, device_kind: str, t: Texts) -> str:
    """What ``value`` of a device of this kind means; a property without words of its own says its name and number."""
    says = prop.sentences
    for bound, text in says.at_kind.get(device_kind, says.levels):
        if value < bound:
            return t(text)
    if says.stands:
        return t(says.stands, value=quantity(value, prop, t))
    return f"{property_label(prop, t)}: {quantity(value, prop, t)}"


def against_yesterday(
    prop: ObservedProperty, value: float, measured_at: datetime, hours: Sequence[Bucket], t: Texts
) -> str:
    """How ``value`` differs from the mean of the same hour a day before; empty when that is little or unknown."""
    says = prop.sentences
    if not says.more:
        return ""
    hour = measured_at.replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    before = next((bucket.mean for bucket in hours if bucket.start == hour), None)
    if before is None or abs(value - before) < says.smallest:
        return ""
    gap = abs(value - before)
    difference = number(gap, 0, t) if prop.unit == "Cel" else f"{number(gap, 0, t)}\u00a0{unit_sign(prop.unit)}"
    return t(says.more if value > before else says.less, difference=difference)
