"""Times, numbers, distances and units as people say them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date, format_skeleton, format_time

from api.drawing.numbers import format_number
from api.languages.texts import Texts
from geodata.model.observation import ObservedProperty
from geodata.vocabulary.units import unit_sign

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def age(moment: datetime, now: datetime, timezone: tzinfo, t: Texts) -> str:
    """When ``moment`` was, seen from ``now``: «vor 6 Minuten», «gestern, 16:20 Uhr»."""
    passed = now - moment
    if passed < 1.5 * _MINUTE:
        return t("gerade eben")
    if passed < _HOUR:
        return t.plural("vor einer Minute", "vor %(number)s Minuten", int(passed / _MINUTE))
    local, today = moment.astimezone(timezone), now.astimezone(timezone).date()
    clock = format_time(local, "HH:mm", locale=t.locale)
    if local.date() == today:
        return t("heute, %(clock)s Uhr", clock=clock)
    if local.date() == today - timedelta(days=1):
        return t("gestern, %(clock)s Uhr", clock=clock)
    return t("am %(day)s, %(clock)s Uhr", day=day(moment, now, timezone, t), clock=clock)


def day(moment: datetime, now: datetime, timezone: tzinfo, t: Texts) -> str:
    """A date without what goes without saying: the year only when it is another one."""
    local = moment.astimezone(timezone)
    same_year = local.year == now.astimezone(timezone).year
    if same_year:
        return format_skeleton("MMMMd", local.replace(tzinfo=None), locale=t.locale)
    return format_date(local.date(), "long", locale=t.locale)


def calendar_day(on: date, t: Texts) -> str:
    """A day with its year: «12. Mai 2026»."""
    return format_date(on, "long", locale=t.locale)


def moment(at: datetime, now: datetime, timezone: tzinfo, t: Texts) -> str:
    """A day and a time of day: «Montag, 23. November, 08:00 Uhr»."""
    local = at.astimezone(timezone)
    weekday, clock = format_date(local.date(), "EEEE", locale=t.locale), format_time(local, "HH:mm", locale=t.locale)
    return t("%(weekday)s, %(day)s, %(clock)s Uhr", weekday=weekday, day=day(at, now, timezone, t), clock=clock)


def clock(at: datetime, timezone: tzinfo, t: Texts) -> str:
    """A time of day: «16:20»."""
    return format_time(at.astimezone(timezone), "HH:mm", locale=t.locale)


def number(value: float, decimals: int, t: Texts) -> str:
    """A number with at most ``decimals`` digits after the mark: «17,4» or «17.4»."""
    return format_number(value, decimals, str(t.locale), grouped=abs(value) >= 10_000)


def quantity(value: float, prop: ObservedProperty, t: Texts) -> str:
    """A result with its unit, kept together on a line: «17,4 °C»."""
    unit = unit_sign(prop.unit)
    text = number(value, prop.decimals, t)
    return f"{text}\u00a0{unit}" if unit else text


def distance(metres: float, t: Texts) -> str:
    """A distance to walk: to ten metres below a kilometre, above to a hundred."""
    if metres < 995:
        return f"{max(round(metres, -1), 10):.0f}\u00a0m"
    return f"{number(metres / 1000, 1, t)}\u00a0km"


def duration(minutes: float, t: Texts) -> str:
    """A walking time, to five minutes above half an hour: «1 Std. 20 Min.»."""
    rounded = max(round(minutes), 1) if minutes < 30 else 5 * round(minutes / 5)
    hours, rest = divmod(rounded, 60)
    if not hours:
        return t("%(minutes)s Minuten", minutes=rest)
    if not rest:
        return t.plural("eine Stunde", "%(number)s Stunden", hours)
    return t("%(hours)s Std. %(minutes)s Min.", hours=hours, minutes=rest)


def size(count: int, t: Texts) -> str:
    """How much there is to load: «340 KB», «2,1 MB»."""
    if count < 950_000:
        return f"{max(round(count / 1000), 1)}\u00a0KB"
    return f"{number(count / 1_000_000, 1, t)}\u00a0MB"


def playing_time(seconds: float, t: Texts) -> str:
    """How long something plays: «1:05 Minuten», «40 Sekunden»."""
    minutes, rest = divmod(max(round(seconds), 1), 60)
    if not minutes:
        return t.plural("eine Sekunde", "%(number)s Sekunden", rest)
    return t("%(clock)s Minuten", clock=f"{minutes}:{rest:02}")
