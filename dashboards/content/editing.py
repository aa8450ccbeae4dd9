"""The editor of a text: what is written, what is said of it, and what two people make of it who write at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.http.page_headers import FRAMING_POLICY
from dashboards import words
from dashboards.content import matrix, preview, reasons
from dashboards.content.conflicts import conflict
from dashboards.content.fields import parts_of
from dashboards.content.form import ContentForm
from dashboards.content.places import SEASONS, PlaceDep, TextPlace, address_of
from dashboards.forms import Fields, Posted
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions import edit_content
from geodata.actions.edit_content import TextChanged, Written
from geodata.content.versions import Author, Slot, State, Version
from geodata.findings.content import TextFindings
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.store.catalogue import content_versions
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action
from geodata.vocabulary.languages import DEFAULT, html_tag

MOST_BYTES = 400 * 1024
"""Of a form with a text: the longest that may be published in the wordiest encoding, and what is too long to say so."""

router = APIRouter(max_body_size=MOST_BYTES)

NOTICES: Mapping[str, str] = {
    "saved": marked("Der Entwurf ist gespeichert. Draußen sieht ihn noch niemand."),
    "same": marked("Es war nichts zu ändern: Genau so ist der Text schon gespeichert."),
    "published": marked("Der Text ist veröffentlicht. Auf der Seite der Station steht er in wenigen Sekunden."),
    "refused": marked("Der Entwurf ist gespeichert, aber noch nicht veröffentlicht: Unten steht, was noch fehlt."),
    "restored": marked("Der frühere Stand ist der neue Entwurf. Draußen sieht ihn noch niemand."),
    "accepted": marked("Der Beitrag ist jetzt ein Entwurf. Bitte lesen Sie ihn und veröffentlichen Sie ihn dann."),
}


@dataclass(frozen=True, slots=True)
class TextDesk:
    """A text with all its versions, the oldest first, and where the others of its trail stand."""

    place: TextPlace
    versions: Sequence[Version]
    states: Mapping[Slot, State]

    @classmethod
    def read(cls, connection: Transaction, place: TextPlace) -> TextDesk:
        """All of it as it is now."""
        versions = edit_content.versions_of(connection, place.slot)
        return cls(place, versions, content_versions.states(connection, place.trail.slug))

    @property
    def newest(self) -> Version | None:
        """What was saved last."""
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> matrix.TextState:
        """How far the text is."""
        slot = self.place.slot
        german = Slot(station=slot.station, trail=slot.trail, variant=DEFAULT)
        return matrix.state_of(self.states.get(slot), self.states.get(german))

    @property
    def number(self) -> int:
        """That of the newest version."""
        return self.newest.number if self.newest else edit_content.NONE_YET

    def version(self, number: int) -> Version | None:
        """The version with this number."""
        return next((version for version in self.versions if version.number == number), None)


def desk_of(services: StaffServices, place: TextPlace) -> TextDesk:
    """Read what there is of a text."""
    with services.database.transaction() as connection:
        return TextDesk.read(connection, place)


@router.get("/content/stations/{station}/{text}")
@router.get("/content/trails/{trail}/{text}")
def show(request: Request, services: ServicesDep, place: PlaceDep, notice: str = "") -> Response:
    """The newest version, to be read by all and changed by editors."""
    desk, form = desk_of(services, place), ContentForm()
    form.limit_to(place)
    form.fill(desk.newest.text if desk.newest else None, desk.number)
    return _page(request, services, desk, form, notice=NOTICES.get(notice, ""), kind=notice)


@router.post("/content/stations/{station}/{text}")
@router.post("/content/trails/{trail}/{text}")
def save(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, place: PlaceDep) -> Response:
    """Keep what was typed as a draft, and publish it where that was asked for."""
    form, desk = _form(posted, place), desk_of(services, place)
    then = str(posted.get("then", ""))
    if not form.validate():
        return _page(request, services, desk, form, status=422)
    if then == "look":
        return _page(request, services, desk, form, kind="look")
    try:
        with services.database.transaction() as connection:
            notice = _saved(connection, place, form, Author(staff.name, form.value("note")))
        if then == "publish":
            notice = _published(services, place, staff, notice)
    except TextChanged as changed:
        return conflict(request, place, form, changed)
    return RedirectResponse(f"{place.address}?{urlencode({'notice': notice})}", 303)


@router.post("/content/stations/{station}/{text}/preview")
@router.post("/content/trails/{trail}/{text}/preview")
def look(services: ServicesDep, posted: Posted, place: PlaceDep) -> Response:
    """What was typed, as hikers would see it; it is kept nowhere."""
    form, desk = _form(posted, place), desk_of(services, place)
    before = desk.newest.text if desk.newest else None
    if form.validate():
        return preview.answer(services, place, form.text(place, before))
    return preview.answer(services, place, before) if before else Response(status_code=204)


@router.get("/content/stations/{station}/{text}/preview")
@router.get("/content/trails/{trail}/{text}/preview")
def look_at_version(services: ServicesDep, place: PlaceDep, version: int = 0) -> Response:
    """A saved version as hikers would see it: the newest where none is named."""
    desk = desk_of(services, place)
    chosen = desk.version(version) or desk.newest
    if chosen is None or chosen.text is None:
        return Response(status_code=204)
    return preview.answer(services, place, chosen.text)


def _form(posted: FormData, place: TextPlace) -> ContentForm:
    form = ContentForm(Fields(posted))
    form.limit_to(place)
    return form


def _saved(connection: Transaction, place: TextPlace, form: ContentForm, author: Author) -> str:
    """Keep the text with the files that it has by now; raises TextChanged where somebody else wrote meanwhile.

    Who only changed a file meanwhile has written nothing.
    """
    content_versions.lock(connection)
    versions = edit_content.versions_of(connection, place.slot)
    newest = versions[-1] if versions else None
    number = form.begun_with.data or edit_content.NONE_YET
    begun = next((version for version in versions if version.number == number), None)
    if newest is not None and begun is not None and parts_of(begun.text) == parts_of(newest.text):
        number = newest.number
    text = form.text(place, newest.text if newest else None)
    is_new = edit_content.save_draft(connection, Written(place.slot, text, number), author)
    if is_new:
        note(connection, place, author.name, Action.CONTENT_SAVE)
    return "saved" if is_new else "same"


def _published(services: StaffServices, place: TextPlace, staff: Staff, otherwise: str) -> str:
    """Publish the newest version; a word on what came of it."""
    findings = TextFindings()
    with services.database.transaction() as connection:
        versions = edit_content.versions_of(connection, place.slot)
        number = versions[-1].number if versions else edit_content.NONE_YET
        author = Author(staff.name)
        is_shown = edit_content.publish_draft(connection, place.trail.slug, place.slot, number, author, findings)
        if is_shown:
            note(connection, place, staff.name, Action.CONTENT_PUBLISH)
    return "published" if is_shown else "refused" if findings.errors else otherwise


def note(connection: Transaction, place: TextPlace, name: str, action: Action, after: str = "") -> None:
    """Write down what somebody did to a text."""
    slot = place.slot
    what = f"{slot.station or slot.trail} {slot.name}"
    audit.by_staff(connection, name, action, what, after=after, municipality=place.trail.municipality)


def _page(
    request: Request,
    services: StaffServices,
    desk: TextDesk,
    form: ContentForm,
    *,
    notice: str = "",
    kind: str = "",
    status: int = 200,
) -> Response:
    place, newest = desk.place, desk.newest
    zone = services.keeper.current.catalogue.timezone_of(place.trail.slug)
    slot = place.slot
    german = desk.states.get(Slot(station=slot.station, trail=slot.trail, variant=DEFAULT))
    context = {
        "place": place,
        "form": form,
        "newest": newest,
        "state": t(matrix.STATES[desk.state]),
        "saved": words.moment(newest.saved_at, services.clock(), zone) if newest else "",
        "report": reasons.report(place, newest.text if newest else None, desk.states),
        "german": matrix.newest_text(german) if slot.variant != DEFAULT else None,
        "german_tag": html_tag(DEFAULT),
        "seasons": [
            (t(name), address_of(Slot(station=slot.station, variant=slot.variant, season=season)))
            for season, name in SEASONS.items()
            if slot.station and season != slot.season
        ],
        "year": address_of(Slot(station=slot.station, variant=slot.variant)) if slot.season else "",
        "notice": t(notice) if notice else "",
        "kind": kind,
        "may_write": may(request, "POST /content/stations/{station}/{text}"),
    }
    answer = page(request, "content/edit.html", context, status)
    answer.headers["content-security-policy"] = FRAMING_POLICY
    return answer
