"""Staff count people by hand beside a counter, on the spot or from paper, and see what its factor is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.counting import sessions
from geodata.store.database import Database
from tests.dashboards.office import Office, hire, observe

PAGE = "/staff/counting/counter"
NOW = datetime.now(UTC).replace(second=0, microsecond=0)
BEGIN = NOW - timedelta(hours=2)


@pytest.fixture
def office(office: Office) -> Office:
    """With a counter at the entrance that counts four of five, ways in and out, and a ranger."""
    mount(office.database)
    hire(office.database, "ute", Role.RANGER)
    return office


def mount(database: Database) -> None:
    """Reports of the last three hours, every five minutes, of a counter that hangs there since."""
    for minute in range(0, 181, 5):
        at = NOW - timedelta(minutes=180 - minute)
        observe(database, "counter", at, passes_in_total=0.8 * minute, passes_out_total=0.4 * minute)
    with database.transaction() as connection:
        connection.execute("UPDATE device SET interval_s = 300 WHERE id = 'counter'")
        connection.execute(
            "WITH mounting AS (INSERT INTO counter_mounting (device, trail, station)"
            " VALUES ('counter', 'stadtwald', 'K7YNX0') RETURNING id)"
            " INSERT INTO counter_channel (mounting, direction, total) SELECT mounting.id,"
            " CASE observed_property WHEN 'passes_in_total' THEN 'in' ELSE 'out' END, datastream.id"
            " FROM mounting, datastream WHERE device = 'counter' AND observed_property LIKE 'passes%'"
        )


def from_phone(begin: datetime = BEGIN, minutes: int = 40, **other: str) -> dict[str, str]:
    """What the script sends."""
    ended = begin + timedelta(minutes=minutes)
    return {
        "id": str(uuid4()), "started": begin.isoformat(), "ended": ended.isoformat(), "seen_in": str(minutes),
        "seen_out": str(minutes // 2), "note": "sonnig", **other,
    }  # fmt: skip


def test_a_session_from_the_phone_is_kept_once_and_written_down(office: Office) -> None:
    ranger, sent = office.signed_in("ute"), from_phone()
    first, again = ranger.post(PAGE, data=sent), ranger.post(PAGE, data=sent)
    assert (first.status_code, first.headers["location"]) == (303, f"{PAGE}?notice=saved")
    assert (again.status_code, again.headers["location"]) == (303, f"{PAGE}?notice=there")
    with office.database.transaction() as connection:
        (session,) = sessions.of_device(connection, "counter")
        entry = audit.newest(connection, 1)[0]
    assert (session.counted_by, session.note) == ("ute", "sonnig")
    assert [(each.seen, each.counted) for each in session.tallies] == [(40, pytest.approx(32)), (20, pytest.approx(16))]
    assert (entry.actor, entry.action, entry.object) == ("ute", "count-session-add", f"counter {sent['id']}")
    page = ranger.get(first.headers["location"]).text
    for part in ("Danke, die Zählung ist gespeichert.", "Hinein: 40 gesehen, 32 gezählt", "sonnig"):
        assert part in page


def test_the_list_says_each_factor_with_its_interval_and_what_more_would_help(office: Office) -> None:
    ranger = office.signed_in("ute")
    page = ranger.get("/staff/counting").text
    assert "Station 1 · Unter den Eichen" in page
    assert page.count("noch kein Faktor") == 3
    assert "Noch 5 Zählungen, dann ist der Faktor viel genauer." in page
    for number in range(5):
        ranger.post(PAGE, data=from_phone(NOW - timedelta(minutes=160 - 30 * number), 30))
    page = ranger.get("/staff/counting").text
    assert re.search(r"Hinein</dt>\s*<dd><strong>×\u00a01,25 \(1,\d\d–1,\d\d\)</strong>", page)
    assert "5 Zählungen, 150 Durchgänge" in page
    assert "5 Zählungen, 225 Durchgänge" in page


def test_a_counter_that_was_taken_down_is_listed_with_its_last_day(office: Office) -> None:
    with office.database.transaction() as connection:
        connection.execute("UPDATE counter_mounting SET ends_at = '2026-11-03T23:30Z'")
    page = " ".join(office.signed_in("ute").get("/staff/counting").text.split())
    assert "Abgenommene Zähler" in page
    assert "hing bis 4. November 2026 bei Station 1 · Unter den Eichen" in page
    assert "Zählung beginnen" not in page
    assert "Es hängt kein Zähler" not in page


def test_a_session_from_paper_is_on_the_clock_of_the_town(office: Office) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin, end = (BEGIN + timedelta(minutes=minutes) for minutes in (0, 40))
    fields = {
        "id": str(uuid4()), "day": f"{begin.astimezone(zone):%Y-%m-%d}", "begin": f"{begin.astimezone(zone):%H:%M}",
        "end": f"{end.astimezone(zone):%H:%M}", "seen_in": "38", "seen_out": "0", "note": "",
    }  # fmt: skip
    assert office.signed_in("ute").post(PAGE, data=fields).status_code == 303
    with office.database.transaction() as connection:
        (session,) = sessions.of_device(connection, "counter")
    assert (session.started_at, session.ended_at) == (begin, end), "also past midnight"
    assert session.slices == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seen_in": "30000"}, "Personen: 30000 – erwartet: höchstens 9.600 in dieser Zeit."),
        ({"seen_in": "zwei"}, "Personen: „zwei“. Bitte geben Sie eine ganze Zahl ein"),
        ({"started": "gestern"}, "Zeit: „gestern“. Bitte geben Sie Tag, Beginn und Ende ein"),
        ({"started": "2026-05-02T10:00"}, "Zeit: „2026-05-02T10:00“. Bitte"),
        ({"id": "7"}, "Bitte laden Sie die Seite neu"),
        ({"slice": "in heute 3"}, "Viertelstunde: „in heute 3“. Bitte"),
        ({"slice": "auf 1779100200 3"}, "Viertelstunde: „auf 1779100200 3“. Bitte"),
        ({"note": "x" * 501}, "höchstens 500 Zeichen"),
        ({"note": "a\u202eb"}, "unsichtbare Zeichen"),
        ({"started": "", "day": "2026-13-01", "begin": "8:00", "end": "9:00"}, "Zeit: „2026-13-01 8:00“. Bitte"),
        ({"started": ""}, "Zeit: „“. Bitte geben Sie Tag"),
        (
            {"ended": (BEGIN + timedelta(minutes=2)).isoformat()},
            "Dauer der Zählung: 2 Minuten – erwartet: mindestens 10",
        ),
    ],
)
def test_what_cannot_be_kept_is_said_in_german_and_stays_in_the_form(
    office: Office, fields: dict[str, str], sentence: str
) -> None:
    answer = office.signed_in("ute").post(PAGE, data=from_phone(minutes=40) | {"note": "Bitte prüfen"} | fields)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert "note" in fields or "Bitte prüfen" in answer.text
    with office.database.transaction() as connection:
        assert sessions.of_device(connection, "counter") == []


def test_a_session_in_which_somebody_lost_count_is_deleted(office: Office) -> None:
    ranger, sent = office.signed_in("ute"), from_phone()
    ranger.post(PAGE, data=sent)
    answer = ranger.post(f"{PAGE}/{sent['id']}/delete")
    assert answer.headers["location"] == f"{PAGE}?notice=deleted"
    with office.database.transaction() as connection:
        assert sessions.of_device(connection, "counter") == []
        assert audit.newest(connection, 1)[0].action == "count-session-delete"
    assert ranger.post(f"{PAGE}/{sent['id']}/delete").status_code == 404


def test_a_viewer_sees_factors_and_counts_nothing(office: Office) -> None:
    hire(office.database, "vera", Role.VIEWER)
    viewer = office.signed_in("vera")
    assert "Zählung beginnen" not in viewer.get("/staff/counting").text
    assert viewer.get(PAGE).status_code == 403
    assert viewer.post(PAGE, data=from_phone()).status_code == 403


def test_a_device_that_hangs_nowhere_as_a_counter_has_no_page(office: Office) -> None:
    ranger = office.signed_in("ute")
    assert ranger.get("/staff/counting/pond").status_code == 404
    assert ranger.post("/staff/counting/pond", data=from_phone()).status_code == 404


def test_a_note_never_becomes_code(office: Office) -> None:
    ranger = office.signed_in("ute")
    ranger.post(PAGE, data=from_phone(note="<script>alert(1)</script>"))
    assert "<script>alert" not in ranger.get(PAGE).text
