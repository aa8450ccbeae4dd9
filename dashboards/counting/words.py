"""Counters, their factors and sessions of counting by hand, in the words of the staff pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from dashboards import words
from dashboards.languages import marked, t
from geodata.figures.by_hand.calibrations import CounterCalibration
from geodata.figures.by_hand.counter_comparison import LATE
from geodata.model.counting.count_session import CountSession, CountTally
from geodata.model.counting.counter import Channel, Direction, Mounting
from geodata.statistics.calibration.factor import ENOUGH_SESSIONS, Calibration, CalibrationVerdict

WAYS = {Direction.IN: marked("Hinein"), Direction.OUT: marked("Hinaus"), Direction.BOTH: marked("Vorbei")}
"""What the buttons of each direction say, as the catalogue has it."""
_TOGETHER = {**WAYS, Direction.BOTH: marked("Beide zusammen")}
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
    names = {way: t(_TOGETHER[way]) if len(ways) > 1 else "" for way in shown}
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
    return TakenDownRow(
        device=mounting.device,
        name=(device and device.name) or mounting.device,
        place=place(snapshot, mounting),
        until=words.date_words(mounting.ends_at.astimezone(zone).date()) if mounting.ends_at else "",
    )


def factor_in_short(found: CounterCalibration) -> str:
    """``× 1,18 (1,09–1,29), 6 Zählungen``, or that nobody has counted there by hand."""
    if not found.calibration.sessions:
        return t("noch nie von Hand gezählt")
    sessions = words.count(found.calibration.sessions, "Zählung", "Zählungen")
    return f"{_factor('', found).factor}, {sessions}"


def session_row(session: CountSession, now: datetime, timezone: tzinfo) -> SessionRow:
    """``gestern, 14:00 Uhr bis 14:45 Uhr`` and ``hinein: 12 gesehen, 10 gezählt``, with when a comparison comes."""
    begin, end = words.moment(session.started_at, now, timezone), words.clock(session.ended_at, timezone)
    counts = [_tally(tally, waits=now - session.ended_at < _SOON) for tally in session.tallies]
    lacks = _lacking(session, now) if any(tally.counted is None for tally in session.tallies) else ""
    return SessionRow(
        id=session.id,
        when=t("%(begin)s bis %(end)s", begin=begin, end=end),
        who=session.counted_by,
        counts=counts,
        lacks=lacks,
        note=session.note,
    )


def _lacking(session: CountSession, now: datetime) -> str:
    """When the comparison that is not there comes, or why none can."""
    ago = now - session.ended_at
    if ago < _SOON:
        return t("Der Vergleich steht hier in etwa zwei Stunden, sobald der Zähler sich gemeldet hat.")
    if ago < LATE:
        return t(
            "Der Zähler hat in dieser Zeit nicht durchgehend gezählt: So lässt sich nichts vergleichen."
            " Meldet er es noch nach, steht der Vergleich hier."
        )
    return t("Der Zähler hat in dieser Zeit nicht durchgehend gezählt: Einen Vergleich kann es nicht mehr geben.")


def place(snapshot: Snapshot, mounting: Mounting) -> str:
    """Its station, or the trail where it hangs beside the stations."""
    catalogue = snapshot.catalogue
    if (station := catalogue.stations.get(mounting.station or "")) is not None:
        return t("Station %(number)s · %(title)s", number=station.number, title=title_of(station))
    trail = catalogue.trails.get(mounting.trail)
    return name_of(trail) if trail is not None else mounting.trail


def _factor(way: str, found: CounterCalibration) -> FactorRow:
    calibration = found.calibration
    factor = calibration.factor
    if factor is None:
        return FactorRow(way=way, factor=t("noch kein Faktor"), basis=_basis(calibration), advice=_advice(found))
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
        sessions = words.count(lacking, "Zählung", "Zählungen")
        parts.append(t("Noch %(sessions)s, dann ist der Faktor viel genauer.", sessions=sessions))
    elif calibration.verdict is CalibrationVerdict.NONE:
        parts.append(t("Gesehen und gezählt passen nicht zusammen: Bitte prüfen Sie den Zähler."))
    elif calibration.verdict is CalibrationVerdict.FEW:
        parts.append(t("Die Zählungen sind sich noch nicht einig: Jede weitere hilft."))
    if found.is_non_linear:
        parts.append(t("In dichten Zeiten zählt der Zähler weniger mit."))
    return " ".join(parts)


def _tally(tally: CountTally, *, waits: bool) -> str:
    values = {"way": t(WAYS[tally.direction]), "seen": words.number(tally.seen)}
    if tally.counted is None:
        if waits:
            return t("%(way)s: %(seen)s gesehen, noch kein Vergleich", **values)
        return t("%(way)s: %(seen)s gesehen, kein Vergleich", **values)
    counted = words.number(tally.counted)
    if tally.is_interpolated:
        return t("%(way)s: %(seen)s gesehen, etwa %(counted)s gezählt", **values, counted=counted)
    return t("%(way)s: %(seen)s gesehen, %(counted)s gezählt", **values, counted=counted)
