"""How many walked here lately, in words that say what was counted and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.footfall import CountedStation
from geodata.statistics.footfall import Footfall
from geodata.statistics.suppression import K

_WHOLE = 0.995


@dataclass(frozen=True, slots=True)
class WalkedCard:
    """A sentence for each counter, and the days that it is about."""

    days: str
    sentences: tuple[str, ...]


def build(counted: Sequence[CountedStation], now: datetime, timezone: tzinfo, t: Texts) -> WalkedCard:
    """What the counters of a trail say of the last full days."""
    if not counted:
        return WalkedCard("", (t("An diesem Pfad zählt kein Zähler. Niemand weiß, wie viele hier gehen."),))
    known = next((each.footfall for each in counted if each.footfall), None)
    days = ""
    if known is not None:
        days = t(
            "Vom %(first)s bis %(last)s",
            first=wording.day(known.start, now, timezone, t),
            last=wording.day(known.end - timedelta(seconds=1), now, timezone, t),
        )
    return WalkedCard(days, tuple(_sentence(each.station.number, each.footfall, t) for each in counted))


def _sentence(number: int, figure: Footfall | None, t: Texts) -> str:
    if figure is None:
        return t("Station %(number)s: Die Zahlen sind gerade nicht erreichbar.", number=number)
    if figure.coverage <= 0:
        return t(
            "Station %(number)s: Der Zähler hat sich nicht gemeldet. Das ist eine Lücke, keine Null.", number=number
        )
    if figure.passes is None:
        said = t("Station %(number)s: weniger als %(least)s Mal ging jemand vorbei.", number=number, least=K)
    elif figure.passes == 0:
        said = t("Station %(number)s: Niemand ging vorbei.", number=number)
    else:
        passes = wording.number(figure.passes, 0, t)
        said = t("Station %(number)s: %(passes)s Mal ging jemand vorbei.", number=number, passes=passes)
    if figure.coverage >= _WHOLE:
        return said
    share = wording.number(100 * figure.coverage, 0, t)
    return f"{said} " + t("Der Zähler hat sich nur in %(share)s\u00a0%% der Stunden gemeldet.", share=share)
