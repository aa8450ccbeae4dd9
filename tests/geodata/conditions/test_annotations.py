"""Which days are left out of a comparison, for which scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.annotations import Annotation, AnnotationKind, AnnotationScope, days_to_leave_out, for_everybody

TRAIL = AnnotationScope(municipality="lemgo", trail="stadtwald")
POND = AnnotationScope(municipality="lemgo", trail="stadtwald", station="3DVB54")


def annotation(first: date, last: date, **place: str | None) -> Annotation:
    return Annotation(
        kind=AnnotationKind.EVENT, first_day=first, last_day=last, text="Fest", created_by="anna",
        **{"municipality": "lemgo", **place},  # type: ignore[arg-type]
    )  # fmt: skip


MAY_DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("place", "of_trail", "of_pond"),
    [
        ({}, True, True),
        ({"municipality": "kalletal"}, False, False),
        ({"trail": "stadtwald"}, True, True),
        ({"trail": "other"}, False, False),
        ({"trail": "stadtwald", "station": "3DVB54"}, True, True),
        ({"trail": "stadtwald", "station": "XXXXXX"}, True, False),
    ],
)
def test_what_holds_for_the_whole_holds_for_its_parts(place: dict[str, str], of_trail: bool, of_pond: bool) -> None:
    found = [annotation(MAY_DAY, MAY_DAY, **place)]
    assert bool(days_to_leave_out(found, TRAIL)) is of_trail
    assert bool(days_to_leave_out(found, POND)) is of_pond


@given(st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.integers(0, 20)), max_size=6))
def test_a_day_is_left_out_where_one_annotation_holds_it(spans: list[tuple[date, int]]) -> None:
    found = [annotation(first, date.fromordinal(first.toordinal() + more)) for first, more in spans]
    left_out = days_to_leave_out(found, TRAIL)
    for number in range(date(2025, 1, 1).toordinal(), date(2026, 2, 1).toordinal()):
        day = date.fromordinal(number)
        assert (day in left_out) is any(each.first_day <= day <= each.last_day for each in found)


@given(
    st.lists(st.tuples(st.sampled_from(AnnotationKind), st.booleans(), st.sampled_from([None, "stadtwald", "other"]))),
    st.sampled_from([TRAIL, POND, AnnotationScope(municipality="lemgo")]),
)
def test_no_text_that_is_not_public_is_told_and_of_another_kind_not_even_the_day(
    kinds: list[tuple[AnnotationKind, bool, str | None]], scope: AnnotationScope
) -> None:
    written = [
        replace(annotation(MAY_DAY, MAY_DAY, trail=trail), kind=kind, public=public, text=f"Text {number}")
        for number, (kind, public, trail) in enumerate(kinds)
    ]
    told = for_everybody(written, scope)
    own = [each for each in written if scope.trail is None or each.trail in {None, scope.trail}]
    assert [each.text for each in told if each.text] == [each.text for each in own if each.public]
    assert [each.kind for each in told if not each.text] == [
        each.kind for each in own if not each.public and each.kind is not AnnotationKind.OTHER
    ]
