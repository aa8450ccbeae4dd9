"""What a class or a club handed in, before an editor: taken over as a draft, sent back with a sentence, or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from api.http.page_headers import FRAMING_POLICY
from dashboards import words
from dashboards.content import preview
from dashboards.content.differences import changes
from dashboards.content.places import HOME, TextPlace, address_of
from dashboards.contributions.links import PAGE
from dashboards.forms import Fields, GermanForm, Posted
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions import edit_content
from geodata.actions.edit_content import Written
from geodata.content.contribution import LONGEST_SENTENCE_BACK, Contribution, ContributionState, NewContribution
from geodata.content.versions import Author, Slot, Text
from geodata.errors import NotFound
from geodata.media import apart
from geodata.media.files import PICTURE
from geodata.media.renditions import Prepared
from geodata.model.content import StationContent
from geodata.model.media import Medium, Picture, Rendition
from geodata.store.access import audit
from geodata.store.catalogue import content_versions
from geodata.store.catalogue import media as media_store
from geodata.store.submissions import contributions as store
from geodata.store.transaction import Transaction
from geodata.text.broken import UNFIT
from geodata.vocabulary.audit import Action

router = APIRouter()

ACCEPT = "accepted"
_DECISIONS = {"returned": ContributionState.RETURNED, "refused": ContributionState.REFUSED}


class DecisionForm(GermanForm):
    """What becomes of it; who sends back or refuses says why."""

    decision = StringField(marked("Entscheidung"))
    answer = TextAreaField(
        marked("Ein Satz für die Klasse oder den Verein"),
        [Length(max=LONGEST_SENTENCE_BACK, message=marked("Bitte kürzen Sie den Satz."))],
    )

    def validate_decision(self, field: Field) -> None:
        """One of the three."""
        if field.data not in {ACCEPT, *_DECISIONS}:
            raise ValidationError(marked("Bitte wählen Sie, was mit dem Beitrag geschieht."))

    def validate_answer(self, field: Field) -> None:
        """A reason that people can read, where one is owed."""
        text = str(field.data or "").replace("\r\n", "\n").strip()
        if UNFIT.search(text):
            raise ValidationError(
                marked("Der Text hat unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen.")
            )
        if self.decision.data in _DECISIONS and not text:
            raise ValidationError(marked("Bitte schreiben Sie in einem Satz, warum: Das liest, wer geschrieben hat."))


@router.get("/content/contributions/{contribution}")
def show(request: Request, services: ServicesDep, contribution: int) -> Response:
    """One of them, beside the text that it would follow."""
    return _page(request, services, _find(services, contribution), DecisionForm())


@router.get("/content/contributions/{contribution}/picture")
def show_picture(services: ServicesDep, contribution: int) -> Response:
    """Its picture, encoded anew when it came in."""
    with services.database.transaction() as connection:
        data = store.picture(connection, contribution)
    return Response(data, media_type="image/jpeg")


@router.get("/content/contributions/{contribution}/preview")
def look(services: ServicesDep, contribution: int) -> Response:
    """As hikers would see it."""
    found = _find(services, contribution)
    return shown_to_hikers(services, place_of(services, found), found, f"{HOME}/contributions/{found.id}/picture")


@router.post("/content/contributions/{contribution}")
def decide(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, contribution: int) -> Response:
    """Take it over, send it back or refuse it; the first decision counts."""
    found, form = _find(services, contribution), DecisionForm(Fields(posted))
    if not form.validate():
        return _page(request, services, found, form, 422)
    place = place_of(services, found)
    answer = str(form.answer.data or "").replace("\r\n", "\n").strip()
    is_accepted = form.decision.data == ACCEPT
    state = ContributionState.ACCEPTED if is_accepted else _DECISIONS[str(form.decision.data)]
    prepared = _prepared(services, found) if is_accepted and found.has_picture else None
    with services.database.transaction() as connection:
        is_first = store.decide(connection, found.id, state, answer, staff.name, services.clock())
        if is_first:
            if is_accepted:
                _take_over(connection, place, found, prepared, services.clock())
            what, town = f"{found.id} {state}", place.trail.municipality
            audit.by_staff(connection, staff.name, Action.CONTRIBUTION_DECIDE, what, after=answer, municipality=town)
    if is_first and is_accepted:
        return RedirectResponse(f"{address_of(place.slot)}?notice=accepted", 303)
    notice = str(state) if is_first else "late"
    return RedirectResponse(f"{PAGE}?{urlencode({'trail': place.trail.slug, 'notice': notice})}", 303)


def place_of(services: StaffServices, found: Contribution) -> TextPlace:
    """The text that a contribution is for; raises NotFound where the station is gone."""
    catalogue = services.keeper.current.catalogue
    station = catalogue.stations.get(found.station)
    if station is None or station.retired_at is not None:
        raise NotFound("station", found.station)
    slot = Slot(station=station.code, variant=found.link.variant)
    return TextPlace(slot, catalogue.trails[station.trail], station)


def shown_to_hikers(
    services: StaffServices, place: TextPlace, handed_in: Contribution | NewContribution, picture: str = ""
) -> Response:
    """The page of the station with what was handed in; its picture is served at the address ``picture``."""
    text = StationContent(variant=place.slot.variant, title=handed_in.title, lead=handed_in.lead, body=handed_in.body)
    if not (picture and isinstance(handed_in, Contribution) and handed_in.has_picture):
        return preview.of_station(services, place, text, {})
    shown = Picture(media=_WAITING, file="bild.jpg", alt=handed_in.picture_alt, author=handed_in.link.contributor)
    rendition = Rendition(name="picture.jpg", content_type="image/jpeg", size=0, width=1600, height=1200)
    media = {_WAITING: Medium(id=_WAITING, kind=PICTURE, renditions=(rendition,))}
    return preview.of_station(services, place, replace(text, pictures=(shown,)), media, lambda _medium, _name: picture)


_WAITING = "waiting"
"""Instead of a medium's id: a picture that is none of the catalogue's yet."""


def _find(services: StaffServices, contribution: int) -> Contribution:
    with services.database.transaction() as connection:
        return store.find(connection, contribution)


def _prepared(services: StaffServices, found: Contribution) -> Prepared:
    with services.database.transaction() as connection:
        data = store.picture(connection, found.id)
    return apart.prepared(data, PICTURE, "beitrag.jpg", t.language)


def _take_over(
    connection: Transaction, place: TextPlace, found: Contribution, picture: Prepared | None, now: datetime
) -> None:
    """Make it the newest draft; what the text before had besides, such as a recording, it keeps."""
    content_versions.lock(connection)
    versions = edit_content.versions_of(connection, place.slot)
    newest = versions[-1] if versions else None
    before = newest.text if newest is not None and isinstance(newest.text, StationContent) else None
    text = replace(
        before or StationContent(variant=place.slot.variant, title="", lead="", body=""),
        title=found.title,
        lead=found.lead,
        body=found.body,
        source=(before.source if before else "") or found.link.contributor,
    )
    if picture is not None:
        media_store.save(connection, picture)
        text = replace(text, pictures=(_picture(found, picture, now), *text.pictures[1:]))
    number = newest.number if newest else edit_content.NONE_YET
    edit_content.save_draft(connection, Written(place.slot, text, number), Author(found.link.contributor))


def _picture(found: Contribution, picture: Prepared, now: datetime) -> Picture:
    return Picture(
        media=picture.id,
        file="beitrag.jpg",
        alt=found.picture_alt,
        author=found.link.contributor,
        licence=found.link.licence,
        year=now.year,
    )


def _page(
    request: Request, services: StaffServices, found: Contribution, form: DecisionForm, status: int = 200
) -> Response:
    place = place_of(services, found)
    with services.database.transaction() as connection:
        versions = edit_content.versions_of(connection, place.slot)
    before: Text | None = versions[-1].text if versions else None
    handed_in = StationContent(variant=place.slot.variant, title=found.title, lead=found.lead, body=found.body)
    parts = {"title", "lead", "body"}
    zone = services.keeper.current.catalogue.timezone_of(place.trail.slug)
    context = {
        "found": found,
        "place": place,
        "received": words.moment(found.received_at, services.clock(), zone),
        "changes": [change for change in changes(before, handed_in) if change.name in parts] if before else [],
        "form": form,
        "accept": ACCEPT,
        "may_write": may(request, "POST /content/contributions/{contribution}"),
    }
    answer = page(request, "contributions/contribution.html", context, status)
    answer.headers["content-security-policy"] = FRAMING_POLICY
    return answer
