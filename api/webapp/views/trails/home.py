"""The list of all trails, town by town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.catalogue.snapshot import Snapshot
from api.drawing import map as trail_map
from api.webapp.language import pick
from api.webapp.views import conditions
from api.webapp.views.frame import Frame, Words
from api.webapp.views.parts import trail_name
from api.webapp.views.trails.trail import Facts, facts_of
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailCard:
    """A trail in the list, with a little drawing of its line; ``lon``, ``lat`` is where it begins.

    ``shut`` says that something of it is closed, and is empty where nothing is.
    """

    name: Words
    lead: Words
    municipality: str
    href: str
    facts: Facts | None
    stations: int
    view_box: str
    path: str
    shut: str
    is_invented: bool
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Town:
    """The trails of a municipality, by name."""

    name: str
    trails: tuple[TrailCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What ``home.html`` shows."""

    frame: Frame
    towns: tuple[Town, ...]
    count: int


def build(snapshot: Snapshot, frame: Frame, now: datetime) -> HomePage:
    """Build the list of trails."""
    names = {slug: town.name for slug, town in snapshot.catalogue.municipalities.items()}
    towns: dict[str, list[TrailCard]] = {}
    for trail in snapshot.listed.values():
        towns.setdefault(names[trail.municipality], []).append(_card(snapshot, trail, frame, now))
    return HomePage(
        frame=frame,
        towns=tuple(
            Town(name, tuple(sorted(cards, key=lambda card: card.name.text.casefold())))
            for name, cards in sorted(towns.items(), key=lambda town: town[0].casefold())
        ),
        count=len(snapshot.listed),
    )


def _card(snapshot: Snapshot, trail: Trail, frame: Frame, now: datetime) -> TrailCard:
    content, lang = pick(trail.contents, frame.choice.variant)
    view_box, path = trail_map.outline(trail.line)
    lon, lat, *_ = trail.line.coords[0]
    return TrailCard(
        name=trail_name(trail, frame),
        lead=Words(content.lead if content else "", lang),
        municipality=snapshot.catalogue.municipalities[trail.municipality].name,
        href=frame.link(f"/t/{trail.slug}"),
        facts=facts_of(snapshot.geometries.get(trail.slug), frame),
        stations=len(snapshot.stations_of_trail.get(trail.slug, [])),
        view_box=view_box,
        path=path,
        shut=_shut(snapshot, trail, frame, now),
        is_invented=not trail.surveyed,
        lon=round(lon, 5),
        lat=round(lat, 5),
    )


def _shut(snapshot: Snapshot, trail: Trail, frame: Frame, now: datetime) -> str:
    closed = conditions.closed_now(snapshot, trail.slug, now)
    if any(placed.closure.kind == "trail" for placed in closed):
        return frame.t("Der ganze Pfad ist gesperrt.")
    return frame.t("Ein Stück ist gesperrt.") if closed else ""
