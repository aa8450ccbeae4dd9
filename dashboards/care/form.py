"""A visit as a form brings it: what its address names may be ticked, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from starlette.datastructures import QueryParams

from api.http.forms.upload_form import UploadForm
from dashboards.languages import t
from geodata.model.care.visit import LONGEST_NOTE, CareTick, CareVisit
from geodata.model.care.work import OUTCOMES, WorkKind, WorkOutcome
from geodata.text.broken import UNFIT
from geodata.vocabulary.codes import is_valid, normalise

MOST_FIELDS = 120
_LONGEST_SIGN = 300


class UnreadableVisit(Exception):
    """Something of a visit is not as it should be; says which and what to do, in the language of the page."""


def visit(form: UploadForm, query: QueryParams, station: str | None, by: str, now: datetime) -> CareVisit:
    """The visit that a form tells of; raises UnreadableVisit. ``station``: the code of the address."""
    read = CareVisit(
        id=_id(form.get("id")),
        trail=query["trail"],
        station=station,
        visited_at=min(_time(form.get("visited_at"), now), now),
        received_at=now,
        visited_by=by,
        at_sign=station is not None and is_sign_of(form.get("sign"), station),
        is_fine=form.get("fine") == "1",
        note=_note(form.get("note")),
        ticks=_ticks(form.fields, query),
    )
    if not (read.ticks or read.note or read.is_fine or read.at_sign or form.file):
        raise UnreadableVisit(t("Bitte sagen Sie, was Sie gemacht haben, oder drücken Sie „Alles in Ordnung“."))
    return read


def taken_at(form: UploadForm, now: datetime) -> datetime:
    """When the list was made from which somebody ticked."""
    return min(_time(form.get("taken_at"), now), now)


def is_sign_of(text: str, station: str) -> bool:
    """Whether this is what stands on the station's sign: its code, alone or at the end of an address."""
    plain = text.strip()[:_LONGEST_SIGN].partition("?")[0].rstrip("/").rpartition("/")[2]
    return is_valid(plain) and normalise(plain) == station


def _ticks(fields: Mapping[str, str], query: QueryParams) -> Sequence[CareTick]:
    named = [(kind, ref) for kind in WorkKind for ref in dict.fromkeys(query.getlist(kind))]
    chosen = [(kind, ref, fields.get(f"{kind}:{ref}", "")) for kind, ref in named]
    return [CareTick(kind, _ref(kind, ref), _outcome(kind, said)) for kind, ref, said in chosen if said]


def _ref(kind: WorkKind, ref: str) -> str:
    try:
        match kind:
            case WorkKind.REPORT:
                return str(UUID(ref))
            case WorkKind.SIGN | WorkKind.CLOSURE | WorkKind.TASK:
                return str(int(ref))
            case WorkKind.DEVICE:
                return ref
    except ValueError as error:
        raise UnreadableVisit(t("Bitte laden Sie die Seite neu und tragen Sie es noch einmal ein.")) from error


def _outcome(kind: WorkKind, text: str) -> WorkOutcome:
    if text not in OUTCOMES[kind]:
        raise UnreadableVisit(t("Bitte laden Sie die Seite neu und tragen Sie es noch einmal ein."))
    return WorkOutcome(text)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnreadableVisit(t("Bitte laden Sie die Seite neu und tragen Sie es noch einmal ein.")) from error


def _time(text: str, now: datetime) -> datetime:
    """A time of the phone; now where it says none."""
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else now
    except (ValueError, OverflowError):
        return now


def _note(text: str) -> str:
    note = text.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise UnreadableVisit(t("Bitte kürzen Sie die Notiz: Es gehen höchstens %(most)s Zeichen.", most=LONGEST_NOTE))
    if UNFIT.search(note):
        raise UnreadableVisit(t("Die Notiz hat unsichtbare Zeichen. Bitte tippen Sie sie neu."))
    return note
