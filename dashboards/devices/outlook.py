"""What is expected of a device and how well it was heard, in words: battery, reception, silent times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date

from api.catalogue.snapshot import Snapshot
from dashboards.languages import marked, t
from geodata.conditions import battery, signal, silent_times
from geodata.conditions.battery import BatteryForecast, Outlook
from geodata.conditions.device_condition import BATTERY
from geodata.conditions.signal import Reception, SignalTrend
from geodata.conditions.silence import silent_after
from geodata.conditions.silent_times import SilentSpan
from geodata.model.device import Device
from geodata.store.series import daily
from geodata.store.transaction import Transaction

BATTERY_DAYS = 90
"""So far back the battery is looked at."""
HEARD_DAYS = 30
_SIGNALS = ("rssi", "snr")
_WIDTH, _HEIGHT = 240.0, 40.0
_RECEPTION = {Reception.GOOD: marked("gut"), Reception.FAIR: marked("mittel"), Reception.WEAK: marked("schwach")}
_TRENDS = {
    SignalTrend.TOO_EARLY: marked("noch zu wenige Tage, um mehr zu sagen"),
    SignalTrend.STEADY: marked("seit %(days)s Tagen gleich"),
    SignalTrend.FALLING: marked("wird schlechter: Wächst etwas davor, oder ist die Antenne nass?"),
    SignalTrend.RISING: marked("wird besser"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionView:
    """How well a device is received: in words, and a line of ``points`` (SVG) from ``low`` to ``high`` dBm or dB."""

    said: str
    points: str
    low: float
    high: float
    unit: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardView:
    """The silent times of the last days, the newest first, and the share of the time in which it was heard."""

    spans: Sequence[SilentSpan]
    share: float
    since: datetime


def forecasts(
    connection: Transaction, snapshot: Snapshot, devices: Sequence[Device], today: date
) -> dict[str, BatteryForecast]:
    """Of each of ``devices`` that says how full its battery is."""
    streams = {
        stream.id: device.id
        for device in devices
        for stream in snapshot.datastreams_of_device.get(device.id, [])
        if stream.observed_property == BATTERY
    }
    charges = daily.first_hours(connection, list(streams), today, BATTERY_DAYS, step=2) if streams else {}
    return {streams[stream]: battery.forecast(days, today) for stream, days in charges.items()}


def battery_words(found: BatteryForecast | None, today: date) -> str:
    """``reicht etwa bis 12. März (zwischen 2. März und 4. April)``; empty where the device says nothing of it."""
    if found is None:
        return ""
    if found.outlook is Outlook.STEADY:
        return t("hält länger, als sich absehen lässt")
    if found.empty_on is None or found.earliest is None:
        changed = found.changed_on
        return (
            t("neuer Akku seit %(day)s, noch nicht zu sagen, wie lange er hält", day=day_words(changed, today))
            if changed
            else t("noch nicht zu sagen, wie lange er hält")
        )
    values = {"day": day_words(found.empty_on, today), "first": day_words(found.earliest, today)}
    if found.latest is None:
        return t("reicht etwa bis %(day)s, frühestens bis %(first)s", **values)
    if found.latest == found.earliest:
        return t("reicht bis %(day)s", **values)
    return t("reicht etwa bis %(day)s (zwischen %(first)s und %(last)s)", **values, last=day_words(found.latest, today))


def battery_in_short(found: BatteryForecast | None, today: date) -> str:
    """``bis etwa 12. März``, for a list; empty where no end is in sight."""
    return (
        "" if found is None or found.empty_on is None else t("bis etwa %(day)s", day=day_words(found.empty_on, today))
    )


def day_words(day: date, today: date) -> str:
    """``12. März``; the year where it is another one."""
    if t.language == "en":
        return format_date(day, "d MMMM" if day.year == today.year else "d MMMM y", locale="en_GB")
    return format_date(day, "d. MMMM" if day.year == today.year else "d. MMMM y", locale="de")


def reception(connection: Transaction, snapshot: Snapshot, device: str, today: date) -> ReceptionView | None:
    """Of the last HEARD_DAYS, by its strength, else by its distance from the noise; None where it tells neither."""
    by_property = {s.observed_property: s.id for s in snapshot.datastreams_of_device.get(device, [])}
    name = next((name for name in _SIGNALS if name in by_property), None)
    if name is None:
        return None
    days = daily.first_hours(connection, [by_property[name]], today, HEARD_DAYS).get(by_property[name], [])
    if not days:
        return None
    found = signal.outlook(days, is_strength=name == "rssi")
    trend = t(_TRENDS[found.trend], days=(days[-1][0] - days[0][0]).days)
    said = trend if found.reception is None else f"{t(_RECEPTION[found.reception])}, {trend}"
    values = [value for _, value in days]
    return ReceptionView(
        said=said,
        points=_points(days),
        low=min(values),
        high=max(values),
        unit=snapshot.catalogue.properties[name].unit,
        first=day_words(days[0][0], today),
        last=day_words(days[-1][0], today),
    )


def _points(days: Sequence[tuple[date, float]]) -> str:
    low, high = min(value for _, value in days), max(value for _, value in days)
    span, height = max((days[-1][0] - days[0][0]).days, 1), max(high - low, 1.0)
    return " ".join(
        f"{_WIDTH * (day - days[0][0]).days / span:.0f},{_HEIGHT * (high - value) / height:.0f}" for day, value in days
    )


def heard(connection: Transaction, snapshot: Snapshot, device: Device, now: datetime) -> HeardView | None:
    """Of the last HEARD_DAYS, or since it was first heard; None where it never was."""
    streams = [stream.id for stream in snapshot.datastreams_of_device.get(device.id, [])]
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = daily.heard_hours(connection, streams, end - timedelta(days=HEARD_DAYS), end)
    if not hours:
        return None
    begin = (
        hours[0]
        if device.registered_at and device.registered_at > end - timedelta(days=HEARD_DAYS)
        else (end - timedelta(days=HEARD_DAYS))
    )
    spans = silent_times.find(hours, begin, end, silent_after(device))
    return HeardView(spans=spans[::-1], share=silent_times.share_heard(spans, begin, end), since=begin)


def charge_words(row_words: str, found: Mapping[str, BatteryForecast], device: str, today: date) -> str:
    """``62 %, bis etwa 12. März``."""
    return ", ".join(part for part in (row_words, battery_in_short(found.get(device), today)) if part)
