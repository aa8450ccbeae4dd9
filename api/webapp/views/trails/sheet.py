"""A trail on one sheet of paper, with the code that leads to its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup

from api.catalogue.keeper import SnapshotKeeper
from api.webapp import wording
from api.webapp.views.frame import Frame, Words
from api.webapp.views.trails import places as places_view
from api.webapp.views.trails import trail as trail_view
from api.webapp.views.trails.trail import TrailPage
from geodata.model.operator import Operator, effective
from geodata.model.place import PlaceKind
from geodata.model.trail import Trail

_PRINTED = (PlaceKind.RESCUE_POINT, PlaceKind.ROAD_ACCESS, PlaceKind.BUS_STOP, PlaceKind.PARKING, PlaceKind.TOILET)


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """A place on paper, and where it is. ``kind`` is empty where the name, which may be empty too, says it."""

    kind: str
    name: Words
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailSheet:
    """What ``sheet.html`` shows. ``codes``: each station's code by its number; ``qr`` leads to ``address``."""

    frame: Frame
    page: TrailPage
    codes: dict[int, str]
    address: str
    qr: Markup
    places: tuple[PrintedPlace, ...]
    forest_office: str
    forest_phone: str
    printed: str


def build(
    keeper: SnapshotKeeper, trail: Trail, frame: Frame, now: datetime, operator: Operator, public_url: str
) -> TrailSheet:
    """Build the sheet; ``operator`` are the lines of towns that have none, ``public_url`` what codes lead to."""
    snapshot = keeper.current
    town = snapshot.catalogue.municipalities[trail.municipality]
    lines = effective(town.operator, operator)
    address = f"{public_url.rstrip('/')}/t/{trail.slug}"
    zone = snapshot.catalogue.timezone_of(trail.slug)
    return TrailSheet(
        frame=frame,
        page=trail_view.build(keeper, trail, frame, now),
        codes={station.number: station.code for station in snapshot.stations_of_trail.get(trail.slug, [])},
        address=address,
        qr=qr_code(address),
        places=tuple(
            PrintedPlace(
                places_view.kind_label(place, frame.t), Words.german(place.name), places_view.where(place, frame.t)
            )
            for kind in _PRINTED
            for place in snapshot.catalogue.places.get(trail.slug, ())
            if place.kind is kind
        ),
        forest_office=lines.forest_office,
        forest_phone=lines.forest_phone,
        printed=wording.moment(now, now, zone, frame.t),
    )


def qr_code(address: str) -> Markup:
    """A QR code as an SVG that takes the colour and the size of where it stands, beside its address in words."""
    code = segno.make_qr(address, error="m")
    svg = code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - segno draws modules, no text of anybody gets in
