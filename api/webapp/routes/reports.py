"""Telling of a problem: the form of a station, of a trail and of neither, and the page that says what became of it.

Browsers without JavaScript send the form and are led to that page; with it the phone sends the same form from its
outbox and asks for JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.catalogue.lookup import find_station, find_trail
from api.catalogue.snapshot import Snapshot
from api.http.forms.same_origin import is_from_here
from api.http.forms.upload_form import NotAForm, UploadForm, read_upload
from api.languages.texts import Texts, texts
from api.limits.read_limits import Costly, TooManyRequests
from api.services import services_of
from api.webapp.language import Choice
from api.webapp.reporting import fields as report_fields
from api.webapp.reporting import views as view
from api.webapp.reporting.desk import ReportDesk
from api.webapp.reporting.fields import ReportRefused, Typed
from api.webapp.routes.page_router import PageRouter, choice_asked
from api.webapp.views.frame import Frame
from geodata.errors import NotFound, StoreError
from geodata.media.apart import NoPicture
from geodata.model.report import ReportKind, ReportPlace
from geodata.store.reports.intake import AcceptedReport, TooManyReports

_LATER_S = 60  # while the database is away
_HEADERS = {"cache-control": "no-store", "vary": "Accept-Language", "x-robots-tag": "noindex"}

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a report is not kept: sentences by field, or one about the whole; after ``wait_s`` it may come again."""

    status: int
    trouble: str = ""
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    wait_s: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """Those of its answer."""
        return _HEADERS | ({"retry-after": str(self.wait_s)} if self.wait_s else {})


class ReportPages:
    """The forms and the receipts; ``base_origin`` is the installation's own, for a proxy that passes another Host."""

    def __init__(self, pages: PageRouter, desk: ReportDesk, base_origin: str) -> None:
        self._pages = pages
        self._desk = desk
        self._base_origin = base_origin
        for path in ("/report", "/t/{trail}/report", "/s/{code}/report"):
            pages.add(path, self._form)
            pages.add(path, self._send, methods=["POST"])
        pages.add("/report/{id}", self._receipt)

    async def _form(self, request: Request) -> Response:
        snapshot, kind = self._pages.keeper.current, request.query_params.get("kind", "")
        place = _place(snapshot, request)
        typed = Typed(kind=kind if kind in set(ReportKind) else "")
        return self._page(view.build(snapshot, place, _frame(request, place), typed=typed), _Refusal(200))

    async def _send(self, request: Request) -> Response:
        t, wants_json = texts(choice_asked(request).interface), _wants_json(request)
        if not is_from_here(request.scope, self._base_origin):
            refusal = _Refusal(403, t("Diese Anfrage kam nicht von unseren Seiten. Es ist nichts geschehen."))
            return _told_json(refusal) if wants_json else _told(refusal)
        try:
            form = await read_upload(request, view.MOST_MEGABYTES * 1_000_000)
        except NotAForm:
            return _told(_Refusal(400, t("Das ist kein Formular von unseren Seiten.")))
        snapshot = self._pages.keeper.current
        try:
            place = _place(snapshot, request)
        except NotFound as error:
            return await self._of_no_place(request, form, error, t)
        taken = await self._take(request, form, _with_trail(snapshot, place, form), t)
        if isinstance(taken, AcceptedReport):
            return _kept(request, taken, form)
        if wants_json:
            return _told_json(taken)
        page = view.build(
            snapshot, place, _frame(request, place), typed=report_fields.typed(form), errors=taken.errors,
            trouble=taken.trouble, had_picture=form.file is not None and "picture" not in taken.errors,
        )  # fmt: skip
        return self._page(page, taken)

    async def _of_no_place(self, request: Request, form: UploadForm, error: NotFound, t: Texts) -> Response:
        """Where the place is gone: it may have come before, and only the answer was lost; else it is refused."""
        identity = report_fields.identity(form.get("id"))
        found = await self._desk.find(identity) if identity is not None else None
        if found is not None:
            return _kept(request, AcceptedReport(found, is_new=False), form)
        if not _wants_json(request):
            raise error
        return _told_json(_Refusal(404, t("Diesen Ort gibt es hier nicht mehr.")))

    async def _take(
        self, request: Request, form: UploadForm, place: ReportPlace, t: Texts
    ) -> AcceptedReport | _Refusal:
        """Keep the report, or say why not; whatever is wrong, whoever wrote it has lost nothing."""
        services, variant = services_of(request), choice_asked(request).interface
        try:
            services.limits.take_of(Costly.REPORT, request)
            report = report_fields.read(form, place, variant, services.clock(), t)
            if form.is_too_large:
                return _Refusal(413, errors={"picture": _too_large(t)})
            return await self._desk.take(report, form.file)
        except ReportRefused as error:
            return _Refusal(422, errors=error.errors)
        except NoPicture:
            return _Refusal(422, errors={"picture": _no_picture(t)})
        except (TooManyReports, TooManyRequests) as error:
            return _Refusal(429, _too_many(error.wait_s, t), wait_s=error.wait_s)
        except StoreError as error:
            _log.warning("report-not-kept", error=str(error))
            sentence = t("Deine Meldung ist noch nicht angekommen: der Server hat gerade eine Störung.")
            return _Refusal(503, sentence, wait_s=_LATER_S)

    async def _receipt(self, request: Request) -> Response:
        wanted = str(request.path_params["id"])
        try:
            report = await self._desk.find(UUID(wanted))
        except ValueError:
            report = None
        if report is None:
            raise NotFound("report", wanted)
        snapshot = self._pages.keeper.current
        frame = Frame.of(choice_asked(request), f"/report/{report.id}", report.place.municipality or "")
        differs = request.query_params.get("seen") == "other"
        receipt = view.build_receipt(snapshot, report, frame, self._pages.clock(), differs=differs)
        return Response(self._pages.renderer.render("receipt.html", receipt).body, 200, _HEADERS, "text/html")

    def _page(self, page: view.ReportForm, outcome: _Refusal) -> Response:
        body = self._pages.renderer.render("report.html", page).body
        return Response(body, outcome.status, outcome.headers, "text/html")


def _place(snapshot: Snapshot, request: Request) -> ReportPlace:
    """What the address is about; raises NotFound for a station or a trail that is not there."""
    if "code" in request.path_params:
        station = find_station(snapshot, str(request.path_params["code"]))
        town = snapshot.catalogue.trails[station.trail].municipality
        return ReportPlace(municipality=town, trail=station.trail, station=station.code)
    if "trail" in request.path_params:
        trail = find_trail(snapshot, str(request.path_params["trail"]))
        return ReportPlace(municipality=trail.municipality, trail=trail.slug)
    towns, asked = snapshot.catalogue.municipalities, request.query_params.get("town", "")
    active = {trail.municipality for trail in snapshot.listed.values()}
    only = next(iter(active)) if len(active) == 1 else None
    return ReportPlace(municipality=asked if asked in towns else only)


def _with_trail(snapshot: Snapshot, place: ReportPlace, form: UploadForm) -> ReportPlace:
    """With the trail that was chosen in the form of none."""
    trail = snapshot.catalogue.trails.get(form.get("trail"))
    return replace(place, trail=trail.slug, municipality=trail.municipality) if trail and not place.trail else place


def _frame(request: Request, place: ReportPlace) -> Frame:
    path = f"/s/{place.station}/report" if place.station else f"/t/{place.trail}/report" if place.trail else "/report"
    kind = request.query_params.get("kind", "")
    query = view.town_of(place) | ({"kind": kind} if kind in set(ReportKind) else {})
    return Frame.of(choice_asked(request), path, place.municipality or "", query)


def _kept(request: Request, kept: AcceptedReport, form: UploadForm) -> Response:
    choice: Choice = choice_asked(request)
    differs = not kept.is_new and not _is_same(kept, form)
    url = choice.link(f"/report/{kept.report.id}", **({"seen": "other"} if differs else {}))
    if not _wants_json(request):
        return RedirectResponse(url, 303, _HEADERS)
    answer = {"id": str(kept.report.id), "url": url, "state": kept.report.state, "differs": differs}
    return Response(msgspec.json.encode(answer), 201 if kept.is_new else 200, _HEADERS, "application/json")


def _is_same(kept: AcceptedReport, form: UploadForm) -> bool:
    """Whether the report that was there already says what came now."""
    now, before = report_fields.typed(form), kept.report
    return (before.kind, before.text, before.has_picture) == (now.kind, now.text, form.file is not None)


def _told(refusal: _Refusal) -> Response:
    """To whoever sent something that is none of our forms: there is nothing to fill in again."""
    return PlainTextResponse(f"{refusal.trouble}\n", refusal.status, refusal.headers)


def _told_json(refusal: _Refusal) -> Response:
    answer = {"trouble": refusal.trouble, "errors": refusal.errors}
    return Response(msgspec.json.encode(answer), refusal.status, refusal.headers, "application/json")


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _too_large(t: Texts) -> str:
    return t("Das Bild ist größer als %(most)s MB. Mach ein kleineres Bild, oder melde ohne Bild.",
             most=view.MOST_MEGABYTES)  # fmt: skip


def _no_picture(t: Texts) -> str:
    return t("Das ist kein Bild, das wir lesen können. Nimm ein Foto als JPEG oder PNG, oder melde ohne Bild.")


def _too_many(wait_s: int, t: Texts) -> str:
    minutes = max(-(-wait_s // 60), 1)
    return t.plural(
        "Gerade kommen sehr viele Meldungen. Versuch es in einer Minute noch einmal.",
        "Gerade kommen sehr viele Meldungen. Versuch es in %(number)s Minuten noch einmal.",
        minutes,
    )
