"""The page behind a contributor's link: a class or a club writes, looks at it, and sends it. Nobody signs in.

Whoever has the link reads and writes what came by it, for the stations that it names, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from api.catalogue.texts import title_of
from api.http.forms.upload_form import NotAForm, UploadForm, read_upload
from api.http.page_headers import FRAMING_POLICY
from dashboards.content import turns
from dashboards.content.places import TextPlace
from dashboards.content.turns import TooBusy
from dashboards.contributions import moderation
from dashboards.contributions.links import digest
from dashboards.forms import Fields, GermanForm, Posted
from dashboards.languages import marked, t
from dashboards.services import ServicesDep, StaffServices
from dashboards.templating import page
from geodata.content.contribution import (
    LONGEST_ALT,
    LONGEST_BODY,
    LONGEST_LEAD,
    LONGEST_TITLE,
    Contribution,
    ContributionLink,
    ContributionState,
    NewContribution,
)
from geodata.content.versions import Slot
from geodata.errors import NotFound
from geodata.media import apart
from geodata.media.apart import NoPicture
from geodata.store.submissions import contributions as store
from geodata.store.submissions.contributions import TooManyContributions
from geodata.text.broken import UNFIT
from geodata.vocabulary.languages import html_tag, language

MOST_MEGABYTES = 12
"""Of a picture as a camera makes it."""
router = APIRouter(max_body_size=MOST_MEGABYTES * 1_000_000 + 200_000)

STATES = {
    ContributionState.WAITING: marked("Angekommen. Noch hat es niemand gelesen."),
    ContributionState.ACCEPTED: marked("Angenommen. Danke!"),
    ContributionState.RETURNED: marked("Bitte noch einmal ändern"),
    ContributionState.REFUSED: marked("Nicht angenommen"),
}


def _bounded(most: int) -> Length:
    return Length(max=most, message=marked("Das ist zu lang. Bitte kürze es."))


def _fit(_: object, field: Field) -> None:
    if UNFIT.search(str(field.data or "").replace("\r\n", "\n")):
        raise ValidationError(marked("Hier sind unsichtbare Zeichen. Bitte tippe den Text neu."))


class ContributionForm(GermanForm):
    """A text that is handed in, perhaps with a picture."""

    title = StringField(
        marked("Wie heißt dein Text?"),
        [DataRequired(marked("Bitte schreib eine Überschrift.")), _bounded(LONGEST_TITLE), _fit],
    )
    lead = TextAreaField(
        marked("Ein Satz vorweg: Worum geht es?"),
        [DataRequired(marked("Bitte schreib einen Satz vorweg.")), _bounded(LONGEST_LEAD), _fit],
    )
    body = TextAreaField(
        marked("Dein Text"), [DataRequired(marked("Bitte schreib deinen Text.")), _bounded(LONGEST_BODY), _fit]
    )
    picture_alt = StringField(marked("Was ist auf dem Bild?"), [_bounded(LONGEST_ALT), _fit])
    consent = BooleanField(marked("Auf dem Bild ist kein Mensch zu erkennen, oder alle sind einverstanden."))

    def new(self, station: str, picture: bytes | None) -> NewContribution:
        """What a form that validates hands in."""
        return NewContribution(
            station=station,
            title=" ".join(self.text("title").split()),
            lead=" ".join(self.text("lead").split()),
            body=self.text("body"),
            picture=picture,
            picture_alt=" ".join(self.text("picture_alt").split()) if picture else "",
        )

    def text(self, name: str) -> str:
        """What was typed, with line ends of one kind."""
        return str(self[name].data or "").replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that is there, and whether it still lets anything in."""

    token: str
    link: ContributionLink
    is_open: bool


def _invited(services: ServicesDep, token: str) -> Invited:
    with services.database.transaction() as connection:
        link = store.link_with(connection, digest(token))
    if link is None:
        raise NotFound("link", "")
    return Invited(token, link, link.is_open(services.clock()))


InvitedDep = Annotated[Invited, Depends(_invited)]


def _station(services: ServicesDep, invited: InvitedDep, code: str) -> TextPlace:
    """The text that is written; raises NotFound for a station that the link does not name."""
    catalogue = services.keeper.current.catalogue
    station = catalogue.stations.get(code)
    if station is None or station.retired_at is not None or code not in invited.link.stations:
        raise NotFound("station", code)
    return TextPlace(Slot(station=code, variant=invited.link.variant), catalogue.trails[station.trail], station)


PlaceOfLink = Annotated[TextPlace, Depends(_station)]


async def _uploaded(request: Request, place: PlaceOfLink, invited: InvitedDep) -> UploadForm:  # noqa: ARG001 - they are judged first
    """The form, of which nothing is read for a link that is closed."""
    if not invited.is_open:
        return UploadForm({}, None, is_too_large=False)
    try:
        return await read_upload(request, MOST_MEGABYTES * 1_000_000)
    except NotAForm:
        return UploadForm({}, None, is_too_large=False)


UploadDep = Annotated[UploadForm, Depends(_uploaded)]


@router.get("/contribution/{token}")
def show(request: Request, services: ServicesDep, invited: InvitedDep, sent: str = "") -> Response:
    """The stations to write for, and what became of what was sent."""
    stations = services.keeper.current.catalogue.stations
    with services.database.transaction() as connection:
        handed_in = store.of_link(connection, invited.link.id)
    live = [stations[code] for code in invited.link.stations if code in stations and not stations[code].retired_at]
    context = {
        "invited": invited,
        "language_name": language(invited.link.variant).name,
        "stations": [(one.code, one.number, title_of(one)) for one in sorted(live, key=lambda one: one.number)],
        "handed_in": [(one, t(STATES[one.state])) for one in handed_in],
        "sent": sent if sent in invited.link.stations else "",
    }
    return page(request, "contributions/contributor.html", context, 200 if invited.is_open else 410)


@router.get("/contribution/{token}/{code}")
def write(request: Request, services: ServicesDep, invited: InvitedDep, place: PlaceOfLink) -> Response:
    """The form; what was sent back stands in it."""
    returned = _returned(services, invited, place)
    form = ContributionForm(
        data={"title": returned.title, "lead": returned.lead, "body": returned.body} if returned else {}
    )
    return _page(request, invited, place, form, returned=returned)


@router.post("/contribution/{token}/{code}")
def send(request: Request, services: ServicesDep, invited: InvitedDep, place: PlaceOfLink, sent: UploadDep) -> Response:
    """Keep what was written until an editor reads it."""
    form = ContributionForm(Fields(FormData(list(sent.fields.items()))))
    trouble = _trouble(sent, form) if invited.is_open else ""
    is_right = form.validate()
    if not invited.is_open or trouble or not is_right:
        return _page(request, invited, place, form, trouble=trouble, status=422 if invited.is_open else 410)
    try:
        with services.database.transaction() as connection:
            store.check_room(connection, invited.link, place.slot.station)
        picture = _decoded(sent.file)
        with services.database.transaction() as connection:
            store.hand_in(connection, invited.link, form.new(place.slot.station, picture))
    except TooManyContributions:
        full = t("Mit diesem Link ist schon sehr viel angekommen. Bitte frag bei der Stadt nach einem neuen Link.")
        return _page(request, invited, place, form, trouble=full, status=429)
    except TooBusy:
        busy = t("Gerade ist viel los. Bitte versuch es in einer Minute noch einmal.")
        return _page(request, invited, place, form, trouble=busy, status=429)
    except NoPicture:
        unread = t("Dieses Bild lässt sich nicht lesen. Nimm ein Foto als JPEG oder PNG, oder schick nur den Text.")
        return _page(request, invited, place, form, trouble=unread, status=422)
    return RedirectResponse(f"/staff/contribution/{invited.token}?sent={place.slot.station}", 303)


@router.post("/contribution/{token}/{code}/preview")
def look(services: ServicesDep, invited: InvitedDep, place: PlaceOfLink, posted: Posted) -> Response:  # noqa: ARG001 - the link is judged
    """What was typed, as people in the forest would see it; it is kept nowhere."""
    form = ContributionForm(Fields(posted))
    form.validate()
    texts = {name: UNFIT.sub("", form.text(name)) for name in ("title", "lead", "body")}
    new = NewContribution(
        station=place.slot.station,
        title=texts["title"][:LONGEST_TITLE],
        lead=texts["lead"][:LONGEST_LEAD],
        body=texts["body"][:LONGEST_BODY],
    )
    return moderation.shown_to_hikers(services, place, new)


def _trouble(sent: UploadForm, form: ContributionForm) -> str:
    if sent.is_too_large:
        return t("Das Bild ist größer als %(most)s MB. Nimm ein kleineres.", most=MOST_MEGABYTES)
    if sent.file is not None and not form.text("picture_alt"):
        return t(
            "Schreib dazu, was auf dem Bild ist: für Menschen, die es nicht sehen. Wähle das Bild dann noch einmal."
        )
    if sent.file is not None and not form.consent.data:
        return t(
            "Kreuz an, dass alle einverstanden sind, die man auf dem Bild erkennt. Wähle das Bild dann noch einmal."
        )
    return ""


def _decoded(data: bytes | None) -> bytes | None:
    if data is None:
        return None
    with turns.decoding():
        return apart.decoded(data).data


def _returned(services: StaffServices, invited: Invited, place: TextPlace) -> Contribution | None:
    """What was sent back last for this station, unless it was sent again since."""
    with services.database.transaction() as connection:
        of_link = store.of_link(connection, invited.link.id)
    newest = next((one for one in of_link if one.station == place.slot.station), None)
    return newest if newest is not None and newest.state is ContributionState.RETURNED else None


def _page(
    request: Request,
    invited: Invited,
    place: TextPlace,
    form: ContributionForm,
    *,
    returned: Contribution | None = None,
    trouble: str = "",
    status: int = 200,
) -> Response:
    context = {
        "invited": invited,
        "place": place,
        "form": form,
        "returned": returned,
        "trouble": trouble,
        "most": MOST_MEGABYTES,
        "lang": html_tag(place.slot.variant),
    }
    answer = page(request, "contributions/contribute.html", context, status)
    answer.headers["content-security-policy"] = FRAMING_POLICY
    return answer
