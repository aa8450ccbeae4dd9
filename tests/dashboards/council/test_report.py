"""The report of a month or a year: a PDF that is read back, and what is said where there is none."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import httpx
import pypdf
import pytest

from dashboards.council import pages, period
from dashboards.council.period import ReportPeriod
from geodata.model.staff import Role
from geodata.store.database import Database
from geodata.typesetting import apart
from geodata.typesetting.font import legible
from tests.dashboards.figures.counted import BOARDWALK, DAY, TODAY, annotate, count, mount
from tests.dashboards.office import Office, hire

PAGE = "/staff/figures/report"
LAST = TODAY.replace(day=1) - DAY
MONTH = ReportPeriod(LAST.year, LAST.month)
FIRST = MONTH.span.first


@pytest.fixture
def ute(office: Office, database: Database) -> httpx.Client:
    """Every day of the last month is counted at the entrance but its 3rd and 4th; on some of the year before too."""
    with database.transaction() as connection:
        come, _ = mount(connection)
        mount(connection, BOARDWALK, ["in"])
        for number in range(MONTH.span.days):
            if number not in {2, 3}:
                count(connection, come, FIRST + number * DAY, 1000 + number)
        for number in range(10):
            count(connection, come, MONTH.before.span.first + number * DAY, 10)
        connection.execute(
            "INSERT INTO closure (trail, valid_from, valid_until) VALUES ('stadtwald', %s, %s)",
            [FIRST + DAY, FIRST + 2 * DAY],
        )
        connection.execute(
            "INSERT INTO closure_content (closure, variant, reason) SELECT id, 'de', 'Sturm: Äste' FROM closure"
        )
        connection.execute(
            "INSERT INTO report (id, kind, municipality, trail, text, received_at)"
            " VALUES (gen_random_uuid(), 'tree', 'lemgo', 'stadtwald', 'Baum', %s)",
            [FIRST + DAY],
        )
    annotate(database, FIRST, FIRST, "Waldfest 🎉 ₂")
    hire(database, "ute", Role.VIEWER)
    return office.signed_in("ute")


def read(answer: httpx.Response) -> pypdf.PdfReader:
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def words_of(reader: pypdf.PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_the_first_page_stands_alone_and_the_details_come_behind(ute: httpx.Client) -> None:
    reader = read(ute.get(f"{PAGE}?trail=stadtwald&month={MONTH}"))
    first, *details = words_of(reader)
    counted = sum(1000 + number for number in range(MONTH.span.days) if number not in {2, 3})
    assert f"{counted:,}".replace(",", ".") in first
    assert "Sind es mehr oder weniger geworden?" in first
    assert "Unter den Eichen" in first
    assert "Waldfest ? ?" in first, "letters that no font has are told by a question mark"
    behind = " ".join(details)
    assert "nicht gezählt" in behind
    assert "Sturm: Äste" in behind
    assert "Gemeldet wurden 1 Dinge, erledigt 0; am Ende waren 1 offen." in behind
    third, fourth = (f"{FIRST + number * DAY:%d}".lstrip("0") for number in (2, 3))
    assert f"{third}. " in behind
    assert f"{fourth}. " in behind


def test_it_is_a_tagged_pdf_with_language_title_and_words_for_the_drawing(ute: httpx.Client) -> None:
    reader = read(ute.get(f"{PAGE}?trail=stadtwald&month={MONTH}"))
    catalogue: Any = reader.root_object
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert str(catalogue["/Lang"]).lower().startswith("de")
    assert "/StructTreeRoot" in catalogue
    assert "pdfuaid" in catalogue["/Metadata"].get_object().get_data().decode()
    assert "Bericht" in str(reader.metadata.title if reader.metadata else "")
    assert "Am meisten" in str(_alternatives(catalogue["/StructTreeRoot"].get_object()))


def _alternatives(node: Any) -> list[str]:
    """All alternative texts below a node of the structure."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [text for each in node for text in _alternatives(each)]
    if not isinstance(node, dict):
        return []
    return ([str(node["/Alt"])] if "/Alt" in node else []) + _alternatives(node.get("/K", []))


def test_a_year_and_all_trails_of_a_town_have_their_report_in_english_too(ute: httpx.Client) -> None:
    ute.post("/staff/language", data={"language": "en", "next": PAGE})
    (first, *_) = words_of(read(ute.get(f"{PAGE}?municipality=lemgo&year={TODAY.year - 1}")))
    assert "Report" in first
    assert "Durchgänge" not in first


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("month=2026-13", "kein Monat und kein Jahr"),
        (f"month={TODAY:%Y-%m}", "noch nicht vorbei"),
        ("year=next", "kein"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_sentence(ute: httpx.Client, asked: str, said: str) -> None:
    answer = ute.get(f"{PAGE}?trail=stadtwald&{asked}")
    assert answer.status_code == 422
    assert said in answer.text


def test_the_page_offers_what_is_over_and_nothing_where_typst_is_missing(
    ute: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"month={MONTH}" in ute.get(PAGE).text
    monkeypatch.setattr(pages.apart, "is_there", lambda: False)
    lacking = ute.get(f"{PAGE}?trail=stadtwald&month={MONTH}")
    assert lacking.status_code == 200
    assert "fehlt das Programm" in lacking.text
    assert f'month={MONTH}" download' not in lacking.text
    assert apart is pages.apart


def test_a_period_is_read_as_it_is_written_and_refused_else() -> None:
    assert period.parse("2024-02") == (leap := ReportPeriod(2024, 2))
    assert (str(leap), leap.span.days) == ("2024-02", 29)
    assert period.parse("2026") == ReportPeriod(2026)
    assert ReportPeriod(2026).span.last == date(2026, 12, 31)
    for wrong in ("2026-2", "1999", "2026-00", "", "2026-02-01"):
        assert period.parse(wrong) is None


def test_only_times_that_are_over_are_offered_from_the_first_day_on() -> None:
    found = [str(each) for each in period.offered(date(2025, 11, 20), date(2026, 1, 15))]
    assert found == ["2025-12", "2025-11", "2025"]


def test_a_letter_keeps_its_accents_and_an_unknown_one_is_a_question_mark() -> None:
    assert legible("Größe – „Äste“ é") == "Größe – „Äste“ é"
    assert legible("a\nb\u2011c") == "a b-c"
    assert legible("雪") == "?"
    assert timedelta(days=1) == DAY
