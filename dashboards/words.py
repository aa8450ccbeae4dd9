"""Times, numbers and reasons as people in the town hall say them, in the language of the page."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date

from api.drawing.numbers import format_number
from dashboards.languages import marked, t
from dashboards.reasons import REASONS
from geodata.model.observation import ObservedProperty
from geodata.vocabulary.units import unit_sign

_SHOWN = 4000  # characters of a text that came from outside

KEPT: dict[str, str] = {
    "redacted": marked("Geräteadressen darin sind geschwärzt."),
    "cut": marked("Nur der Anfang der Nachricht ist aufgehoben."),
    "rewritten": marked("Eine frühere Version hat nur diesen Teil der Nachricht aufgehoben."),
}
"""What the quarantine lacks of a message; nothing of one that is whole."""


def reason(code: str) -> str:
    """What a reason of the quarantine means; the code itself where there are no words for it."""
    return t(REASONS[code].heading) if code in REASONS else foreign(code)


def what_to_do(code: str) -> str:
    """What staff do about it; empty where there are no words for it."""
    return t(REASONS[code].what_to_do) if code in REASONS else ""


def number(value: float, decimals: int = 0) -> str:
    """A number as the language writes it: ``1.284``, ``−3,5``; in English ``1,284``, ``−3.5``."""
    return format_number(value, decimals, t.language, grouped=True)


def quantity(value: float, prop: ObservedProperty) -> str:
    """A result with its unit, kept together on a line: ``17,4 °C``."""
    unit = unit_sign(prop.unit)
    return f"{number(value, prop.decimals)}\u00a0{unit}" if unit else number(value, prop.decimals)


def count(amount: int, singular: str, plural: str) -> str:
    """``1 Gerät schweigt``, ``2 Geräte schweigen``; the catalogue has both forms with the number before them.

    Without it they could not be told from the same words standing alone, such as ``Tag`` beside a field.
    """
    return t.plural(f"%(number)s {singular}", f"%(number)s {plural}", amount, number(amount))


def too_many_attempts(wait_s: int) -> str:
    """What somebody reads who may try to sign in again in ``wait_s`` seconds."""
    return t.plural(
        "Zu viele Versuche. Bitte warten Sie %(number)s Minute und versuchen Sie es dann noch einmal.",
        "Zu viele Versuche. Bitte warten Sie %(number)s Minuten und versuchen Sie es dann noch einmal.",
        -(-wait_s // 60),
    )


def clock(moment: datetime, timezone: tzinfo) -> str:
    """``16:20 Uhr``."""
    return t("%(time)s Uhr", time=f"{moment.astimezone(timezone):%H:%M}")


def day(moment: datetime, now: datetime, timezone: tzinfo) -> str:
    """``heute``, ``gestern``, ``12. November``; the year only when it is another one."""
    local, today = moment.astimezone(timezone).date(), now.astimezone(timezone).date()
    if local == today:
        return t("heute")
    if local == today - timedelta(days=1):
        return t("gestern")
    return date_words(local, with_year=local.year != today.year)


def date_words(day: date, *, with_year: bool = True) -> str:
    """``12. November 2026``; in English ``12 November 2026``."""
    pattern = t("d. MMMM y") if with_year else t("d. MMMM")
    return format_date(day, pattern, locale=t.texts.locale)


def moment(at: datetime, now: datetime, timezone: tzinfo) -> str:
    """``heute, 14:05 Uhr``, ``gestern, 16:20 Uhr``, ``12. November, 8:00 Uhr``."""
    return f"{day(at, now, timezone)}, {clock(at, timezone)}"


def ago(at: datetime, now: datetime, timezone: tzinfo) -> str:
    """``gerade eben``, ``vor 6 min``, later the moment itself."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return t("gerade eben")
    if passed < timedelta(hours=1):
        return t("vor %(number)s min", number=int(passed.total_seconds() // 60))
    return moment(at, now, timezone)


def since(at: datetime, now: datetime, timezone: tzinfo) -> str:
    """``seit 14:05 Uhr``, ``seit gestern, 16:20 Uhr``, ``seit 12. November``."""
    local, today = at.astimezone(timezone).date(), now.astimezone(timezone).date()
    if local == today:
        return t("seit %(time)s", time=clock(at, timezone))
    if local == today - timedelta(days=1):
        return t("seit gestern, %(time)s", time=clock(at, timezone))
    return t("seit %(day)s", day=day(at, now, timezone))


def interval(seconds: int) -> str:
    """``alle 10 min``, ``alle 30 s``, ``alle 2 h``."""
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds >= unit and seconds % unit == 0:
            return t("alle %(time)s", time=f"{seconds // unit}\u00a0{name}")
    return t("alle %(time)s", time=f"{seconds}\u00a0s")


def foreign(text: str | bytes) -> str:
    """A text from outside, fit to be shown: bounded; what is invisible or turns the reading direction is spelt out."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="backslashreplace")
    readable = "".join(
        c if c in "\n\t" or unicodedata.category(c)[0] != "C" else f"\\u{ord(c):04x}" for c in text[:_SHOWN]
    )
    return readable if len(text) <= _SHOWN else f"{readable}…"
