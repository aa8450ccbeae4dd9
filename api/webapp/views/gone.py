"""What is no longer there but still asked for: a trail that was given up, a code whose trail was removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.catalogue.snapshot import Snapshot
from api.webapp import wording
from api.webapp.language import pick
from api.webapp.views.frame import Frame, Words
from api.webapp.views.parts import trail_name
from api.webapp.views.stations.onward import Leg, nearest_to
from geodata.model.trail import Trail
from geodata.store.catalogue.trail_state import RemovedCode


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredTrailPage:
    """What ``retired_trail.html`` shows."""

    frame: Frame
    name: Words
    lead: str
    content_lang: str
    municipality: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedPage:
    """What ``removed.html`` shows: a code that is not valid any more, and where to go instead."""

    frame: Frame
    code: str
    nearest: Leg | None


def build_trail(snapshot: Snapshot, trail: Trail, frame: Frame, now: datetime) -> RetiredTrailPage:
    """Build the page of a trail that was given up."""
    since = (trail.state_since or now).astimezone(snapshot.catalogue.timezone_of(trail.slug)).date()
    content, lang = pick(trail.contents, frame.choice.variant)
    return RetiredTrailPage(
        frame=frame,
        name=trail_name(trail, frame),
        lead=content.lead if content else "",
        content_lang=lang,
        municipality=snapshot.catalogue.municipalities[trail.municipality].name,
        since=wording.calendar_day(since, frame.t),
    )


def build_removed(snapshot: Snapshot, removed: RemovedCode, frame: Frame, now: datetime) -> RemovedPage:
    """Build the page of a code whose trail was removed."""
    nearest = nearest_to(snapshot, removed.lon, removed.lat, frame, now)
    return RemovedPage(frame=frame, code=removed.code, nearest=nearest)
