"""What is there of each station's texts and what is missing: the table of stations and languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from dashboards.content.places import SEASONS, address_of, written_trails
from dashboards.content.reasons import has_gaps
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep
from dashboards.templating import page
from geodata.content.versions import Slot, State, Text
from geodata.errors import NotFound
from geodata.model.content import StationContent
from geodata.model.trail import Trail
from geodata.store.catalogue import content_versions
from geodata.store.submissions import contributions
from geodata.vocabulary.languages import DEFAULT, INTERFACES, ROWS, VARIANTS

router = APIRouter()


class TextState(StrEnum):
    """How far a text is."""

    MISSING = "missing"
    DRAFT = "draft"  # nobody outside sees any of it yet
    SHOWN = "shown"
    CHANGED = "changed"  # shown, and a newer draft waits
    OLDER = "older"  # shown, and the German text was published later


STATES: Mapping[TextState, str] = {
    TextState.MISSING: marked("fehlt"),
    TextState.DRAFT: marked("Entwurf"),
    TextState.SHOWN: marked("veröffentlicht"),
    TextState.CHANGED: marked("veröffentlicht, neuer Entwurf wartet"),
    TextState.OLDER: marked("älter als Deutsch"),
}


@dataclass(frozen=True, slots=True)
class TextCell:
    """One text; ``name`` is that of its season, empty for all the year."""

    address: str
    state: TextState
    name: str = ""

    @property
    def words(self) -> str:
        """Its state, in the language of the page."""
        return t(STATES[self.state])


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A station, or the trail itself (``number`` None). ``cells``: the texts of each variant, the year's first.

    ``pictures`` of the German text; ``lacks_alt``, ``lacks_rights``: of the files of any of its texts.
    """

    number: int | None
    name: str
    cells: Mapping[str, tuple[TextCell, ...]]
    pictures: int = 0
    has_audio: bool = False
    has_film: bool = False
    lacks_alt: bool = False
    lacks_rights: bool = False


@router.get("/content")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "") -> Response:
    """All texts of a trail."""
    snapshot = services.keeper.current
    trails = written_trails(snapshot, staff)
    if trail and trail not in trails:
        raise NotFound("trail", trail)
    chosen = trails.get(trail or next(iter(trails), ""))
    if chosen is None:
        return page(request, "content/matrix.html", {"trails": [], "trail": None})
    with services.database.transaction() as connection:
        states = content_versions.states(connection, chosen.slug)
        waiting = len(contributions.waiting(connection, chosen.slug))
    context = {
        "trails": list(trails.values()),
        "trail": chosen,
        "rows": rows(snapshot, chosen, states),
        "variants": ROWS,
        "waiting": waiting,
        "may_write": may(request, "POST /content/trails/{trail}/{text}"),
    }
    return page(request, "content/matrix.html", context)


def rows(snapshot: Snapshot, trail: Trail, states: Mapping[Slot, State]) -> list[MatrixRow]:
    """The trail's own texts, then those of its stations in order of their numbers."""
    own = {variant: (_cell(Slot(trail=trail.slug, variant=variant), states),) for variant in INTERFACES}
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    return [
        MatrixRow(number=None, name=name_of(trail), cells=own),
        *(_row(station.code, station.number, title_of(station), states) for station in stations),
    ]


def _row(code: str, number: int, title: str, states: Mapping[Slot, State]) -> MatrixRow:
    slots = [slot for slot in states if slot.station == code]
    texts = [text for slot in slots if (text := newest_text(states.get(slot))) is not None]
    german = newest_text(states.get(Slot(station=code, variant=DEFAULT)))
    shown = german if isinstance(german, StationContent) else None
    gaps = [has_gaps(text) for text in texts]
    return MatrixRow(
        number=number,
        name=title,
        cells={variant: _cells(code, variant, slots, states) for variant in VARIANTS},
        pictures=len(shown.pictures) if shown else 0,
        has_audio=any(isinstance(text, StationContent) and text.audio for text in texts),
        has_film=any(isinstance(text, StationContent) and text.sign_video for text in texts),
        lacks_alt=any(alt for alt, _ in gaps),
        lacks_rights=any(rights for _, rights in gaps),
    )


def _cells(code: str, variant: str, slots: Sequence[Slot], states: Mapping[Slot, State]) -> tuple[TextCell, ...]:
    seasonal = sorted(slot for slot in slots if slot.variant == variant and slot.season)
    there = [cell for slot in seasonal if (cell := _cell(slot, states)).state is not TextState.MISSING]
    return (_cell(Slot(station=code, variant=variant), states), *there)


def _cell(slot: Slot, states: Mapping[Slot, State]) -> TextCell:
    season = t(SEASONS[slot.season]) if slot.season in SEASONS else slot.season
    german = states.get(Slot(station=slot.station, trail=slot.trail, variant=DEFAULT))
    return TextCell(address_of(slot), state_of(states.get(slot), german), season)


def newest_text(state: State | None) -> Text | None:
    """What was saved last of a text."""
    return state.newest.text if state else None


def state_of(state: State | None, german: State | None) -> TextState:
    """How far a text is; ``german``: where the German one of the same station or trail stands."""
    if state is None:
        return TextState.MISSING
    shown = state.shown if state.shown is not None and state.shown.text is not None else None
    if shown is None:
        return TextState.MISSING if state.newest.text is None else TextState.DRAFT
    if state.draft is not None and state.draft.text != shown.text:
        return TextState.CHANGED
    german_shown = german.shown if german and shown.slot.variant != DEFAULT else None
    if german_shown is not None and german_shown.published_at and shown.published_at:
        return TextState.OLDER if shown.published_at < german_shown.published_at else TextState.SHOWN
    return TextState.SHOWN
