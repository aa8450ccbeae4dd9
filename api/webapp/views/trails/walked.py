"""How many walked here lately, in words that say what was counted and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.published import LastWeek
from geodata.statistics.figure import Figure, FigureState

WHOLE = 0.995
"""From this coverage on a figure counts as counted all the time."""


@dataclass(frozen=True, slots=True)
class WalkedCard:
    """A sentence on the last closed week, and its days; ``days`` is empty where there is no figure at all."""

    days: str
    sentence: str


def build(week: LastWeek | None, now: datetime, timezone: tzinfo, t: Texts) -> WalkedCard:
    """What is published of the last closed week of a trail; ``week`` is None where no counter hangs."""
    if week is None:
        return WalkedCard("", t("An diesem Pfad zählt kein Zähler. Niemand weiß, wie viele hier gehen."))
    if not week.is_reachable:
        return WalkedCard("", t("Die Zahlen sind gerade nicht erreichbar."))
    if week.figure is None:
        return WalkedCard("", t("Noch ist keine Woche ganz gezählt."))
    days = t(
        "Vom %(first)s bis %(last)s",
        first=wording.day(week.figure.start, now, timezone, t),
        last=wording.day(week.figure.end - timedelta(seconds=1), now, timezone, t),
    )
    return WalkedCard(days, _sentence(week.figure, t))


def coverage(figure: Figure, t: Texts) -> str:
    """How much of the time was counted, where it was not all of it, and in how much counters were silent meanwhile."""
    if figure.state is FigureState.NO_DATA or figure.time.coverage >= WHOLE:
        return ""
    said = t("Gezählt wurde in %(share)s\u00a0%% der Zeit.", share=wording.number(100 * figure.time.coverage, 0, t))
    if not is_estimated(figure):
        return said
    silent = wording.number(100 * figure.time.estimated, 0, t)
    also = t("In weiteren %(share)s\u00a0%% schwieg ein Zähler.", share=silent)
    return f"{said} {also}"


def is_estimated(figure: Figure) -> bool:
    """Whether it is estimated when some of those passed whom it counts; a share of hardly any time is not said."""
    return figure.time.estimated > 1 - WHOLE


def _sentence(figure: Figure, t: Texts) -> str:
    if figure.state is FigureState.NO_DATA:
        return t("Kein Zähler hat sich gemeldet. Das ist eine Lücke, keine Null.")
    if figure.count is None:
        return t("Für diese Woche nennen wir keine Zahl: Sie könnte von einzelnen Menschen erzählen.")
    passes = wording.number(figure.count, 0, t)
    if figure.time.at_least:
        said = t("Mindestens %(passes)s Mal ging jemand an einem Zähler vorbei.", passes=passes)
    elif figure.count == 0:
        said = t("Niemand ging vorbei.")
    else:
        said = t("%(passes)s Mal ging jemand an einem Zähler vorbei.", passes=passes)
    return f"{said} {coverage(figure, t)}".strip()
