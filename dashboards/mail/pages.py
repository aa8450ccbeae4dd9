"""Which mails somebody wants; each chooses for themselves."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.forms import Fields, Posted
from dashboards.languages import marked, t
from dashboards.mail.form import MailForm
from dashboards.services import CurrentStaff, ServicesDep
from dashboards.templating import page
from geodata.mail.compose import check_address
from geodata.mail.records import MailWish, NewMail
from geodata.store.access import audit
from geodata.store.mail import outbox, wishes
from geodata.vocabulary.audit import Action

router = APIRouter()

PAGE = "/staff/mail"
_NOTICES = {
    "saved": marked("Gespeichert."),
    "none": marked("Sie bekommen keine Mails mehr; Ihre Adresse ist gelöscht."),
    "test": marked("Die Probe-Mail ist unterwegs. Kommt sie nicht in einigen Minuten, sieht der Betrieb den Grund."),
}


@router.get("/mail")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, notice: str = "") -> Response:
    """The form."""
    with services.database.transaction() as connection:
        wish = wishes.find(connection, staff.id)
    return _page(request, MailForm.of(wish), has_address=wish is not None, notice=notice)


@router.post("/mail")
def keep(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted) -> Response:
    """Keep what is wanted; an address that nothing goes to is not kept."""
    form = MailForm(Fields(posted))
    if not form.validate():
        return _page(request, form, has_address=False, status=422)
    kinds = form.kinds()
    with services.database.transaction() as connection:
        if kinds:
            address = check_address(str(form.address.data))
            wishes.keep(connection, MailWish(staff=staff.id, address=address, kinds=kinds, language=t.language))
        else:
            wishes.forget(connection, staff.id)
        audit.by_staff(connection, staff.name, Action.MAIL_WISH, staff.name, after=", ".join(sorted(kinds)))
    return RedirectResponse(f"{PAGE}?notice={'saved' if kinds else 'none'}", 303)


@router.post("/mail/test")
def test(services: ServicesDep, staff: CurrentStaff) -> Response:
    """Send a mail to the kept address, to see whether one arrives; once a minute at most."""
    with services.database.transaction() as connection:
        wish = wishes.find(connection, staff.id)
        if wish is None:
            return RedirectResponse(PAGE, 303)
        mail = NewMail(
            key=f"test-{staff.id}-{services.clock():%Y-%m-%dT%H:%M}",
            recipient=wish.address,
            subject=t("Probe-Mail vom Digitalpfad"),
            text=t("Diese Mail ist angekommen: Alles in Ordnung.") + "\n",
        )
        outbox.put(connection, mail)
    return RedirectResponse(f"{PAGE}?notice=test", 303)


def _page(request: Request, form: MailForm, *, has_address: bool, notice: str = "", status: int = 200) -> Response:
    context = {
        "form": form,
        "has_address": has_address,
        "notice": t(_NOTICES[notice]) if notice in _NOTICES else "",
    }
    return page(request, "mail/mail.html", context, status)
