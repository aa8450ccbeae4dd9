"""`digitalpfad closure`: closed stretches, areas and trails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperCommand

from digitalpfad import services
from digitalpfad.commands.content.findings_output import say_findings
from digitalpfad.commands.given_text import LONGEST_SENTENCE, one_line
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.commands.text_by_language import by_language
from digitalpfad.config import settings
from digitalpfad.noting import note
from digitalpfad.terminal.language import said
from geodata.actions import edit_closure, end_closure
from geodata.conditions.closures import Closure, ClosureContent, affected_stations, period
from geodata.errors import InvalidInput, NotFound
from geodata.findings.trail_file import Findings
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message, phrase
from geodata.model.station import Station
from geodata.store.catalogue import catalogue
from geodata.store.catalogue.catalogue import Catalogue
from geodata.text import localtime
from geodata.trailfiles import closure_area, closure_reach
from geodata.trailfiles.closure_reach import TrailWay
from geodata.vocabulary.audit import Action
from geodata.vocabulary.languages import DEFAULT, text_in
from geodata.vocabulary.season import MonthDay, Season

_WORDS = {word: phrase(word) for word in ("stretch", "area", "trail", "over", "closed", "to come")}
_OLDER = {
    "--reason-en": ("--reason", "en"),
    "--detour-en": ("--detour", "en"),
    "--reason-simple": ("--reason", "de_simple"),
    "--detour-simple": ("--detour", "de_simple"),
}
_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A closure as it is listed, with the period that holds or comes next."""

    id: int
    trail: str
    kind: str
    state: str
    begins_at: datetime
    ends_at: datetime | None
    stations: list[int]
    reason: str
    legal_basis: str


group = typer.Typer(no_args_is_help=True, help="Closed stretches, areas and trails.")
Texts = Annotated[
    list[str], typer.Option(metavar="LANGUAGE=TEXT", help="Why, as hikers read it: de=…, and again for others, en=….")
]
Detours = Annotated[
    list[str] | None,
    typer.Option(metavar="LANGUAGE=TEXT", help="The way around, in languages that have a reason."),
]


class _Add(TyperCommand):
    """Takes the options of before, such as ``--reason-en``, until 0.2."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_renewed(args)))


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="closure")


@group.command("add", cls=_Add)
def add(  # noqa: PLR0913 - one parameter per option of the command
    trail: Annotated[str, typer.Option(help="Slug of the trail.")],
    reason: Texts,
    valid_from: Annotated[str, typer.Option("--from", help="Such as 2026-11-23T08:00, in the trail's time zone.")],
    *,
    until: Annotated[str, typer.Option(help="The end, or --open-end.")] = "",
    open_end: Annotated[bool, typer.Option("--open-end", help="Nobody knows yet when it ends.")] = False,
    from_station: Annotated[
        int | None, typer.Option(help="Number of the station where the closed stretch begins.")
    ] = None,
    to_station: Annotated[int | None, typer.Option(help="… and where it ends, in walking direction.")] = None,
    from_m: Annotated[float | None, typer.Option(help="Instead of a station: metres along the trail.")] = None,
    to_m: Annotated[float | None, typer.Option(help="… to which metre.")] = None,
    area: Annotated[Path | None, typer.Option(help="Instead of a stretch: a GeoJSON file with a polygon.")] = None,
    crs: Annotated[str, typer.Option(help="Coordinate system of the area, such as EPSG:25832.")] = "",
    season: Annotated[str, typer.Option(help="Only on these days of each year, such as 03-01..07-31.")] = "",
    legal_basis: Annotated[str, typer.Option(help="Such as the paragraph of a law.")] = "",
    detour: Detours = None,
    as_json: Json = False,
) -> None:
    """Close a stretch, an area or (without either) the whole trail; print the stations it affects."""
    _check_end(until, open_end=open_end)
    legal_basis = one_line("--legal-basis", legal_basis, LONGEST_SENTENCE, may_be_empty=True)
    contents = _contents(by_language("--reason", reason), by_language("--detour", detour or ()))

    def make(timezone: ZoneInfo, stations: list[Station], findings: Findings) -> Closure:
        return Closure(
            trail=trail,
            valid_from=localtime.parse("--from", valid_from, timezone),
            valid_until=localtime.parse("--until", until, timezone, later=True) if until else None,
            season=_season(season) if season else None,
            stretch=_stretch(_end(stations, "from", from_station, from_m), _end(stations, "to", to_station, to_m)),
            area=None if area is None else closure_area.read(area, crs, findings),
            legal_basis=legal_basis,
            contents=contents,
        )

    _write(trail, make, as_json=as_json)


def _check_end(until: str, *, open_end: bool) -> None:
    if until and open_end:
        raise InvalidInput("--until", until, "no end with --open-end", "Leave one of the two out.")
    if not until and not open_end:
        raise InvalidInput("--until", None, "an end, or --open-end")


def _write(trail: str, make: Callable[[ZoneInfo, list[Station], Findings], Closure], *, as_json: bool) -> None:
    findings = Findings()
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
        stations = _stations(stored, trail)
        new_closure = make(_timezone(stored, trail), stations, findings)
        geometry = TrailGeometry(stored.trails[trail].line)
        if new_closure.area is not None:
            closure_reach.check(new_closure.area, trail, _ways(stored), findings)
        affected = affected_stations(new_closure, geometry, stations)
        identity = edit_closure.add(connection, new_closure, geometry)
        note(connection, Action.CLOSURE_ADD, f"{trail}: {identity}")
    say_findings(findings.found)
    if as_json:
        answer_json({"id": identity, "stations": [station.code for station in affected]})
        return
    numbers = ", ".join(str(station.number) for station in affected) or said("none")
    typer.echo(f"{said('closure'):<10}{identity}\n{said('stations'):<10}{numbers}")


def _renewed(arguments: Iterable[str]) -> Iterator[str]:
    """The arguments with today's options in place of those of before."""
    following = iter(arguments)
    for argument in following:
        name, has_value, text = argument.partition("=")
        if name not in _OLDER:
            yield argument
            continue
        option, variant = _OLDER[name]
        if text := text if has_value else next(following, ""):
            say(message("{old} is deprecated: write {new}.", old=name, new=f"{option} {variant}=…"))
            yield from (option, f"{variant}={text}")


def _contents(reasons: Mapping[str, str], detours: Mapping[str, str]) -> dict[str, ClosureContent]:
    """Reason and detour by variant. Raises InvalidInput without German, and for a detour of no reason."""
    if DEFAULT not in reasons:
        given = ", ".join(f"{variant}=…" for variant in reasons)
        raise InvalidInput("--reason", given, "German too", "Others fall back to it: --reason de=….")
    for variant in sorted(detours.keys() - reasons.keys()):
        raise InvalidInput("--detour", f"{variant}=…", message("{option} too", option=f"--reason {variant}=…"))
    return {
        variant: ClosureContent(variant=variant, reason=reason, detour=detours.get(variant, ""))
        for variant, reason in reasons.items()
    }


@group.command("list")
def list_closures(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    as_json: Json = False,
) -> None:
    """List the closures that hold or are to come, with the period that holds or comes next."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
    now = datetime.now(UTC)
    rows = [_listed(stored, entry, now) for entry in stored.closures.values()]
    rows = [row for row in rows if everything or row.state != "over"]
    if as_json:
        answer_json([record(row) for row in rows])
        return
    answer_table(
        ("id", "trail", "what", "state", "from", "until", "stations", "reason"),
        [
            (
                row.id,
                row.trail,
                _WORDS[row.kind],
                _WORDS[row.state],
                localtime.formatted(row.begins_at, _timezone(stored, row.trail), ""),
                localtime.formatted(row.ends_at, _timezone(stored, row.trail), said("open")),
                ", ".join(str(number) for number in row.stations),
                row.reason,
            )
            for row in rows
        ],
        "Nothing is closed. 'digitalpfad closure add' closes a stretch.",
    )


@group.command("end")
def end(identity: Annotated[int, typer.Argument(metavar="ID", min=1)]) -> None:
    """Open again now; a closure that has not begun yet is taken back."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        end_closure.end(connection, identity, datetime.now(UTC))
        note(connection, Action.CLOSURE_END, str(identity))
    say(message("Closure {number} has ended.", number=str(identity)))


def _listed(stored: Catalogue, entry: Closure, now: datetime) -> _Listed:
    span = period(entry, now, _timezone(stored, entry.trail))
    stations = affected_stations(entry, TrailGeometry(stored.trails[entry.trail].line), _stations(stored, entry.trail))
    content = text_in(entry.contents)
    return _Listed(
        id=entry.id,
        trail=entry.trail,
        kind=entry.kind,
        state="over" if span is None else "closed" if span.start <= now else "to come",
        begins_at=span.start if span else entry.valid_from,
        ends_at=span.end if span else entry.valid_until,
        stations=[station.number for station in stations],
        reason=content.reason if content else "",
        legal_basis=entry.legal_basis,
    )


def _timezone(stored: Catalogue, trail: str) -> ZoneInfo:
    if trail not in stored.trails:
        raise NotFound("trail", trail)
    return stored.timezone_of(trail)


def _stations(stored: Catalogue, trail: str) -> list[Station]:
    live = (station for station in stored.stations.values() if station.trail == trail and station.retired_at is None)
    return sorted(live, key=lambda station: station.number)


def _end(stations: list[Station], side: str, number: int | None, metres: float | None) -> float | None:
    if number is None:
        return metres
    if metres is not None:
        raise InvalidInput(
            f"--{side}-station", number, message("a station or {option}, not both", option=f"--{side}-m")
        )
    for station in stations:
        if station.number == number:
            return station.along_m
    numbers = ", ".join(str(station.number) for station in stations)
    raise InvalidInput(f"--{side}-station", number, message("the number of a station: {numbers}", numbers=numbers))


def _stretch(start: float | None, end: float | None) -> tuple[float, float] | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise InvalidInput("stretch", phrase("one end"), "both ends", "Name --from-station and --to-station.")
    return start, end


def _season(text: str) -> Season:
    first, dots, last = text.partition("..")
    if not dots:
        raise InvalidInput("--season", text, "first and last day such as 03-01..07-31")
    return Season(_month_day(first), _month_day(last))


def _month_day(text: str) -> MonthDay:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise InvalidInput("--season", text, "a month and a day such as 03-01")
    return int(match[1]), int(match[2])


def _ways(stored: Catalogue) -> dict[str, TrailWay]:
    live = [station for station in stored.stations.values() if station.retired_at is None]
    return {
        slug: TrailWay(trail.line, [(station.lon, station.lat) for station in live if station.trail == slug])
        for slug, trail in stored.trails.items()
    }
