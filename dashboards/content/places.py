"""Which text an address names: that of a station or of a trail, in one variant, of all the year or of a season."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from dashboards.languages import marked
from dashboards.services import ServicesDep
from geodata.content.versions import Slot
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailState
from geodata.vocabulary.languages import INTERFACES, VARIANTS, language

HOME = "/staff/content"
SEASONS = {
    "fruehling": marked("Frühling"),
    "sommer": marked("Sommer"),
    "herbst": marked("Herbst"),
    "winter": marked("Winter"),
}
"""Short names of seasons that the pages offer; files may have others."""
_TEXT = re.compile(r"(?P<variant>[a-z_]+)(?:\.(?P<season>[a-z0-9][a-z0-9-]{0,39}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A text that there is, or may be. ``station`` is None for a text of the trail itself."""

    slot: Slot
    trail: Trail
    station: Station | None

    @property
    def address(self) -> str:
        """Where it is edited."""
        return address_of(self.slot)

    @property
    def owner_name(self) -> str:
        """What the station or the trail is called."""
        return name_of(self.trail) if self.station is None else title_of(self.station)

    @property
    def language_name(self) -> str:
        """``Leichte Sprache``."""
        return language(self.slot.variant).name

    @property
    def is_plain(self) -> bool:
        """Whether it is in plain language."""
        return language(self.slot.variant).is_plain

    @property
    def html_lang(self) -> str:
        """The language as HTML names it."""
        return language(self.slot.variant).html


def address_of(slot: Slot) -> str:
    """Where a text is edited."""
    owner = f"stations/{slot.station}" if slot.station else f"trails/{slot.trail}"
    return f"{HOME}/{owner}/{slot.name}"


def written_trails(snapshot: Snapshot, staff: Staff) -> dict[str, Trail]:
    """The trails whose texts somebody sees: also those that no list names yet, none that is given up."""
    return {
        slug: trail
        for slug, trail in snapshot.catalogue.trails.items()
        if trail.state is not TrailState.RETIRED and staff.roles_in(trail.municipality)
    }


def _place(request: Request, services: ServicesDep) -> TextPlace:
    catalogue = services.keeper.current.catalogue
    named = request.path_params
    match = _TEXT.fullmatch(str(named["text"]))
    if match is None or match["variant"] not in VARIANTS:
        raise NotFound("text", str(named["text"]))
    variant, season = match["variant"], match["season"] or ""
    if "station" in named:
        station = catalogue.stations.get(str(named["station"]).upper())
        if station is None or station.retired_at is not None:
            raise NotFound("station", str(named["station"]))
        slot = Slot(station=station.code, variant=variant, season=season)
        return TextPlace(slot, catalogue.trails[station.trail], station)
    trail = catalogue.trails.get(str(named["trail"]))
    if trail is None or season or variant not in INTERFACES:
        raise NotFound("text", str(named["text"]))
    return TextPlace(Slot(trail=trail.slug, variant=variant), trail, None)


PlaceDep = Annotated[TextPlace, Depends(_place)]
"""The text that the address of this request names; raises NotFound."""
