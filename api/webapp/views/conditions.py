"""What comes first on a page: closures and notices, in words."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from api.catalogue.closures import CurrentClosure, PlacedClosure, current, state
from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.languages.texts import Texts
from api.notices.notices import Notice, notices_of, sentence
from api.webapp import wording
from api.webapp.language import pick
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_link
from geodata.conditions.closures import Closure
from geodata.conditions.notices import Level, NoticeReason
from geodata.vocabulary.languages import html_tag

_UNKNOWN = (NoticeReason.SILENT, NoticeReason.FLAGGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureCard:
    """A closure that holds (``is_active``) or begins soon; texts of ``detour`` and ``legal_basis`` may be empty."""

    is_active: bool
    where: str
    when: str
    reason: Words
    detour: Words
    legal_basis: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard:
    """A notice. ``source`` says where it comes from: the words before ``age``, when it was ``measured_at``.

    ``is_doubt``: a caution because nobody knows: the sensor is silent, or the page is read without reception.
    """

    is_warning: bool
    is_doubt: bool
    text: Words
    source: str
    age: str
    measured_at: datetime | None
    station: StationLink | None

    @property
    def evidence(self) -> str:
        """The words on where it comes from, with the age."""
        return f"{self.source} {self.age}"


@dataclass(frozen=True, slots=True)
class Conditions:
    """All there is to say before anything else."""

    closures: tuple[ClosureCard, ...]
    notices: tuple[NoticeCard, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.closures or self.notices)


def state_of(keeper: SnapshotKeeper, trail: str, now: datetime, station: str | None = None) -> Hashable:
    """Changes exactly when what is said does, but for the ages of values."""
    notices = notices_of(keeper, trail, now, station)
    verdicts = tuple((notice.rule.id, notice.verdict.level, notice.verdict.reason) for notice in notices)
    return state(_closures(keeper.current, trail, now, station)), verdicts


def build(keeper: SnapshotKeeper, trail: str, frame: Frame, now: datetime, station: str | None = None) -> Conditions:
    """Of a trail, or of what concerns one ``station``: then the notices need not say where."""
    closures = _closures(keeper.current, trail, now, station)
    notices = notices_of(keeper, trail, now, station)
    return Conditions(
        tuple(closure_card(closure, frame.choice.variant, frame.t, now) for closure in closures),
        tuple(_notice(keeper.current, notice, frame, now, named=station is None) for notice in notices),
    )


def closed_state(snapshot: Snapshot, trails: Iterable[str], now: datetime) -> Hashable:
    """Changes exactly when other stretches of these trails are closed."""
    return tuple(tuple(placed.closure.id for placed in closed_now(snapshot, trail, now)) for trail in trails)


def closed_now(snapshot: Snapshot, trail: str, now: datetime) -> list[PlacedClosure]:
    """The closures that hold on a trail."""
    return [closure.placed for closure in _closures(snapshot, trail, now, None) if closure.is_active]


def is_closed(closed: Iterable[PlacedClosure], code: str) -> bool:
    """Whether one of these closures affects the station with this code."""
    return any(placed.affects(code) for placed in closed)


def detour_of(closure: Closure, frame: Frame) -> Words | None:
    """The way around, in the language that comes nearest to the one asked for; None where nobody described it."""
    return _detour(closure, frame.choice.variant)


def _detour(closure: Closure, variant: str) -> Words | None:
    content = closure.detour(variant)
    return Words(content.detour, html_tag(content.variant)) if content else None


def _closures(snapshot: Snapshot, trail: str, now: datetime, station: str | None) -> list[CurrentClosure]:
    placed = snapshot.closures_of_trail.get(trail, [])
    return current((closure for closure in placed if station is None or closure.affects(station)), now)


def closure_card(current_closure: CurrentClosure, variant: str, t: Texts, now: datetime) -> ClosureCard:
    """What readers of ``variant`` are told of it; ``t`` are the interface's texts in their language."""
    closure = current_closure.placed.closure
    content, lang = pick(closure.contents, variant)
    return ClosureCard(
        is_active=current_closure.is_active,
        where=where(current_closure.placed, t),
        when=_when(current_closure, now, t),
        reason=Words(content.reason if content else "", lang),
        detour=_detour(closure, variant) or Words("", lang),
        legal_basis=Words.german(closure.legal_basis),
    )


def where(placed: PlacedClosure, t: Texts) -> str:
    """Which part of the trail is closed, by the numbers of its stations."""
    numbers = [station.number for station in placed.stations]
    if placed.closure.kind == "trail":
        return t("der ganze Pfad")
    if not numbers:
        return t("ein Stück zwischen zwei Stationen")
    if len(numbers) == 1:
        return t("bei Station %(number)s", number=numbers[0])
    if placed.closure.kind == "stretch":
        return t("von Station %(first)s bis Station %(last)s", first=numbers[0], last=numbers[-1])
    return t("bei den Stationen %(numbers)s", numbers=", ".join(str(number) for number in numbers))


def _when(closure: CurrentClosure, now: datetime, t: Texts) -> str:
    until = _until(closure, now, t)
    if closure.is_active:
        return until
    begin = t("Ab %(moment)s.", moment=wording.moment(closure.period.start, now, closure.placed.timezone, t))
    return f"{begin} {until}"


def _until(closure: CurrentClosure, now: datetime, t: Texts) -> str:
    end, zone = closure.period.end, closure.placed.timezone
    if end is None:
        return t("Das Ende steht noch nicht fest.")
    if end.astimezone(zone).time() == time():
        return t("Bis einschließlich %(day)s.", day=wording.day(end - timedelta(seconds=1), now, zone, t))
    return t("Bis %(moment)s.", moment=wording.moment(end, now, zone, t))


def _notice(snapshot: Snapshot, notice: Notice, frame: Frame, now: datetime, *, named: bool) -> NoticeCard:
    text, lang = pick(notice.rule.texts, frame.choice.variant)
    measured_at, t = notice.verdict.measured_at, frame.t
    zone = snapshot.catalogue.timezone_of(notice.rule.trail)
    if notice.verdict.reason is NoticeReason.SET:
        source = t("Das sagt das Team vor Ort.")
    elif frame.is_pack:
        source, measured_at = t("Ohne Netz gibt es keine neuen Messwerte."), None
    elif measured_at is None:
        source = t("Der Sensor hat sich noch nie gemeldet.")
    else:
        source = t("Gemessen") if notice.verdict.reason is NoticeReason.MEASURED else t("Letzte Meldung des Sensors:")
    station = snapshot.catalogue.stations.get(notice.rule.station) if named and notice.rule.station else None
    doubtful = {*_UNKNOWN, *((NoticeReason.MEASURED,) if frame.is_pack else ())}
    return NoticeCard(
        is_warning=notice.verdict.level is Level.WARNING,
        is_doubt=notice.verdict.level is not Level.WARNING and notice.verdict.reason in doubtful,
        text=Words(sentence(text, notice.verdict) if text else "", lang),
        source=source,
        age=wording.age(measured_at, now, zone, t) if measured_at else "",
        measured_at=measured_at,
        station=station_link(station, frame) if station else None,
    )
