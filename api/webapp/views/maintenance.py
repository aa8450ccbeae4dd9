"""The page that is shown while the system is being worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from api.catalogue.snapshot import Snapshot
from api.webapp import wording
from api.webapp.language import pick
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_link
from geodata.model.municipality import DEFAULT_TIMEZONE
from geodata.model.station import Station
from geodata.vocabulary import codes


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenancePage:
    """What ``maintenance.html`` shows. ``until``: when it should be over, or should have been (``is_late``), in words.

    ``station`` and its ``lead``: those of the sign that somebody scanned, where they are known.
    """

    frame: Frame
    until: str
    is_late: bool
    station: StationLink | None
    lead: Words


def build(snapshot: Snapshot | None, path: str, until: datetime | None, frame: Frame, now: datetime) -> MaintenancePage:
    """Build the page that stands at ``path``; ``snapshot`` is None where the database has never answered."""
    station = _station(snapshot, path) if snapshot else None
    timezone: tzinfo = ZoneInfo(DEFAULT_TIMEZONE)
    if snapshot and station:
        timezone = snapshot.catalogue.timezone_of(station.trail)
    content, lang = pick(station.contents, frame.choice.variant) if station else (None, "")
    is_late = until is not None and until <= now
    say = wording.clock(until, timezone, frame.t) if until and is_late else ""
    return MaintenancePage(
        frame=frame,
        until=say or (wording.moment(until, now, timezone, frame.t) if until else ""),
        is_late=is_late,
        station=station_link(station, frame) if station else None,
        lead=Words(content.lead if content else "", lang),
    )


def _station(snapshot: Snapshot, path: str) -> Station | None:
    """The station of an address such as /s/3DVB54, in any spelling; None for any other address."""
    first, _, code = path.strip("/").partition("/")
    if first.lower() != "s" or not codes.is_valid(code.upper()):
        return None
    return snapshot.catalogue.stations.get(codes.normalise(code))
