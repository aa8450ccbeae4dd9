"""The page of figures: its numbers are those that rows say, gaps are no zeros, and who may writes annotations."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import httpx
import pytest

from geodata.model.counting.sign_case import SilenceEvidence
from geodata.model.staff import Role
from geodata.store import roles
from geodata.store.access import audit
from geodata.store.comparison import annotation
from geodata.store.counting import sign_cases
from geodata.store.database import Database
from tests.dashboards.figures.counted import BOARDWALK, DAY, MONDAY, TODAY, WEEK, annotate, count, count_week, mount
from tests.dashboards.office import Office, hire, open_office

PAGE = "/staff/figures"
ADD = f"{PAGE}/annotations"
FEAST = {"trail": "stadtwald", "first_day": f"{MONDAY}", "last_day": "", "place": "", "kind": "event", "text": "Fest"}


@pytest.fixture
def ranger(office: Office) -> httpx.Client:
    """Ute, who looks after the trail."""
    hire(office.database, "ute", Role.RANGER)
    return office.signed_in("ute")


def words_of(answer: httpx.Response) -> str:
    """The text of the page, blanks joined."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).replace("\u00a0", " ").split())


def week_row(client: httpx.Client, number: int = 0) -> list[str]:
    """The cells of the week so many before the last one, from its passes on."""
    rows = re.findall(
        r'<tr role="row">\s*<th role="rowheader" scope="row">KW(.*?)</tr>', client.get(PAGE).text, re.DOTALL
    )
    cells = re.findall(r"<td[^>]*>(.*?)</td>", rows[number])
    return [unescape(cell).replace("\u00a0", " ") for cell in cells]


def test_passes_of_the_last_week_are_those_of_all_channels_and_what_is_estimated_stands_apart(
    office: Office, ranger: httpx.Client
) -> None:
    with office.database.transaction() as connection:
        come, go = mount(connection)
        (beside,) = mount(connection, BOARDWALK, ["in"])
        count_week(connection, come, MONDAY, 100)
        count_week(connection, go, MONDAY, 50)
        count_week(connection, go, MONDAY - WEEK, 9)
        for number in range(6):
            count(connection, beside, MONDAY + number * DAY, 10)
        count(connection, beside, MONDAY + 6 * DAY, 3, shared=7, hours=6)
        count(connection, come, TODAY - DAY if TODAY - DAY > MONDAY + 6 * DAY else TODAY, 4000)
    said = words_of(ranger.get(PAGE))
    assert "Durchgänge, letzte Woche 1.113 an 2 Zählern, Abdeckung 96 %; dazu geschätzt 7 (1 %)" in said
    assert week_row(ranger) == ["1.113", "7 (1 %)", "96 %", "6 von 7", "–", "–"]
    assert week_row(ranger, 1) == ["63", "–", "33 %", "0 von 7", "–", "–"], "two channels of three said nothing"
    assert week_row(ranger, 2) == ["nicht gezählt", "–", "0 %", "0 von 7", "–", "–"]


def test_the_same_week_of_the_year_before_stands_beside_it(office: Office, ranger: httpx.Client) -> None:
    year, week, _ = MONDAY.isocalendar()
    before = MONDAY - 52 * WEEK if (MONDAY - 52 * WEEK).isocalendar()[:2] == (year - 1, week) else MONDAY - 53 * WEEK
    with office.database.transaction() as connection:
        (come,) = mount(connection, directions=["in"])
        count_week(connection, come, MONDAY, 20)
        count_week(connection, come, before, 30)
    assert week_row(ranger)[4] == "210"
    assert "Strich: dieselbe Kalenderwoche im Jahr davor" in ranger.get(PAGE).text


def test_a_trail_without_a_counter_says_so_and_shows_no_zero(ranger: httpx.Client) -> None:
    said = words_of(ranger.get(PAGE))
    assert "Durchgänge, letzte Woche – In dieser Woche hing hier kein Zähler." in said
    assert "An diesem Pfad hängt kein Zähler." in said
    assert "In dieser Zeit ist nichts gezählt." in said
    assert week_row(ranger) == ["kein Zähler", "–", "–", "0 von 7", "–", "–"]


def test_scans_are_those_of_the_last_week_with_the_busiest_station(office: Office, ranger: httpx.Client) -> None:
    with office.database.transaction() as connection:
        for station, day, scans in (
            ("K7YNX0", MONDAY, 3), ("3DVB54", MONDAY + 6 * DAY, 8), ("3DVB54", MONDAY - DAY, 90),
            ("3DVB54", MONDAY + 7 * DAY, 90),
        ):  # fmt: skip
            connection.execute(
                "INSERT INTO scan_hour VALUES (%s, (%s::date + time '12:00') AT TIME ZONE 'UTC', 'de', 'sign', %s)",
                [station, day, scans],
            )
    assert "Aufrufe, letzte Woche 11 am meisten: 4 Försterteiche (8)" in words_of(ranger.get(PAGE))


def test_counters_and_signs_that_need_something_lead_to_where_it_is_done(office: Office, ranger: httpx.Client) -> None:
    with office.database.transaction() as connection:
        mount(connection)
        sign_cases.open_silent(connection, "3DVB54", SilenceEvidence(3, 180, 14.4, 0), office.clock())
    text = ranger.get(PAGE).text
    assert '<a href="/staff/signs">1 Schild fällt auf</a>, <a href="/staff/devices">1 Gerät schweigt</a>' in text
    assert '<a href="/staff/counting">1 Zähler ohne Faktor</a>' in text
    assert "Braucht etwas 2" in words_of(ranger.get(PAGE)), "the counter once, whatever it lacks"
    assert "noch nie von Hand gezählt" in text
    assert '<a href="/staff/counting/counter">Mitzählen' in text
    assert "seit 1. Januar 2020" in text
    assert "hinein, hinaus" in text


def checked(answer: httpx.Response) -> list[str]:
    """The comparisons that are preselected."""
    return re.findall(r'name="compare" value="([^"]*)" checked', answer.text)


def test_the_comparison_that_is_proposed_is_the_newest_with_counted_days_in_both_years(
    office: Office, ranger: httpx.Client
) -> None:
    assert "Noch lassen sich keine zwei Jahre vergleichen" in words_of(ranger.get(PAGE))
    assert checked(ranger.get(PAGE)) == []
    first = date(TODAY.year - 2, 1, 1)
    with office.database.transaction() as connection:
        (come,) = mount(connection, directions=["in"])
        count(connection, come, first, 30)
        count(connection, come, TODAY - DAY, 30)
    assert checked(ranger.get(PAGE)) == [], "the year between is missing"
    with office.database.transaction() as connection:
        count(connection, come, date(TODAY.year - 1, 12, 31), 30)
    assert checked(ranger.get(PAGE)) == ["last-year"], "31 December is not over this year"
    with office.database.transaction() as connection:
        count(connection, come, date(TODAY.year - 1, 1, 1), 30)
    assert checked(ranger.get(PAGE)) == ["to-date"]
    assert checked(ranger.get(f"{PAGE}?compare=last-year")) == ["last-year"]


def test_a_comparison_is_made_when_it_is_asked_for_and_refused_with_its_reason(ranger: httpx.Client) -> None:
    assert "Kein Vergleich" not in ranger.get(PAGE).text
    said = words_of(ranger.get(f"{PAGE}?trail=stadtwald&compare=last-year&without=true"))
    assert f"Kein Vergleich: Kein Tag von {TODAY.year - 2} " in said
    assert f"das ganze Jahr {TODAY.year - 1} mit {TODAY.year - 2}, ohne Tage mit Anmerkungen" in said
    assert ranger.get(f"{PAGE}?compare=yesterday").status_code == 400


def test_the_page_says_that_its_figures_are_not_for_everybody_and_what_everybody_sees(ranger: httpx.Client) -> None:
    text = ranger.get(PAGE).text
    assert "Bitte geben Sie sie nicht nach außen." in text
    assert '<a href="/t/stadtwald/visits">So viele gingen hier</a>' in text


def test_the_csv_has_the_weeks_of_the_table_and_a_name(office: Office, ranger: httpx.Client) -> None:
    with office.database.transaction() as connection:
        (come,) = mount(connection, directions=["in"])
        count_week(connection, come, MONDAY, 20)
    answer = ranger.get(f"{PAGE}/weeks.csv?trail=stadtwald")
    assert answer.headers["content-disposition"] == f'attachment; filename="nutzung-stadtwald-{TODAY}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfWoche;")
    lines = answer.text.splitlines()
    assert len(lines) == 54
    assert lines[-1].split(";")[3:7] == ["140", "0", "100,0", "7"]
    assert lines[-2].split(";")[3:7] == ["", "0", "0,0", "0"]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/weeks.csv"])
def test_an_unknown_trail_is_told(ranger: httpx.Client, path: str) -> None:
    assert ranger.get(f"{path}?trail=nowhere").status_code == 404


def test_an_annotation_is_added_seen_and_removed_once_and_both_are_written_down(
    office: Office, ranger: httpx.Client
) -> None:
    with office.database.transaction() as connection:
        (come,) = mount(connection, directions=["in"])
        count_week(connection, come, MONDAY, 20)
    added = ranger.post(ADD, data=FEAST)
    assert added.headers["location"] == f"{PAGE}?trail=stadtwald&notice=added#annotations"
    with office.database.transaction() as connection:
        (kept,) = annotation.load(connection, "lemgo")
        entry = audit.newest(connection, 1)[0]
    assert (kept.text, kept.trail, kept.created_by) == ("Fest", "stadtwald", "ute")
    assert (entry.actor, entry.action, entry.object) == ("ute", "annotation-add", str(kept.id))
    page = ranger.get(added.headers["location"])
    assert "Die Anmerkung ist gespeichert." in page.text
    assert '<text class="note"' in page.text
    assert week_row(ranger)[5] == "1"
    removed = [ranger.post(f"{ADD}/{kept.id}/remove", data={"trail": "stadtwald"}) for _ in range(2)]
    assert [each.headers["location"].partition("notice=")[2] for each in removed] == [
        "removed#annotations", "gone#annotations",
    ]  # fmt: skip
    with office.database.transaction() as connection:
        assert annotation.load(connection) == []
        assert [each.action for each in audit.newest(connection, 2)] == ["annotation-remove", "annotation-add"]


def test_a_text_is_for_staff_until_the_tick_or_a_button_shows_it_to_everybody(
    office: Office, ranger: httpx.Client
) -> None:
    def kept() -> tuple[int, bool]:
        with office.database.transaction() as connection:
            (one,) = annotation.load(connection)
        return one.id, one.public

    ranger.post(ADD, data=FEAST)
    identity, public = kept()
    assert not public
    assert "nur intern" in ranger.get(PAGE).text
    shown = ranger.post(f"{ADD}/{identity}/publish", data={"trail": "stadtwald"})
    assert kept() == (identity, True)
    page = ranger.get(shown.headers["location"]).text
    assert "Den Text der Anmerkung lesen jetzt alle." in page
    assert "für alle sichtbar" in page
    ranger.post(f"{ADD}/{identity}/withdraw", data={"trail": "stadtwald"})
    assert kept() == (identity, False)
    with office.database.transaction() as connection:
        entries = [(each.action, each.object) for each in audit.newest(connection, 2)]
    assert entries == [("annotation-withdraw", str(identity)), ("annotation-publish", str(identity))]
    ranger.post(f"{ADD}/{identity}/remove")
    assert "notice=gone" in ranger.post(f"{ADD}/{identity}/publish").headers["location"]
    ranger.post(ADD, data=FEAST | {"public": "true"})
    assert kept()[1]


def test_a_form_with_faults_comes_back_as_it_was_with_a_sentence_each(ranger: httpx.Client, office: Office) -> None:
    bad = FEAST | {"first_day": "2026-02-30", "text": "x" * 201, "place": "3DVB54"}
    answer = ranger.post(ADD, data=bad)
    assert answer.status_code == 422
    assert "„2026-02-30“ ist kein Tag" in answer.text
    assert "Bitte kürzen Sie den Text" in answer.text
    assert 'value="3DVB54" selected' in answer.text
    assert "<details open>" in answer.text
    with office.database.transaction() as connection:
        assert annotation.load(connection) == []


def test_who_may_only_read_sees_annotations_and_no_form(office: Office) -> None:
    hire(office.database, "anna", Role.VIEWER)
    annotate(office.database, MONDAY, MONDAY + timedelta(days=1), "Waldfest <b>")
    viewer = office.signed_in("anna")
    text = viewer.get(PAGE).text
    assert "Waldfest &lt;b&gt;" in text
    assert "Entfernen" not in text
    assert "Anmerkung hinzufügen" not in text
    assert viewer.post(ADD, data=FEAST).status_code == 403
    assert viewer.post(f"{ADD}/1/publish").status_code == 403


def test_the_hours_of_the_day_are_those_of_the_chosen_station(office: Office, ranger: httpx.Client) -> None:
    with office.database.transaction() as connection:
        come, _ = mount(connection)
        (beside,) = mount(connection, BOARDWALK, ["in"])
        for channel, passes in ((come, 6), (beside, 11)):
            connection.execute(
                "INSERT INTO passes_hour (channel, hour, passes, shared, covered_s)"
                " VALUES (%s, (%s::date + time '10:00') AT TIME ZONE 'Europe/Berlin', %s, 0, 3600)",
                [channel, MONDAY, passes],
            )
    first = ranger.get(PAGE).text
    assert '10 bis 11 Uhr</th><td class="right">12,0</td>' in first, "of two channels one is known"
    other = ranger.get(f"{PAGE}?station=R7TZ2H").text
    assert '10 bis 11 Uhr</th><td class="right">11,0</td><td class="right">nicht gezählt</td>' in other


def test_the_rights_of_the_web_service_are_enough_for_all_of_it(office: Office, database_url: str) -> None:
    hire(office.database, "ute", Role.RANGER)
    with office.database.transaction() as connection:
        mount(connection)
    with Database(database_url, role=roles.WEB) as web, open_office(web) as opened:
        served = opened.signed_in("ute")
        assert served.get(f"{PAGE}?compare=last-year&without=true").status_code == 200
        assert served.get(f"{PAGE}/weeks.csv").status_code == 200
        assert served.post(ADD, data=FEAST).status_code == 303
        with web.transaction() as connection:
            (kept,) = annotation.load(connection)
        assert "notice=public" in served.post(f"{ADD}/{kept.id}/publish").headers["location"]
        assert "notice=removed" in served.post(f"{ADD}/{kept.id}/remove").headers["location"]
