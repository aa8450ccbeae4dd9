"""The form for annotations says of each bad input, in a sentence, what was expected; good input is kept as it is."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.datastructures import FormData

from dashboards.figures.annotations import AnnotationForm
from dashboards.forms import Fields
from geodata.conditions.annotations import Annotation, AnnotationKind, AnnotationScope

SCOPE = AnnotationScope(municipality="lemgo", trail="stadtwald")
GOOD = {"first_day": "2026-06-13", "last_day": "", "place": "", "kind": "event", "text": "  Fest  im\tWald "}


def form(**other: str) -> AnnotationForm:
    filled = AnnotationForm(Fields(FormData(GOOD | other)))
    filled.stations = ["K7YNX0"]
    return filled


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("first_day", "", "Bitte geben Sie den ersten Tag ein."),
        ("first_day", "31.02.2026", "„31.02.2026“ ist kein Tag, der gemeint sein kann. Bitte schreiben Sie ihn wie"),
        ("first_day", "0026-06-13", "„0026-06-13“ ist kein Tag, der gemeint sein kann."),
        ("last_day", "bald", "„bald“ ist kein Tag"),
        ("last_day", "2026-06-12", "Der letzte Tag liegt vor dem ersten."),
        ("last_day", "2027-06-14", "Das ist länger als ein Jahr"),
        ("place", "AAAAAA", "„AAAAAA“ ist keine Station dieses Pfads."),
        ("kind", "party", "Bitte wählen Sie, was es war."),
        ("kind", "", "Bitte wählen Sie, was es war."),
        ("text", " ", "Bitte schreiben Sie in wenigen Worten, was war."),
        ("text", "x" * 201, "Bitte kürzen Sie den Text: Es gehen höchstens 200 Zeichen."),
        ("text", "Fest\u202egnal", "Der Text hat unsichtbare Zeichen."),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(field: str, text: str, sentence: str) -> None:
    filled = form(**{field: text})
    assert not filled.validate()
    assert list(filled.errors) == [field]
    assert filled[field].errors[0].startswith(sentence)


@pytest.mark.parametrize(
    ("place", "trail", "station"),
    [("", "stadtwald", None), ("K7YNX0", "stadtwald", "K7YNX0"), ("*", None, None)],
)
def test_a_place_is_the_trail_one_of_its_stations_or_the_town(place: str, trail: str | None, station: str) -> None:
    filled = form(place=place)
    assert filled.validate()
    assert filled.annotation(SCOPE, "ute") == Annotation(
        municipality="lemgo", trail=trail, station=station, kind=AnnotationKind.EVENT, first_day=date(2026, 6, 13),
        last_day=date(2026, 6, 13), text="Fest im Wald", created_by="ute",
    )  # fmt: skip


def test_days_are_read_as_browsers_send_them_and_as_people_write_them() -> None:
    filled = form(first_day="13.06.2026", last_day="2027-06-13")
    assert filled.validate()
    annotation = filled.annotation(SCOPE, "ute")
    assert (annotation.first_day, annotation.last_day) == (date(2026, 6, 13), date(2027, 6, 13))
