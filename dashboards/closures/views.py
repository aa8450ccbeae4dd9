"""Closures in words: those of a trail, and what would be seen of one before it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from api.catalogue.closures import SOON, CurrentClosure, PlacedClosure, closes_way, place_one
from api.languages.texts import texts
from api.webapp.views.conditions import ClosureCard, closure_card, where
from dashboards.languages import marked, t
from dashboards.trails.ground import Ground, called
from geodata.conditions.closures import Closure, Period, period
from geodata.vocabulary.languages import DEFAULT, VARIANTS, interface, language, text_in
from geodata.vocabulary.season import MonthDay

NOW, COMING, PAST = "now", "coming", "past"
STATES = {NOW: marked("Jetzt gesperrt"), COMING: marked("Bald oder später"), PAST: marked("Vorbei")}
_OPEN_LONG = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRow:
    """A closure of a trail. ``asks``: its open end has been open for so long that somebody should look."""

    closure: Closure
    placed: PlacedClosure
    state: str
    where: str
    when: str
    reason: str
    asks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What readers of a language are told; ``borrowed`` names the language whose words they get for want of theirs."""

    name: str
    html_lang: str
    card: ClosureCard
    borrowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosurePreview:
    """What a closure does: ``stations`` show it, on ``ways`` hikers read that it does not go on."""

    placed: PlacedClosure
    german: ClosureCard
    languages: tuple[Seen, ...]
    stations: tuple[str, ...]
    ways: tuple[str, ...]
    times: tuple[str, ...]
    length: str


def rows_of(ground: Ground, closures: Iterable[Closure]) -> dict[str, list[ClosureRow]]:
    """By state: what holds, what comes, what is over, the newest first."""
    rows: dict[str, list[ClosureRow]] = {state: [] for state in STATES}
    for closure in closures:
        row = row_of(ground, closure)
        rows[row.state].append(row)
    rows[PAST].sort(key=lambda row: row.closure.valid_until or ground.now, reverse=True)
    return rows


def row_of(ground: Ground, closure: Closure) -> ClosureRow:
    """A stored closure in words."""
    placed = placed_on(ground, closure)
    span = period(closure, ground.now, ground.timezone)
    content = text_in(closure.contents)
    state = PAST if span is None else NOW if span.start <= ground.now else COMING
    return ClosureRow(
        closure=closure,
        placed=placed,
        state=state,
        where=where(placed, t.texts),
        when=_told(ground, closure, span),
        reason=content.reason if content else "",
        asks=state == NOW and closure.valid_until is None and not closure.season
        and ground.now - closure.valid_from > _OPEN_LONG,
    )  # fmt: skip


def placed_on(ground: Ground, closure: Closure) -> PlacedClosure:
    """A closure, stored or not, on its trail."""
    walking = sorted(ground.stations, key=lambda station: (station.along_m, station.number))
    return place_one(ground.snapshot.catalogue, closure, ground.geometry, walking)


def preview(ground: Ground, closure: Closure) -> ClosurePreview:
    """Who sees what of it, and when."""
    placed = placed_on(ground, closure)
    span = period(closure, ground.now, ground.timezone)
    shown = CurrentClosure(placed, span or Period(closure.valid_from, closure.valid_until), _holds(ground, span))
    cards = {variant: closure_card(shown, variant, texts(interface(variant)), ground.now) for variant in VARIANTS}
    return ClosurePreview(
        placed=placed,
        german=cards[DEFAULT],
        languages=tuple(
            Seen(
                name=language(variant).name,
                html_lang=card.reason.lang,
                card=card,
                borrowed="" if variant in closure.contents else _borrowed(closure, variant),
            )
            for variant, card in cards.items()
            if variant != DEFAULT
        ),
        stations=tuple(called(station) for station in placed.stations),
        ways=tuple(_ways(ground, placed)),
        times=tuple(_times(ground, closure, span)),
        length=ground.length(ground.geometry.flat(placed.line).length),
    )


def _holds(ground: Ground, span: Period | None) -> bool:
    return span is not None and span.start <= ground.now


def _borrowed(closure: Closure, variant: str) -> str:
    content = text_in(closure.contents, variant)
    return language(content.variant).name if content else ""


def _ways(ground: Ground, placed: PlacedClosure) -> Iterable[str]:
    """Between which neighbours hikers are told that the way on is closed."""
    walking = sorted(ground.stations, key=lambda station: (station.along_m, station.number))
    if ground.geometry.is_loop and len(walking) > 1:
        walking.append(walking[0])
    for before, after in pairwise(walking):
        if before.along_m != after.along_m and closes_way(placed, ground.geometry, before.along_m, after.along_m):
            yield t("von Station %(first)s nach Station %(last)s", first=before.number, last=after.number)


def _times(ground: Ground, closure: Closure, span: Period | None) -> Iterable[str]:
    if span is None:
        yield t("Diese Zeit ist schon vorbei: Niemand sieht die Sperrung.")
        return
    announced = max(span.start - SOON, ground.now)
    if span.start > ground.now:
        if announced > ground.now:
            yield t("Ab %(moment)s: „Bald gesperrt“ auf den Seiten", moment=ground.moment(announced))
        else:
            yield t("Ab sofort: „Bald gesperrt“ auf den Seiten")
        yield t("Ab %(moment)s: „Gesperrt“", moment=ground.moment(span.start))
    else:
        yield t("Ab sofort: „Gesperrt“ auf den Seiten, spätestens nach einer Minute")
    if span.end is None:
        yield t("Ende offen: Die Sperrung bleibt, bis jemand hier „Wieder öffnen“ drückt.")
    else:
        yield t("Ab %(moment)s: wieder frei, von selbst", moment=ground.moment(span.end))
    if closure.season:
        yield t(
            "Jedes Jahr wieder, vom %(first)s bis zum %(last)s",
            first=_day(closure.season.first),
            last=_day(closure.season.last),
        )


def _told(ground: Ground, closure: Closure, span: Period | None) -> str:
    if span is None:
        return t("bis %(moment)s", moment=ground.moment(closure.valid_until)) if closure.valid_until else ""
    begin, end = ground.moment(span.start), ground.moment(span.end) if span.end else ""
    if span.start <= ground.now:
        return (
            t("seit %(begin)s bis %(end)s", begin=begin, end=end)
            if end
            else t("seit %(begin)s, Ende offen", begin=begin)
        )
    return t("ab %(begin)s bis %(end)s", begin=begin, end=end) if end else t("ab %(begin)s, Ende offen", begin=begin)


def _day(day: MonthDay) -> str:
    return f"{day[1]}.{day[0]}."


def as_text(ground: Ground, closure: Closure) -> str:
    """All of a closure in lines, as the audit log keeps it and a conflict shows it."""
    placed = placed_on(ground, closure)
    zone = ground.timezone
    begin, end = (
        f"{at.astimezone(zone):%d.%m.%Y %H:%M}" if at else "…" for at in (closure.valid_from, closure.valid_until)
    )
    lines = [where(placed, t.texts), f"{begin} – {end}"]
    if closure.stretch:
        lines.append(f"{closure.stretch[0]:.0f}–{closure.stretch[1]:.0f} m")
    if closure.season:
        lines.append(f"{_day(closure.season.first)} – {_day(closure.season.last)}")
    lines += [
        f"{content.variant}: {' → '.join(filter(None, (content.reason, content.detour)))}"
        for content in closure.contents.values()
    ]
    return "\n".join(filter(None, [*lines, closure.legal_basis]))
