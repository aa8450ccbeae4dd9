"""The quarantine on the staff pages: narrowed, read again, settled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from geodata.model.staff import Role
from geodata.store.database import Database
from geodata.store.ingest import quarantine
from geodata.store.operations import replay_requests
from tests.dashboards.office import Office, hire, reject
from tests.dashboards.served_as_web import office_as_web, text_of


@pytest.fixture
def office(database: Database, database_url: str) -> Iterator[Office]:
    with office_as_web(database, database_url) as opened:
        reject(database, "pond", b"{", "not JSON", "not-json")
        reject(database, "pond", b"[", "time is 0", "time")
        reject(database, "nobody", b"x", "no such device", "unknown-device")
        yield opened


@pytest.fixture
def anna(office: Office, database: Database) -> httpx.Client:
    hire(database, "anna", Role.RANGER)
    return office.signed_in("anna")


def _entries(answer: httpx.Response) -> list[int]:
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', answer.text)]


def test_entries_are_narrowed_by_device_and_reason(anna: httpx.Client) -> None:
    assert len(_entries(anna.get("/staff/quarantine"))) == 3
    assert len(_entries(anna.get("/staff/quarantine?device=pond"))) == 2
    assert len(_entries(anna.get("/staff/quarantine?device=pond&reason=time"))) == 1
    assert "Uhrzeit nicht lesbar (1)" in text_of(anna.get("/staff/quarantine?device=pond"))


def test_what_is_settled_leaves_the_list_with_a_name_and_comes_back(database: Database, anna: httpx.Client) -> None:
    entry = _entries(anna.get("/staff/quarantine?reason=time"))[0]
    following = {"next": "/staff/quarantine?reason=time"}
    answer = anna.post(f"/staff/quarantine/{entry}/settle", data=following)
    assert answer.headers["location"] == "/staff/quarantine?reason=time&notice=settled"
    assert entry not in _entries(anna.get("/staff/quarantine"))
    assert "erledigt von anna, heute" in text_of(anna.get("/staff/quarantine?settled=1"))
    assert anna.post(f"/staff/quarantine/{entry}/settle").headers["location"].endswith("unchanged")
    with database.transaction() as connection:
        assert quarantine.count_open(connection) == 2
    anna.post(f"/staff/quarantine/{entry}/reopen")
    assert entry in _entries(anna.get("/staff/quarantine"))


def test_a_replay_is_asked_for_once_and_its_progress_is_told(database: Database, anna: httpx.Client) -> None:
    for _ in range(2):
        answer = anna.post("/staff/quarantine/replay?device=pond")
        assert answer.headers["location"] == "/staff/quarantine?device=pond&notice=asked"
    assert "Wird gleich noch einmal gelesen" in text_of(anna.get("/staff/quarantine"))
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM quarantine_replay").fetchone() == (1,)
        asked = replay_requests.oldest(connection)
        assert asked is not None
        assert (asked.device, asked.asked_by, asked.trails) == ("pond", "anna", None)
        replay_requests.begin(connection, asked.id, 5)
        replay_requests.note(connection, asked.id, 2, 7, 1)
    assert "Wird gerade gelesen: 2 von 5." in text_of(anna.get("/staff/quarantine"))


def test_a_ranger_of_one_town_asks_and_settles_for_that_town_alone(office: Office, database: Database) -> None:
    hire(database, "bert", Role.RANGER, town="lemgo")
    bert = office.signed_in("bert")
    bert.post("/staff/quarantine/replay")
    with database.transaction() as connection:
        asked = replay_requests.oldest(connection)
        foreign = next(each for each in quarantine.newest(connection, 9) if each.device == "nobody")
    assert asked is not None
    assert asked.trails == ["stadtwald"]
    assert "no such device" not in bert.get("/staff/quarantine").text
    assert bert.post(f"/staff/quarantine/{foreign.id}/settle").status_code == 404


def test_a_gateway_that_does_not_run_is_said(office: Office, database: Database, anna: httpx.Client) -> None:
    anna.post("/staff/quarantine/replay")
    with database.transaction() as connection:
        connection.execute("UPDATE quarantine_replay SET asked_at = asked_at - interval '5 min'")
    assert "Der Empfangsdienst hat noch nicht begonnen" in text_of(anna.get("/staff/quarantine"))
    assert office.database is not database
