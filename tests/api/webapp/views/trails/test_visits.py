"""How many walked a trail: the page says what is published, and of what is not, why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from re import DOTALL, findall, search
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.languages.texts import texts
from api.webapp.views.trails import visits
from geodata.model.counting.counter import CountFlag
from geodata.statistics.figure import Figure, FigureState
from geodata.statistics.known_time import KnownTime
from geodata.store.database import Database
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.counted import COUNTED, fill
from tests.fixtures.web.hikers import Hikers, hikers_on

BERLIN = ZoneInfo("Europe/Berlin")
PAGE = "/t/stadtwald/visits"
FIRST, DAYS = date(2025, 1, 1), 425  # two times January, and all of February 2026
SILENT = ((5, 6), (408, 410))  # a day of January 2025, two of February 2026
QUIET = {400: CountFlag.NONE, 404: CountFlag.NONE, 415: CountFlag.AT_LEAST}
"""Days of February 2026 on which one of two counters was silent for six hours, and told afterwards how many passed."""


@pytest.fixture(scope="module")
def counted(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The demonstration after fourteen months, all closed."""
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        fill(database, FIRST, DAYS, silent=SILENT, quiet=QUIET)
        with hikers_on(database) as running:
            yield running


def published(hikers: Hikers, **asked: str) -> list[dict[str, Any]]:
    """What the interface says."""
    query = "&".join(f"{name.rstrip('_')}={value}" for name, value in asked.items())
    return hikers.get(f"/api/v1/statistics/visits?{query}").json()["buckets"]


def text(html: str) -> str:
    """What of it is read, in one line."""
    return " ".join(unescape(" ".join(findall(r">([^<]*)<", html))).split()).replace("\u00a0", " ")


def table_below(html: str, heading: str) -> list[list[str]]:
    """The rows of the table after this heading, cell by cell."""
    found = search(rf'id="{heading}".*?<tbody[^>]*>(.*?)</tbody>', html, DOTALL)
    assert found
    rows = findall(r"<tr.*?</tr>", found[1], DOTALL)
    return [[text(f">{cell}<") for cell in findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, DOTALL)] for row in rows]


def german(count: int | None, state: str, *, at_least: bool = False) -> str:
    if count is None:
        return {"hidden": "nicht genannt", "no-data": "nicht gezählt"}[state]
    return ("mindestens " if at_least else "") + (f"{count:,}".replace(",", ".") if count >= 10_000 else str(count))


def test_the_number_is_that_of_the_last_closed_month_with_its_coverage_and_the_same_month_a_year_before(
    counted: Hikers,
) -> None:
    months = [each["passes"] for each in published(counted, trail="stadtwald", bucket="month")]
    last, before = months[-1], months[-13]
    said = text(counted.get(PAGE).text)
    assert f"{german(last['count'], '')} Mal ging im Februar 2026 jemand an einem Zähler vorbei." in said
    assert f"Gezählt wurde in {100 * last['coverage']:.0f} % der Zeit." in said
    assert f"Im Februar 2025 waren es {german(before['count'], '')}." in said
    assert "Die zwei Zahlen allein sagen wenig." in said
    assert 0.9 < last["coverage"] < 0.95 < before["coverage"]


@pytest.mark.parametrize(("heading", "bucket", "length"), [("jahr", "month", 12), ("tage", "day", 31)])
def test_each_row_of_the_tables_is_what_the_interface_says(
    counted: Hikers, heading: str, bucket: str, length: int
) -> None:
    figures = [each["passes"] for each in published(counted, trail="stadtwald", bucket=bucket)][-length:]
    rows = table_below(counted.get(PAGE).text, heading)
    assert [row[1].partition(" Gezählt")[0] for row in rows] == [
        german(each["count"], each["state"], at_least=each["at_least"]) for each in figures
    ]
    assert len(rows) == length


def test_a_day_without_any_counter_is_hatched_and_called_not_counted(counted: Hikers) -> None:
    page = counted.get(PAGE).text
    days = table_below(page, "tage")
    assert [row[0] for row in days if row[1] == "nicht gezählt"] == ["Fr., 13. Feb. 2026", "Sa., 14. Feb. 2026"]
    assert "Durchgänge an jedem Tag, 30. Jan. 2026 bis 1. März 2026. Schraffiert: nicht gezählt." in text(page)


def test_a_month_of_which_a_part_was_counted_is_outlined_and_says_which_part(counted: Hikers) -> None:
    page = counted.get(PAGE).text
    assert page.count('<rect class="partly') == 1
    assert "Umrandet: nur einen Teil der Zeit gezählt." in text(page)
    (partly,) = [row for row in table_below(page, "jahr") if "Gezählt wurde" in row[1]]
    assert partly[0] == "Februar 2026"


def test_a_day_on_which_a_counter_was_silent_for_a_while_is_striped_and_says_for_how_long(counted: Hikers) -> None:
    page = counted.get(PAGE).text
    assert page.count('<rect class="counted estimated"') == len(QUIET)
    assert page.count('fill="url(#tage-bild-streifen)"') == len(QUIET)
    assert "Gestreift: zu welcher Zeit, ist zum Teil geschätzt." in text(page)
    days = {row[0]: row[1] for row in table_below(page, "tage") if "schwieg" in row[1]}
    assert [day.partition(",")[2] for day in days] == [" 5. Feb. 2026", " 9. Feb. 2026", " 20. Feb. 2026"]
    shares = "Gezählt wurde in 88 % der Zeit. In weiteren 12 % schwieg ein Zähler."
    assert all(said.endswith(shares) for said in days.values())
    said = "An 3 dieser Tage schwieg ein Zähler eine Zeit lang. Wie viele dabei vorbeigingen, ist bekannt;"
    assert said in text(page)


def test_a_silence_that_may_have_hidden_somebody_makes_day_and_month_a_lower_bound(counted: Hikers) -> None:
    page = counted.get(PAGE).text
    said = [row[0] for row in table_below(page, "tage") if row[1].startswith("mindestens ")]
    assert [day.partition(",")[2] for day in said] == [" 20. Feb. 2026"]
    assert search(r"Mindestens [\d.]+ Mal ging im Februar 2026 jemand", text(page))


def test_each_station_has_its_numbers_of_the_month_and_a_dash_where_nothing_counts(counted: Hikers) -> None:
    page = counted.get(PAGE).text
    rows = {row[0].split()[0]: row[1:] for row in table_below(page, "stationen")}
    stations = [one["properties"] for one in counted.get("/api/v1/stations?trail=stadtwald").json()["features"]]
    assert len(rows) == len(stations)
    for station in stations:
        month = published(counted, station=station["code"], bucket="month")[-1]
        passes = german(**_of(month["passes"])) if station["code"] in COUNTED else "–"
        wanted = [f"Durchgänge: {passes}", f"Aufrufe: {german(**_of(month['scans']))}"]
        assert rows[str(station["number"])] == wanted, station["code"]


def _of(figure: dict[str, Any]) -> dict[str, Any]:
    return {name: figure[name] for name in ("count", "state", "at_least")}


@pytest.mark.parametrize("language", ["en", "de_simple"])
def test_numbers_are_the_same_in_every_language(counted: Hikers, language: str) -> None:
    def numbers(query: str) -> list[str]:
        rows = table_below(counted.get(PAGE + query).text, "jahr")
        return [findall(r"\d[\d.,]*", row[1])[0].replace(",", "").replace(".", "") for row in rows]

    assert numbers(f"?lang={language}") == numbers("?lang=de")


def test_the_page_of_the_trail_says_the_last_closed_week(counted: Hikers) -> None:
    week = published(counted, trail="stadtwald", bucket="week")[-1]["passes"]
    said = text(counted.get("/t/stadtwald").text)
    assert "Vom 23. Februar bis 1. März" in said
    assert f"{german(week['count'], '')} Mal ging jemand an einem Zähler vorbei." in said


def test_where_nothing_is_closed_yet_the_page_says_when_there_will_be_numbers(hikers: Hikers) -> None:
    page = hikers.get(PAGE)
    assert page.status_code == 200
    assert "Noch ist kein Monat ganz gezählt." in text(page.text)
    assert "<svg viewBox" not in page.text.partition("<main")[2].partition("</main>")[0]


def month(number: int, count: int | None, state: FigureState = FigureState.COUNTED, coverage: float = 1.0) -> Figure:
    start, end = (datetime(2026, each, 1, tzinfo=BERLIN).astimezone(UTC) for each in (number, number + 1))
    return Figure(start, end, count, state, KnownTime(coverage))


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (month(3, 0), "Mal ging im März 2026 jemand an einem Zähler vorbei."),
        (month(3, None, FigureState.HIDDEN), "Für März 2026 nennen wir keine Zahl: Sie könnte von einzelnen Menschen"),
        (month(3, None, FigureState.NO_DATA, 0.0), "Im März 2026 hat kein Zähler gezählt. Das ist eine Lücke, keine"),
    ],
)
def test_a_month_without_a_number_says_why(figure: Figure, said: str) -> None:
    assert visits.sentence_of(figure, BERLIN, texts("de")).startswith(said)
