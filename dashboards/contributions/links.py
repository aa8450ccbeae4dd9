"""Links with which a class or a club hands in texts without an account: made, looked through, withdrawn."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response
from wtforms import Field, IntegerField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange

from api.catalogue.texts import title_of
from dashboards import words
from dashboards.content.media_form import LICENCES
from dashboards.content.places import HOME, written_trails
from dashboards.forms import Fields, GermanForm, Posted
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.content.contribution import LONGEST_CONTRIBUTOR, ContributionLink
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.model.trail import Trail
from geodata.store.access import audit
from geodata.store.submissions import contributions
from geodata.store.submissions.contributions import NewLink
from geodata.text.broken import is_line
from geodata.vocabulary.audit import Action
from geodata.vocabulary.languages import ROWS, VARIANTS, language

router = APIRouter()

PAGE = f"{HOME}/links"
LONGEST_DAYS = 180
NOTICES: Mapping[str, str] = {
    "withdrawn": marked("Der Link ist beendet. Was schon da ist, bleibt."),
    "accepted": marked("Der Beitrag ist jetzt ein Entwurf."),
    "returned": marked("Der Beitrag ist zurückgegeben. Auf der Seite hinter dem Link steht Ihr Satz."),
    "refused": marked("Der Beitrag ist abgelehnt."),
    "late": marked("Über diesen Beitrag hat schon jemand entschieden."),
}


def digest(token: str) -> str:
    """What the database knows of a link."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class LinkForm(GermanForm):
    """For whom a link is and for what; ``stations`` are codes."""

    contributor = StringField(
        marked("Wer schreibt?"),
        [
            DataRequired(marked("Bitte schreiben Sie, wer schreibt: So steht es später unter dem Text.")),
            Length(max=LONGEST_CONTRIBUTOR, message=marked("Bitte kürzen Sie den Namen.")),
        ],
    )
    stations = SelectMultipleField(marked("Für welche Stationen?"), validate_choice=False)
    variant = StringField(marked("Welcher Text?"), default="children")
    licence = StringField(marked("Lizenz der Bilder"), default="CC-BY-4.0")
    days = IntegerField(
        marked("Wie viele Tage gilt der Link?"),
        [NumberRange(1, LONGEST_DAYS, marked("Bitte wählen Sie 1 bis 180 Tage."))],
        default=30,
    )
    known: Sequence[str] = ()

    def validate_contributor(self, field: Field) -> None:
        """A line that people can read."""
        if not is_line(str(field.data or "").strip(), LONGEST_CONTRIBUTOR):
            raise ValidationError(marked("Bitte schreiben Sie, wer schreibt: So steht es später unter dem Text."))

    def validate_stations(self, field: Field) -> None:
        """Stations of this trail."""
        chosen = set(field.data or ())
        if not chosen or not chosen <= set(self.known):
            raise ValidationError(marked("Bitte wählen Sie mindestens eine Station."))

    def validate_variant(self, field: Field) -> None:
        """One of those that there are."""
        if field.data not in VARIANTS:
            raise ValidationError(marked("Bitte wählen Sie, welcher Text es werden soll."))

    def validate_licence(self, field: Field) -> None:
        """One of those that are offered."""
        if not field.data or field.data not in LICENCES:
            raise ValidationError(marked("Bitte wählen Sie eine Lizenz."))


@router.get("/content/links")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "", notice: str = "") -> Response:
    """The links of a trail, and what waits."""
    return _page(request, services, staff, _trail(services, staff, trail), LinkForm(), notice=NOTICES.get(notice, ""))


@router.post("/content/links")
def make(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str = "") -> Response:
    """Make a link; it is shown this once, since the database does not know it."""
    of, form = _trail(services, staff, trail), LinkForm(Fields(posted))
    form.known = [station.code for station in services.keeper.current.stations_of_trail.get(of.slug, [])] if of else ()
    if of is None or not form.validate():
        return _page(request, services, staff, of, form, status=422)
    token = secrets.token_urlsafe(24)
    link = NewLink(
        token_sha256=digest(token),
        trail=of.slug,
        stations=list(dict.fromkeys(form.stations.data or ())),
        variant=str(form.variant.data),
        contributor=str(form.contributor.data).strip(),
        licence=str(form.licence.data),
        created_by=staff.name,
        expires_at=services.clock() + timedelta(days=form.days.data or 1),
    )
    with services.database.transaction() as connection:
        identity = contributions.make_link(connection, link)
        what = f"{identity} {link.contributor}"
        audit.by_staff(connection, staff.name, Action.CONTRIBUTION_LINK, what, municipality=of.municipality)
    return _page(request, services, staff, of, LinkForm(), made=f"/staff/contribution/{token}")


@router.post("/content/links/{link}/withdraw")
def withdraw(services: ServicesDep, staff: CurrentStaff, link: int) -> Response:
    """Let nothing more in."""
    with services.database.transaction() as connection:
        ended = contributions.withdraw_link(connection, link, services.clock())
        trail = services.keeper.current.catalogue.trails.get(ended.trail)
        town = trail.municipality if trail else None
        audit.by_staff(connection, staff.name, Action.CONTRIBUTION_LINK_END, str(link), municipality=town)
    return RedirectResponse(f"{PAGE}?{urlencode({'trail': ended.trail, 'notice': 'withdrawn'})}", 303)


def _trail(services: StaffServices, staff: Staff, slug: str) -> Trail | None:
    trails = written_trails(services.keeper.current, staff)
    if slug and slug not in trails:
        raise NotFound("trail", slug)
    return trails.get(slug or next(iter(trails), ""))


def _page(
    request: Request,
    services: StaffServices,
    staff: Staff,
    trail: Trail | None,
    form: LinkForm,
    *,
    notice: str = "",
    made: str = "",
    status: int = 200,
) -> Response:
    snapshot = services.keeper.current
    slug = trail.slug if trail else ""
    with services.database.transaction() as connection:
        links = contributions.links_of(connection, slug)
        waiting = contributions.waiting(connection, slug)
    stations = snapshot.stations_of_trail.get(slug, [])
    titles = {station.code: f"{station.number} · {title_of(station)}" for station in stations}
    zone = snapshot.catalogue.timezone_of(slug) if trail else snapshot.catalogue.timezones()[0]
    context = {
        "trails": list(written_trails(snapshot, staff).values()),
        "trail": trail,
        "stations": titles,
        "rows": [(link, _said(services, link), link.is_open(services.clock())) for link in links],
        "waiting": [
            (one, titles.get(one.station, one.station), words.moment(one.received_at, services.clock(), zone))
            for one in waiting
        ],
        "variants": ROWS,
        "licences": LICENCES,
        "form": form,
        "made": f"{request.url.scheme}://{request.url.netloc}{made}" if made else "",
        "notice": t(notice) if notice else "",
        "may_write": may(request, "POST /content/links"),
    }
    return page(request, "contributions/links.html", context, status)


def _said(services: StaffServices, link: ContributionLink) -> str:
    """For which text and until when."""
    zone = services.keeper.current.catalogue.timezone_of(link.trail)
    name = language(link.variant).name
    if link.withdrawn_at is not None:
        return t("%(text)s · beendet", text=name)
    day = words.day(link.expires_at, services.clock(), zone)
    if link.expires_at <= services.clock():
        return t("%(text)s · abgelaufen am %(day)s", text=name, day=day)
    return t("%(text)s · gilt bis %(day)s", text=name, day=day)
