"""What was on days of the public charts: marked above the bars, told below and in the table, as far as all may know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from re import DOTALL, findall, search

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.drawing import bars
from api.drawing.bars import LEFT, RIGHT, BarKind, BarValue
from api.webapp.views.trails import annotated
from geodata.conditions.annotations import Annotation, AnnotationKind
from geodata.store.comparison import annotation as written
from geodata.store.database import Database
from tests.api.webapp.views.trails.test_visits import PAGE, table_below, text
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.counted import fill
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on

FIRST, LAST = date(2026, 4, 1), date(2026, 5, 31)
LEGEND = "Klammer mit Nummer"
EVENT, DEFECT, OTHER = AnnotationKind.EVENT, AnnotationKind.DEFECT, AnnotationKind.OTHER


@pytest.fixture(scope="module")
def closed(postgres_server: str, template_with_trail: Template) -> Iterator[Database]:
    """The demonstration after two months, all closed, with a second trail."""
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        fill(database, FIRST, (LAST - FIRST).days + 1, silent=())
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO trail (slug, municipality, line, licence)"
                " SELECT 'other', municipality, line, licence FROM trail WHERE slug = 'stadtwald'"
            )
        yield database


@pytest.fixture
def told(closed: Database) -> Iterator[Hikers]:
    """The pages with a cache of their own; annotations go away afterwards."""
    with hikers_on(closed) as running:
        yield running
    with closed.transaction() as connection:
        connection.execute("DELETE FROM annotation")


def note(
    hikers: Hikers,
    first: date,
    last: date | None = None,
    *,
    kind: AnnotationKind = EVENT,
    public: bool = True,
    said: str = "Waldfest",
    trail: str | None = "stadtwald",
    station: str | None = None,
) -> int:
    new = Annotation(
        municipality="lemgo", trail=trail, station=station, kind=kind, first_day=first, last_day=last or first,
        text=said, created_by="anna", public=public,
    )  # fmt: skip
    with hikers.database.transaction() as connection:
        return written.add(connection, new)


def figure(html: str, heading: str) -> str:
    found = search(rf'id="{heading}".*?</figure>', html, DOTALL)
    assert found
    return found[0]


def listed(html: str, heading: str) -> list[str]:
    return [text(f">{each}<") for each in findall(r'<li value="\d+">(.*?)</li>', figure(html, heading), DOTALL)]


def marked_days(html: str, heading: str = "tage") -> list[str]:
    return [row[0] for row in table_below(html, heading) if "Siehe Nummer" in row[1]]


def test_a_public_annotation_is_marked_listed_and_named_in_both_tables(told: Hikers) -> None:
    note(told, date(2026, 5, 14), date(2026, 5, 16))
    page = told.get(PAGE).text
    for heading in ("jahr", "tage"):
        drawn = figure(page, heading)
        assert drawn.count('<path class="note"') == 1
        assert LEGEND in drawn
        assert listed(page, heading) == ["14.–16. Mai 2026: Veranstaltung, Waldfest"]
    assert marked_days(page) == ["Do., 14. Mai 2026", "Fr., 15. Mai 2026", "Sa., 16. Mai 2026"]
    assert marked_days(page, "jahr") == ["Mai 2026"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (EVENT, ["14. Mai 2026: Veranstaltung"]),
        (DEFECT, ["14. Mai 2026: Zähler gestört"]),
        (AnnotationKind.CLOSURE, ["14. Mai 2026: Weg gesperrt"]),
        (OTHER, []),
    ],
)
def test_of_one_that_is_not_public_kind_and_days_are_told_and_of_another_kind_nothing(
    told: Hikers, kind: AnnotationKind, said: list[str]
) -> None:
    note(told, date(2026, 5, 14), kind=kind, public=False, said="Geklaut von Max")
    page = told.get(PAGE).text
    assert listed(page, "tage") == said
    assert bool(marked_days(page)) is bool(said)
    assert "Max" not in page
    assert "anna" not in page


def test_where_nothing_was_written_down_no_page_speaks_of_brackets(told: Hikers) -> None:
    page = told.get(PAGE).text
    assert LEGEND not in page
    assert '<ol class="notes"' not in page


def test_the_first_and_the_last_day_of_the_chart_are_within_and_their_neighbours_are_not(told: Hikers) -> None:
    note(told, LAST, said="letzter")
    note(told, LAST - timedelta(days=30), said="erster")
    note(told, LAST + timedelta(days=1), said="danach")
    note(told, LAST - timedelta(days=31), said="davor")
    page = told.get(PAGE).text
    assert [each.rpartition(" ")[2] for each in listed(page, "tage")] == ["erster", "letzter"]
    assert marked_days(page) == ["Fr., 1. Mai 2026", "So., 31. Mai 2026"]
    assert [each.rpartition(" ")[2] for each in listed(page, "jahr")] == ["davor", "erster", "letzter"]


def test_what_is_of_the_whole_town_is_shown_and_what_is_of_another_trail_is_not(told: Hikers) -> None:
    note(told, date(2026, 5, 14), trail=None, said="Sturm")
    note(told, date(2026, 5, 15), trail="other", said="Woanders")
    page = told.get(PAGE).text
    assert listed(page, "tage") == ["14. Mai 2026: Veranstaltung, Sturm"]
    assert "Woanders" not in page


def test_what_was_at_one_station_names_it_also_when_the_station_is_given_up(told: Hikers) -> None:
    note(told, date(2026, 5, 14), station=PONDS, kind=DEFECT, public=False)
    (said,) = listed(told.get(PAGE).text, "tage")
    assert search(r"^14\. Mai 2026: Zähler gestört \( ?Station \d+, .+\)$", said), said
    with told.database.transaction() as connection:
        connection.execute("UPDATE station SET retired_at = now() WHERE code = %s", [PONDS])
    try:
        with hikers_on(told.database) as later:
            assert listed(later.get(PAGE).text, "tage") == [said]
    finally:
        with told.database.transaction() as connection:
            connection.execute("UPDATE station SET retired_at = NULL WHERE code = %s", [PONDS])


def test_a_text_of_200_letters_is_shown_whole_and_can_be_no_markup(told: Hikers) -> None:
    said = "<script>alert(1)</script>&" + "x" * 174
    note(told, date(2026, 5, 14), said=said)
    page = told.get(PAGE).text
    assert "<script>alert" not in page
    assert escape(said) in page


def test_annotations_of_one_day_share_a_mark_with_all_their_numbers(told: Hikers) -> None:
    for number in range(4):
        note(told, date(2026, 5, 14), date(2026, 5, 14 + number % 2), said=f"Fest {number}")
    page = told.get(PAGE).text
    rows = {row[0]: row[1] for row in table_below(page, "tage")}
    assert "Siehe Nummer 1–4." in rows["Do., 14. Mai 2026"]
    assert "Siehe Nummer 2, 4." in rows["Fr., 15. Mai 2026"]
    labels = findall(r'y="-5">([^<]+)<', figure(page, "tage"))
    assert labels == ["1–4"], "two labels would lie upon each other"


def test_its_etag_changes_with_an_annotation_and_is_the_old_one_when_that_is_removed(told: Hikers) -> None:
    def tag() -> str:
        with hikers_on(told.database) as running:  # a page is kept for a minute at most: this one has none
            return running.get(PAGE).headers["etag"]

    before = tag()
    identity = note(told, date(2026, 5, 14), public=False)
    hinted = tag()
    with told.database.transaction() as connection:
        written.set_public(connection, identity, public=True)
    public = tag()
    with told.database.transaction() as connection:
        written.remove(connection, identity)
    assert len({before, hinted, public}) == 3
    assert tag() == before


@pytest.mark.parametrize(
    ("language", "said"), [("en", "May 14, 2026: Event, "), ("de_simple", "14. Mai 2026: Ein Fest, ")]
)
def test_the_kind_is_said_in_the_reader_s_language_and_the_text_in_the_town_s(
    told: Hikers, language: str, said: str
) -> None:
    note(told, date(2026, 5, 14))
    page = told.get(f"{PAGE}?lang={language}").text
    (line,) = listed(page, "tage")
    assert line.replace("14 May 2026", "May 14, 2026") == f"{said}Waldfest"
    if language == "en":
        assert '<span lang="de">Waldfest</span>' in page


@given(st.lists(st.sets(st.integers(1, 9), max_size=3), min_size=1, max_size=31))
def test_every_period_with_an_annotation_lies_below_one_mark_and_no_other_does(own: list[set[int]]) -> None:
    drawing = bars.draw([BarValue(BarKind.COUNTED, 1)] * len(own))
    assert drawing
    marks, labels = annotated._marked([tuple(sorted(numbers)) for numbers in own], drawing)
    for x, numbers in zip(drawing.middles, own, strict=True):
        assert sum(mark.x <= x <= mark.x + mark.width for mark in marks) == bool(numbers)
    assert all(mark.x >= LEFT and mark.x + mark.width <= RIGHT for mark in marks)
    places = [x for x, _ in labels]
    assert places == sorted(places)
    assert bool(labels) is bool(marks)
