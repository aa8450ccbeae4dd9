"""The versions of a text: who saved and published what, when, what changed; and the way back to any of them."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.content.differences import FieldChange, changes
from dashboards.content.editing import TextDesk, desk_of, note
from dashboards.content.places import PlaceDep
from dashboards.gate import may
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions import edit_content
from geodata.content.versions import Author, Version
from geodata.vocabulary.audit import Action

router = APIRouter()

_MOST = 50  # versions on a page; each is compared with the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version in words. ``changes``: what it changed of the one before; ``may_return``: it is worth going back to."""

    version: Version
    saved: str
    published: str
    is_shown: bool
    changes: list[FieldChange]
    may_return: bool


@router.get("/content/stations/{station}/{text}/history")
@router.get("/content/trails/{trail}/{text}/history")
def show(request: Request, services: ServicesDep, place: PlaceDep, before: int = 0) -> Response:
    """The versions, the newest first; ``before``: those older than this number."""
    desk = desk_of(services, place)
    listed = [version for version in reversed(desk.versions) if not before or version.number < before]
    context = {
        "place": place,
        "rows": [_row(services, desk, version) for version in listed[:_MOST]],
        "older": listed[_MOST - 1].number if len(listed) > _MOST else 0,
        "may_write": may(request, "POST /content/stations/{station}/{text}/restore/{number}"),
    }
    return page(request, "content/history.html", context)


@router.post("/content/stations/{station}/{text}/restore/{number}")
@router.post("/content/trails/{trail}/{text}/restore/{number}")
def restore(services: ServicesDep, staff: CurrentStaff, place: PlaceDep, number: int) -> Response:
    """Make an earlier version the newest draft; nothing is shown by it."""
    author = Author(staff.name, t("Stand %(number)s noch einmal.", number=number))
    with services.database.transaction() as connection:
        is_new = edit_content.restore(connection, place.slot, number, author)
        if is_new:
            note(connection, place, staff.name, Action.CONTENT_RESTORE, after=str(number))
    return RedirectResponse(f"{place.address}?notice={'restored' if is_new else 'same'}", 303)


def _row(services: StaffServices, desk: TextDesk, version: Version) -> VersionRow:
    zone, now = services.keeper.current.catalogue.timezone_of(desk.place.trail.slug), services.clock()
    before = desk.version(version.number - 1)
    state = desk.states.get(desk.place.slot)
    newest = desk.newest
    return VersionRow(
        version=version,
        saved=words.moment(version.saved_at, now, zone),
        published=words.moment(version.published_at, now, zone) if version.published_at else "",
        is_shown=state is not None and state.shown is not None and state.shown.number == version.number,
        changes=changes(before.text if before else None, version.text),
        may_return=version.text is not None and newest is not None and version.text != newest.text,
    )
