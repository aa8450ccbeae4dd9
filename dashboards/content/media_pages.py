"""Pictures, the recording and the film of a text: added, described, replaced, removed; each change is a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.http.forms.upload_form import NotAForm, UploadForm, read_upload
from dashboards.content import reasons, turns
from dashboards.content.editing import TextDesk, desk_of, note
from dashboards.content.fields import MEDIA_LABELS
from dashboards.content.media_form import LICENCES, Item, MediaForm, NamedFile, empty_item, item_at, kind_of, with_item
from dashboards.content.places import PlaceDep, TextPlace
from dashboards.content.reasons import FieldFinding
from dashboards.content.turns import TooBusy
from dashboards.forms import Fields
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions import edit_content
from geodata.actions.edit_content import Written
from geodata.content import media_fields
from geodata.content.versions import Author
from geodata.errors import DigitalpfadError, NotFound
from geodata.media import apart
from geodata.media.apart import UnusableMedium
from geodata.media.files import MAX_BYTES, SUFFIXES
from geodata.media.renditions import Prepared
from geodata.model.content import StationContent
from geodata.model.media import Medium
from geodata.store.catalogue import content_versions
from geodata.store.catalogue import media as media_store
from geodata.vocabulary.audit import Action

_FORM_BYTES = 200_000  # beside the file: its texts, and what separates them
router = APIRouter(max_body_size=max(MAX_BYTES.values()) + _FORM_BYTES)

_CHANGED = marked("Jemand hat diese Datei gerade geändert. Bitte sehen Sie nach und speichern Sie dann noch einmal.")
_BUSY = marked("Gerade werden viele Dateien gelesen. Bitte versuchen Sie es in einer Minute noch einmal.")
_UNREADABLE = marked("Die Datei lässt sich nicht lesen. Bitte speichern Sie sie neu und versuchen Sie es noch einmal.")
_NO_FILE = marked("Bitte wählen Sie eine Datei.")


class FileRefused(DigitalpfadError):
    """The file cannot be taken; the sentence is in the language of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaCard:
    """A file of a text, or the place for another one. ``src`` is shown or played; ``trouble`` is about a file sent."""

    field: str
    kind: str
    label: str
    form: MediaForm
    item: Item | None
    src: str
    size: tuple[int, int]
    findings: list[FieldFinding]
    trouble: str

    @property
    def accept(self) -> str:
        """Endings of files that may be chosen."""
        return ",".join(SUFFIXES[self.kind])

    @property
    def megabytes(self) -> int:
        """How large a file may be."""
        return MAX_BYTES[self.kind] // 1_000_000

    @property
    def crop(self) -> str:
        """The square around the point that matters, as an SVG's view box of the picture."""
        width, height = self.size
        edge = min(width, height)
        x, y = self.form.focus_x.data, self.form.focus_y.data
        left = min(max(width * (50 if x is None else x) / 100 - edge / 2, 0), width - edge)
        top = min(max(height * (50 if y is None else y) / 100 - edge / 2, 0), height - edge)
        return f"{left:.0f} {top:.0f} {edge} {edge}"


def _field(field: str) -> str:
    if field not in MEDIA_LABELS:
        raise NotFound("file", field)
    return field


FieldDep = Annotated[str, Depends(_field)]


async def _uploaded(request: Request, field: FieldDep) -> UploadForm:
    """The form with its file; what is no form has neither."""
    try:
        return await read_upload(request, MAX_BYTES[kind_of(field)])
    except NotAForm:
        return UploadForm({}, None, is_too_large=False)


UploadDep = Annotated[UploadForm, Depends(_uploaded)]


@router.get("/content/stations/{station}/{text}/media")
def show(request: Request, services: ServicesDep, place: PlaceDep) -> Response:
    """All files of a text."""
    return _page(request, services, desk_of(services, place), {})


@router.get("/content/stations/{station}/media/{medium}/{file}")
def show_file(services: ServicesDep, station: str, medium: str, file: str) -> Response:
    """A file of any version of a station's texts: those of drafts are served here and nowhere else."""
    with services.database.transaction() as connection:
        content_type, data = media_store.of_station(connection, station.upper(), medium, file)
    return Response(data, media_type=content_type)


@router.post("/content/stations/{station}/{text}/media/{field}")
def save(
    request: Request, services: ServicesDep, staff: CurrentStaff, place: PlaceDep, field: FieldDep, sent: UploadDep
) -> Response:
    """Keep a file and what is said of it as a new draft."""
    if "media" not in sent.fields:  # no form of ours: nothing of it would be what somebody meant
        return _page(request, services, desk_of(services, place), {field: (MediaForm(), t(_NO_FILE))}, 422)
    form = MediaForm(Fields(FormData(list(sent.fields.items()))))
    if sent.file is not None:
        form.need_consent()
    desk = desk_of(services, place)
    there = item_at(desk.newest.text if desk.newest else None, field)
    trouble = _trouble(sent, field, there)
    is_right = form.validate()
    if trouble or not is_right:
        return _page(request, services, desk, {field: (form, trouble)}, 422)
    try:
        prepared = _prepared(sent, field) if sent.file is not None else None
    except FileRefused as refused:
        return _page(request, services, desk, {field: (form, str(refused))}, 422)
    if not _kept(services, staff.name, place, field, form, prepared):
        return _page(request, services, desk_of(services, place), {field: (form, t(_CHANGED))}, 409)
    return RedirectResponse(f"{place.address}/media", 303)


@router.post("/content/stations/{station}/{text}/media/{field}/remove")
def remove(services: ServicesDep, staff: CurrentStaff, place: PlaceDep, field: FieldDep, media: str = "") -> Response:
    """Show a file no longer, in a new draft; earlier versions go on having it. Twice is once."""
    with services.database.transaction() as connection:
        content_versions.lock(connection)
        versions = edit_content.versions_of(connection, place.slot)
        text = versions[-1].text if versions else None
        item = item_at(text, field)
        if isinstance(text, StationContent) and item is not None and item.media == media:
            written = Written(place.slot, with_item(text, field, None), versions[-1].number)
            edit_content.save_draft(connection, written, Author(staff.name))
            note(connection, place, staff.name, Action.CONTENT_SAVE, after=f"{field} –")
    return RedirectResponse(f"{place.address}/media", 303)


def _trouble(sent: UploadForm, field: str, there: Item | None) -> str:
    if sent.is_too_large:
        most = MAX_BYTES[kind_of(field)] // 1_000_000
        return t("Die Datei ist größer als %(most)s MB. Bitte machen Sie sie kleiner.", most=most)
    return t(_NO_FILE) if sent.file is None and there is None else ""


def _prepared(sent: UploadForm, field: str) -> tuple[Prepared, str]:
    """The file as it is served, and its name; raises FileRefused."""
    file = NamedFile.of(sent.file or b"", sent.file_name, kind_of(field))
    try:
        with turns.decoding():
            return apart.prepared(file.data, kind_of(field), file.name, t.language), file.name
    except TooBusy as error:
        raise FileRefused(t(_BUSY)) from error
    except UnusableMedium as error:
        raise FileRefused(str(error) or t(_UNREADABLE)) from error


def _kept(
    services: StaffServices,
    name: str,
    place: TextPlace,
    field: str,
    form: MediaForm,
    new: tuple[Prepared, str] | None,
) -> bool:
    """Save the newest text with the file; False where somebody changed that file meanwhile."""
    with services.database.transaction() as connection:
        content_versions.lock(connection)
        versions = edit_content.versions_of(connection, place.slot)
        text = versions[-1].text if versions else None
        if not isinstance(text, StationContent):
            return False
        there = item_at(text, field)
        if (there.media if there else "") != str(form.media.data or ""):
            return False
        if new is not None:
            media_store.save(connection, new[0])
            there = empty_item(kind_of(field), new[0].id, new[1])
        if there is None:
            return False
        written = Written(place.slot, with_item(text, field, form.item(there)), versions[-1].number)
        if edit_content.save_draft(connection, written, Author(name)):
            consent = ", consent" if new is not None else ""
            note(connection, place, name, Action.CONTENT_SAVE, after=f"{field} {there.file}{consent}")
    return True


def _page(
    request: Request,
    services: StaffServices,
    desk: TextDesk,
    typed: Mapping[str, tuple[MediaForm, str]],
    status: int = 200,
) -> Response:
    text = desk.newest.text if desk.newest else None
    context = {
        "place": desk.place,
        "cards": _cards(services, desk, text, typed) if isinstance(text, StationContent) else [],
        "licences": LICENCES,
        "may_write": may(request, "POST /content/stations/{station}/{text}/media/{field}"),
    }
    return page(request, "content/media.html", context, status)


def _cards(
    services: StaffServices, desk: TextDesk, text: StationContent, typed: Mapping[str, tuple[MediaForm, str]]
) -> list[MediaCard]:
    """What is there, the place for one more picture, and those for sound and film where there is none."""
    items = dict(media_fields.items(text))
    with services.database.transaction() as connection:
        media = media_store.of_ids(connection, [item.media for item in items.values()])
    free = media_fields.PICTURES[len(text.pictures) : len(text.pictures) + 1]
    fields = [
        field for field in MEDIA_LABELS if field in items or field in free or kind_of(field) == field != "picture"
    ]
    report = reasons.report(desk.place, text, desk.states)
    return [_card(desk.place, field, items.get(field), media, report.of(field), typed.get(field)) for field in fields]


def _card(
    place: TextPlace,
    field: str,
    item: Item | None,
    media: Mapping[str, Medium],
    findings: list[FieldFinding],
    typed: tuple[MediaForm, str] | None,
) -> MediaCard:
    src, size = _shown(place, media.get(item.media) if item else None)
    form, trouble = typed or (MediaForm.of(item) if item else MediaForm(), "")
    return MediaCard(
        field=field,
        kind=kind_of(field),
        label=t(MEDIA_LABELS[field]),
        form=form,
        item=item,
        src=src,
        size=size,
        findings=findings,
        trouble=trouble,
    )


def _shown(place: TextPlace, medium: Medium | None) -> tuple[str, tuple[int, int]]:
    """Where the JPEG of about the usual width is served, or what is played; and its width and height."""
    if medium is None:
        return "", (1, 1)
    shown = [rendition for rendition in medium.renditions if rendition.content_type != "image/avif"]
    one = min(shown, key=lambda rendition: abs((rendition.width or 0) - 960))
    address = f"/staff/content/stations/{place.slot.station}/media/{medium.id}/{one.name}"
    return address, (one.width or 1, one.height or 1)
