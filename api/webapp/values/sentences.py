"""A measured value as a sentence: what it means for someone standing there."""

from __future__ import annotations

from markupsafe import Markup

from api.languages.texts import Texts, marked_label
from api.webapp.wording import quantity
from geodata.model.observation import Audience, ObservedProperty


def is_for_hikers(prop: ObservedProperty, here: Audience | None = None) -> bool:
    """Whether a station's page shows this property: no counts, and who reads it ``here``, or else everywhere."""
    return (here or prop.audience) is Audience.HIKERS and not prop.is_count


def sentence(prop: ObservedProperty, value: float, device_kind: str, t: Texts) -> str:
    """What ``value`` of a device of this kind means; a property without words of its own says its name and number.

    That is HTML where the name is in another language than the page.

    It is judged as it is shown: nobody reads «Es friert» beside 0,0 °C.
    """
    says, judged = prop.sentences, round(value, prop.decimals)
    for bound, text in says.at_kind.get(device_kind, says.levels):
        if judged < bound:
            return t(text)
    if says.stands:
        return t(says.stands, value=quantity(value, prop, t))
    label, shown = marked_label(prop, t), quantity(value, prop, t)
    return Markup("{}: {}").format(label, shown) if isinstance(label, Markup) else f"{label}: {shown}"
