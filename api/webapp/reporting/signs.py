"""All genuine signs: which address stands on each, and where it is."""

from __future__ import annotations

from dataclasses import dataclass

from api.catalogue.snapshot import Snapshot
from api.webapp import wording
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.others import TownLink
from api.webapp.views.parts import station_link, trail_name
from geodata.errors import NotFound
from geodata.model.station import Station
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True)
class GenuineSign:
    """A sign: its station, the code that ends its address, and the way to it in words."""

    station: StationLink
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class TrailSigns:
    """The signs of a trail in order of their numbers."""

    name: Words
    town: str
    href: str
    signs: tuple[GenuineSign, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsPage:
    """What ``signs.html`` shows. ``town`` is whose list it is; ``towns``: each has a list of its own."""

    frame: Frame
    town: str
    trails: tuple[TrailSigns, ...]
    towns: tuple[TownLink, ...]


def build(snapshot: Snapshot, frame: Frame, town: str) -> SignsPage:
    """The list of a municipality (its slug), or of all; raises NotFound."""
    municipalities = snapshot.catalogue.municipalities
    if town and town not in municipalities:
        raise NotFound("municipality", town)
    trails = [trail for trail in snapshot.listed.values() if town in {"", trail.municipality}]
    active = {trail.municipality for trail in trails}
    return SignsPage(
        frame=frame,
        town=municipalities[town].name if town else "",
        trails=tuple(_of_trail(snapshot, trail, frame) for trail in trails),
        towns=tuple(
            TownLink(municipalities[slug].name, frame.link(f"/signs/{slug}")) for slug in sorted(active)
        ) if len(active) > 1 else (),
    )  # fmt: skip


def _of_trail(snapshot: Snapshot, trail: Trail, frame: Frame) -> TrailSigns:
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    live = sorted((one for one in stations if one.retired_at is None), key=lambda one: one.number)
    return TrailSigns(
        name=trail_name(trail, frame),
        town=snapshot.catalogue.municipalities[trail.municipality].name,
        href=frame.link(f"/t/{trail.slug}"),
        signs=tuple(GenuineSign(station_link(one, frame), one.code, _place(one, frame)) for one in live),
    )


def _place(station: Station, frame: Frame) -> str:
    if station.along_m < 1:
        return frame.t("Start")
    return frame.t("%(distance)s ab Start", distance=wording.distance(station.along_m, frame.t))
