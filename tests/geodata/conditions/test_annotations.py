"""Which days are left out of a comparison, for which scope."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.annotations import Annotation, AnnotationKind, AnnotationScope, days_to_leave_out

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
