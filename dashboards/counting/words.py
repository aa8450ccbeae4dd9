"""Counters, their factors and sessions of counting by hand, in the words of the staff pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from babel.dates import format_date

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from dashboards import words
from geodata.figures.by_hand.calibrations import CounterCalibration
from geodata.figures.by_hand.counter_comparison import LATE
from geodata.model.counting.count_session import CountSession, CountTally
from geodata.model.counting.counter import Channel, Direction, Mounting
from geodata.statistics.calibration.factor import ENOUGH_SESSIONS, Calibration, CalibrationVerdict

WAYS = {Direction.IN: "Hinein", Direction.OUT: "Hinaus", Direction.BOTH: "Vorbei"}
"""What the buttons of each direction say."""
_TOGETHER = {**WAYS, Direction.BOTH: "Beide zusammen"}
_SOON = timedelta(hours=3)
"""Every hour the gateway compares, by then with the counter's reports after the end, which may come an hour apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """What is known of a counter in one direction; ``way`` is empty where it cannot tell directions."""

    way: str
    factor: str
    basis: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterCard:
    """A counter that hangs somewhere now, with the directions in which it counts."""

    device: str
    name: str
    place: str
    ways: Sequence[Direction]
    factors: Sequence[FactorRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDownRow:
    """A counter that hangs nowhere any more: where it hung, and until when."""

    device: str
    name: str
    place: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session: when, by whom, and for each direction what was seen and what was counted."""

    id: UUID
    when: str
    who: str
    counts: Sequence[str]
    lacks: str
    note: str


def card(
    snapshot: Snapshot, channels: Sequence[Channel], calibrations: Mapping[Direction, CounterCalibration]
) -> CounterCard:
    """A counter with its channels (at least one) and what is known of it."""
    mounting = channels[0].mounting
    device = snapshot.catalogue.devices.get(mounting.device)
    ways = [channel.direction for channel in channels]
    shown = [*ways, Direction.BOTH] if len(ways) > 1 else ways
    names = _TOGETHER if len(ways) > 1 else dict.fromkeys(shown, "")
    return CounterCard(
        device=mounting.device,
        name=(device and device.name) or mounting.device,
        place=place(snapshot, mounting),
        ways=ways,
        factors=[_factor(names[way], calibrations[way]) for way in shown],
    )


def taken_down(snapshot: Snapshot, mounting: Mounting) -> TakenDownRow:
    """The last period of a counter, which has ended: ``hing bis 3. November 2026``."""
    device = snapshot.catalogue.devices.get(mounting.device)
    zone = snapshot.catalogue.timezone_of(mounting.trail)
    ended = mounting.ends_at.astimezone(zone) if mounting.ends_at else None
    return TakenDownRow(
        device=mounting.device,
        name=(device and device.name) or mounting.device,
        place=place(snapshot, mounting),
        until=format_date(ended, "d. MMMM y", locale="de") if ended else "",
    )


def factor_in_short(found: CounterCalibration) -> str:
    """``× 1,18 (1,09–1,29), 6 Zählungen``, or that nobody has counted there by hand."""
    if not found.calibration.sessions:
        return "noch nie von Hand gezählt"
    sessions = words.count(found.calibration.sessions, "Zählung", "Zählungen")
    return f"{_factor('', found).factor}, {sessions}"


def session_row(session: CountSession, now: datetime, timezone: tzinfo) -> SessionRow:
    """``gestern, 14:00 Uhr bis 14:45 Uhr`` and ``hinein: 12 gesehen, 10 gezählt``, with when a comparison comes."""
    when = f"{words.moment(session.started_at, now, timezone)} bis {words.clock(session.ended_at, timezone)}"
    waits = now - session.ended_at < _SOON
    counts = [_tally(tally, "noch kein Vergleich" if waits else "kein Vergleich") for tally in session.tallies]
    lacks = _lacking(session, now) if any(tally.counted is None for tally in session.tallies) else ""
    return SessionRow(id=session.id, when=when, who=session.counted_by, counts=counts, lacks=lacks, note=session.note)


def _lacking(session: CountSession, now: datetime) -> str:
    """When the comparison that is not there comes, or why none can."""
    ago = now - session.ended_at
    if ago < _SOON:
        return "Der Vergleich steht hier in etwa zwei Stunden, sobald der Zähler sich gemeldet hat."
    if ago < LATE:
        return (
            "Der Zähler hat in dieser Zeit nicht durchgehend gezählt: So lässt sich nichts vergleichen."
            " Meldet er es noch nach, steht der Vergleich hier."
        )
    return "Der Zähler hat in dieser Zeit nicht durchgehend gezählt: Einen Vergleich kann es nicht mehr geben."


def place(snapshot: Snapshot, mounting: Mounting) -> str:
    """Its station, or the trail where it hangs beside the stations."""
    catalogue = snapshot.catalogue
    if (station := catalogue.stations.get(mounting.station or "")) is not None:
        return f"Station {station.number} · {title_of(station)}"
    trail = catalogue.trails.get(mounting.trail)
    return name_of(trail) if trail is not None else mounting.trail


def _factor(way: str, found: CounterCalibration) -> FactorRow:
    calibration = found.calibration
    factor = calibration.factor
    if factor is None:
        return FactorRow(way=way, factor="noch kein Faktor", basis=_basis(calibration), advice=_advice(found))
    value, low, high = (words.number(each, 2) for each in (factor.value, factor.low, factor.high))
    return FactorRow(way=way, factor=f"×\u00a0{value} ({low}–{high})", basis=_basis(calibration), advice=_advice(found))


def _basis(calibration: Calibration) -> str:
    sessions = words.count(calibration.sessions, "Zählung", "Zählungen")
    return f"{sessions}, {words.count(calibration.people, 'Durchgang', 'Durchgänge')}"


def _advice(found: CounterCalibration) -> str:
    """What more counting would help, and what is odd about the counter."""
    calibration, parts = found.calibration, list[str]()
    lacking = ENOUGH_SESSIONS - calibration.sessions
    if lacking > 0:
        parts.append(f"Noch {words.count(lacking, 'Zählung', 'Zählungen')}, dann ist der Faktor viel genauer.")
    elif calibration.verdict is CalibrationVerdict.NONE:
        parts.append("Gesehen und gezählt passen nicht zusammen: Bitte prüfen Sie den Zähler.")
    elif calibration.verdict is CalibrationVerdict.FEW:
        parts.append("Die Zählungen sind sich noch nicht einig: Jede weitere hilft.")
    if found.is_non_linear:
        parts.append("In dichten Zeiten zählt der Zähler weniger mit.")
    return " ".join(parts)


def _tally(tally: CountTally, none: str) -> str:
    counted = none if tally.counted is None else f"{words.number(tally.counted)} gezählt"
    about = "etwa " if tally.counted is not None and tally.is_interpolated else ""
    return f"{WAYS[tally.direction]}: {words.number(tally.seen)} gesehen, {about}{counted}"
