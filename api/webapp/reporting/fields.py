"""What people fill in to tell of a problem, judged field by field: a refusal names each, and nothing typed is lost."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from api.http.forms.upload_form import UploadForm
from api.languages.texts import Texts
from geodata.errors import DigitalpfadError
from geodata.model.report import LONGEST_CONTACT, LONGEST_TEXT, NewReport, ReportKind, ReportPlace
from geodata.text.broken import UNFIT, is_visible

_NEED_WORDS = frozenset({ReportKind.TEXT, ReportKind.BARRIER, ReportKind.OTHER})
"""Kinds that say nothing by themselves."""

_RANDOM = 4  # the version of ids that cannot be guessed (RFC 9562)
_LEAST_DIGITS = 5
_OLDEST, _NEWEST = timedelta(days=60), timedelta(minutes=10)
"""How far a phone's own time may be off: beyond, nobody knows when it was."""


class ReportRefused(DigitalpfadError):
    """A field is not what was expected; ``errors`` says of each what to do, in the reader's language."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of the form, as it was typed."""

    kind: str = ""
    text: str = ""
    contact: str = ""
    trail: str = ""


def typed(form: UploadForm) -> Typed:
    """The fields to be shown again."""
    return Typed(form.get("kind"), _plain(form.get("text")), _plain(form.get("contact")), form.get("trail"))


def read(form: UploadForm, place: ReportPlace, variant: str, now: datetime, t: Texts) -> NewReport:
    """The report that the form holds, of something at ``place``; raises ReportRefused with all that is wrong."""
    errors: dict[str, str] = {}
    kind, fields = _kind(form.get("kind")), typed(form)
    if kind is None:
        errors["kind"] = t("Wähle aus, worum es geht.")
    if len(fields.text) > LONGEST_TEXT:
        errors["text"] = t("Der Text hat %(long)s Zeichen. Es gehen höchstens %(most)s: kürze ihn.",
                           long=len(fields.text), most=LONGEST_TEXT)  # fmt: skip
    elif not fields.text and kind in _NEED_WORDS:
        errors["text"] = t("Schreib in einem Satz, was ist.")
    if fields.contact and not _can_be_reached(fields.contact):
        errors["contact"] = t(
            "Das ist keine E-Mail-Adresse und keine Telefonnummer. Lass das Feld leer, wenn du keine Antwort brauchst."
        )
    own_id = identity(form.get("id"))
    if own_id is None:
        errors["id"] = t("Die Seite war unvollständig. Drück noch einmal auf „Absenden“.")
    if kind is None or own_id is None or errors:
        raise ReportRefused(errors)
    return NewReport(
        id=own_id,
        kind=kind,
        place=_with_point(place, form),
        text=fields.text,
        contact=fields.contact or None,
        variant=variant,
        written_at=_written_at(form.get("written_at"), now),
    )


def _kind(value: str) -> ReportKind | None:
    return ReportKind(value) if value in set(ReportKind) else None


def identity(value: str) -> UUID | None:
    """The id that a phone or a form made, or None: a random one as they write it, in no other spelling."""
    try:
        read = UUID(value)
    except ValueError:
        return None
    return read if read.version == _RANDOM and str(read) == value.lower() else None


def _plain(text: str) -> str:
    """With line ends of one kind and without what nobody can see; of blanks and joiners alone nothing is left."""
    plain = UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return plain if is_visible(plain) else ""


def _can_be_reached(contact: str) -> bool:
    if len(contact) > LONGEST_CONTACT or "\n" in contact:
        return False  # first of all: of a long one the pattern would take minutes
    is_mail = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact) is not None
    return is_mail or sum(c.isdecimal() for c in contact) >= _LEAST_DIGITS


def _with_point(place: ReportPlace, form: UploadForm) -> ReportPlace:
    """The place with the person's own point, where they sent one."""
    lon, lat, accuracy = (_number(form.get(name)) for name in ("lon", "lat", "accuracy_m"))
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        return place
    return replace(place, lon=lon, lat=lat, accuracy_m=accuracy if accuracy is not None and accuracy >= 0 else None)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _written_at(text: str, now: datetime) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_known = moment.tzinfo is not None and now - _OLDEST < moment < now + _NEWEST
    return moment if is_known else None
