"""The start page: what is closed, what is to be done, all trails at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from geodata.conditions.closures import Closure, ClosureContent
from geodata.model.staff import Role
from geodata.store.catalogue import closure
from geodata.store.database import Database
from tests.dashboards.access.test_municipalities import settle
from tests.dashboards.office import Office, hire, observe, reject
from tests.dashboards.served_as_web import office_as_web, text_of
from tests.fixtures.process.waiting import wait_until

NOW = datetime.now(UTC)


@pytest.fixture
def office(database: Database, database_url: str) -> Iterator[Office]:
    with office_as_web(database, database_url) as opened:
        yield opened


@pytest.fixture
def anna(office: Office, database: Database) -> httpx.Client:
    hire(database, "anna", Role.RANGER)
    return office.signed_in("anna")


def _close(office: Office, database: Database, since: datetime) -> int:
    contents = {"de": ClosureContent(variant="de", reason="Ein Baum liegt quer.")}
    with database.transaction() as connection:
        number = closure.add(connection, Closure(trail="stadtwald", valid_from=since, contents=contents))
        connection.execute("UPDATE closure SET updated_at = valid_from")
    wait_until(lambda: office.keeper.current.closures_of_trail.get("stadtwald"), 10, "the closure")
    return number


def test_what_is_closed_stands_first_and_is_opened_by_a_press(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    number = _close(office, database, NOW - timedelta(days=1))
    text = text_of(anna.get("/staff/"))
    assert "Stadtwald: der ganze Weg ist gesperrt seit gestern" in text
    assert "Ein Baum liegt quer." in text
    assert text.index("Gesperrt") < text.index("Gezählt, letzte Woche")
    assert "Ist der Weg noch gesperrt?" not in text
    answer = anna.post(f"/staff/closures/{number}/open-again", data={"next": "/staff/?trail=stadtwald"})
    assert answer.headers["location"] == "/staff/?trail=stadtwald&notice=opened"
    assert "Ein Baum liegt quer." not in text_of(anna.get("/staff/")), "at once, before the snapshot knows"
    assert anna.post(f"/staff/closures/{number}/open-again").headers["location"].endswith("closure-gone")


def test_an_open_end_is_asked_about_after_three_days_and_again_after_three_more(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    number = _close(office, database, NOW - timedelta(days=5))
    assert "Ist der Weg noch gesperrt? Ja, noch gesperrt Nein, wieder öffnen" in text_of(anna.get("/staff/"))
    assert anna.post(f"/staff/closures/{number}/confirm").headers["location"] == "/staff/?notice=still-closed"
    assert "Ist der Weg noch gesperrt?" not in text_of(anna.get("/staff/"))
    office.clock.ahead = timedelta(days=3, minutes=1)
    assert "Ist der Weg noch gesperrt?" in text_of(office.signed_in("anna").get("/staff/"))


def test_a_viewer_reads_of_a_closure_and_has_no_button(office: Office, database: Database) -> None:
    _close(office, database, NOW - timedelta(days=5))
    hire(database, "vera", Role.VIEWER)
    page = office.signed_in("vera").get("/staff/").text
    assert "Ein Baum liegt quer." in page
    assert "open-again" not in page


def test_all_trails_are_shown_where_there_are_several_and_each_counts_what_the_person_sees(
    office: Office, database: Database
) -> None:
    settle(database)
    hire(database, "chef", Role.ADMIN)
    hire(database, "bert", Role.ADMIN, town="lemgo")
    wait_until(lambda: "steinberg" in office.keeper.current.listed, 10, "the second trail")
    chef, bert = office.signed_in("chef"), office.signed_in("bert")
    whole = chef.get("/staff/").text
    assert set(re.findall(r'id="trail-([\w-]+)"', whole)) == {"stadtwald", "steinberg"}
    assert 'hx-sse:connect="/staff/live"' in whole
    assert "Alle Pfade · heute" in text_of(chef.get("/staff/"))
    assert "steinberg" not in bert.get("/staff/").text
    assert "Stadtwald · heute" in text_of(bert.get("/staff/")), "of one trail it is that one"


def test_devices_that_fell_silent_together_are_one_task(office: Office, database: Database, anna: httpx.Client) -> None:
    for number, device in enumerate(("counter", "pond", "soil")):
        observe(database, device, NOW - timedelta(hours=5, minutes=number), battery_level=80)
    observe(database, "boardwalk", datetime.now(UTC), battery_level=80)
    wait_until(lambda: office.keeper.current.datastreams_of_device.get("boardwalk"), 10, "the series")
    page = anna.get("/staff/")
    assert "3 Geräte schweigen seit" in text_of(page)
    assert re.findall(r'id="task-([\w-]+)"', page.text) == ["cause-soil"]


def test_tasks_stand_in_order_of_urgency_with_their_buttons(office: Office, database: Database) -> None:
    hire(database, "anna", Role.RANGER)
    anna = office.signed_in("anna")
    reject(database, "pond", b"{")
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO report (id, kind, municipality, trail, text)"
            " VALUES (gen_random_uuid(), 'tree', 'lemgo', 'stadtwald', 'Baum')"
        )
        connection.execute("INSERT INTO sign_case (station, reason, opened_at) VALUES ('K7YNX0', 'reported', now())")
    tasks = re.findall(r'id="task-([\w-]+)"', anna.get("/staff/").text)
    assert tasks[0] == "reports"
    assert tasks[-2:] == ["signs", "quarantine"]
    assert set(tasks[1:-2]) == {"counter", "pond", "soil", "boardwalk"}


def test_a_running_total_is_no_value_and_what_passed_today_is(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    observe(database, "counter", datetime.now(UTC), passes_in_total=5120)
    wait_until(lambda: office.keeper.current.datastreams_of_device.get("counter"), 10, "the series")
    assert "5.120" not in text_of(anna.get("/staff/"))
    with database.transaction() as connection:
        connection.execute(
            "WITH hung AS (INSERT INTO counter_mounting (device, trail) VALUES ('counter', 'stadtwald') RETURNING id),"
            " channel AS (INSERT INTO counter_channel (mounting, direction, total)"
            " SELECT hung.id, 'in', datastream.id FROM hung, datastream WHERE device = 'counter' RETURNING id)"
            " INSERT INTO passes_hour (channel, hour, passes, shared, covered_s, flags)"
            " SELECT id, date_trunc('hour', now()), 37, 0, 600, 0 FROM channel"
        )
    assert "37 Durchgänge heute" in text_of(anna.get("/staff/"))
