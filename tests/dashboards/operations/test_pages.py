"""The operator's page: who gets it, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from dashboards.operations import view
from dashboards.operator_tools import BackupFile, Checkup, ServerCheck
from geodata.conditions.growth import Growth
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.database import Database
from tests.dashboards.machine import BACKUP, Machine
from tests.dashboards.office import Office, hire, open_office, seed

TROUBLE = ServerCheck("broker", ok=False, found="Connection refused <script>", hint="Start the broker.")
WELL = ServerCheck("disk", ok=True, found="12.0 GB free at /srv", hint="")


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def office(database: Database, machine: Machine) -> Iterator[Office]:
    seed(database)
    hire(database, "chef", Role.ADMIN)
    with open_office(database, tools=machine) as opened:
        yield opened


def look(office: Office) -> str:
    return office.signed_in("chef").get("/staff/operations").text


def test_what_is_wrong_is_said_in_words_with_what_it_means_and_escaped(office: Office, machine: Machine) -> None:
    machine.found = Checkup(datetime.now(UTC), [TROUBLE, WELL])
    page = look(office)
    for part in ("1 von 2", "Empfang der Geräte (Broker)", "heben sie auf", "→ Start the broker.", "&lt;script&gt;"):
        assert part in page
    assert machine.begun == [], "fresh enough"


def test_checks_that_are_old_or_missing_are_begun_anew(office: Office, machine: Machine) -> None:
    assert "Das Ergebnis der Prüfungen ist gleich da." in look(office)
    machine.found = Checkup(datetime.now(UTC) - timedelta(minutes=11), [WELL])
    assert "alles in Ordnung, geprüft vor 11" in look(office)
    assert machine.begun == ["checkup", "checkup"]


def test_a_press_makes_a_backup_and_it_can_be_taken_elsewhere(office: Office, machine: Machine) -> None:
    assert "Noch ist keine Sicherung da." in look(office)
    chef = office.signed_in("chef")
    answer = chef.post("/staff/operations/backup")
    assert answer.headers["location"] == "/staff/operations?notice=begun"
    machine.files.append(BackupFile(BACKUP, 3_400_000_000, datetime.now(UTC)))
    page = chef.get("/staff/operations").text
    assert "3,4\u00a0GB" in page
    assert "frisch genug" in page
    download = chef.get(f"/staff/operations/backups/{BACKUP}")
    assert (download.status_code, download.content) == (200, machine.known[BACKUP].read_bytes())
    assert "attachment" in download.headers["content-disposition"]
    assert chef.get("/staff/operations/backups/other.zip").status_code == 404
    with office.database.transaction() as connection:
        told = {entry.action for entry in audit.newest(connection, 9)}
    assert {"backup", "backup-download"} <= told


def test_a_second_press_says_that_one_is_being_written(office: Office, machine: Machine) -> None:
    machine.is_busy = True
    answer = office.signed_in("chef").post("/staff/operations/backup")
    assert answer.headers["location"] == "/staff/operations?notice=busy"


def test_the_admin_of_one_town_does_not_run_the_server(office: Office, machine: Machine) -> None:
    hire(office.database, "anna", Role.ADMIN, town="lemgo")
    anna = office.signed_in("anna")
    answers: list[httpx.Response] = [
        anna.get("/staff/operations"),
        anna.post("/staff/operations/backup"),
        anna.get(f"/staff/operations/backups/{BACKUP}"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "/staff/operations" not in anna.get("/staff/").text
    assert machine.begun == []


def test_a_backup_of_more_than_a_week_ago_is_old(office: Office, machine: Machine) -> None:
    machine.files.append(BackupFile("x.zip", 1, datetime.now(UTC) - view.BACKUP_IS_OLD - timedelta(hours=1)))
    assert "Bitte machen Sie eine neue." in look(office)


@pytest.mark.parametrize(
    ("growth", "sentence"),
    [
        (None, "Wie schnell sie wächst, ist erst nach 14 Tagen zu sagen."),
        (Growth(-5, None), "Sie wächst zurzeit nicht."),
        (Growth(1_000_000, None), "Sie wächst im Monat um etwa 30\u00a0MB; der Platz reicht länger als zwanzig Jahre."),
        (Growth(1e8, date(2031, 5, 1)), "Sie wächst im Monat um etwa 3,0\u00a0GB; der Platz reicht etwa bis 2031."),
        (Growth(1e9, date(2026, 12, 1)), "Der Platz reicht nur noch einen Tag: Bitte schaffen Sie mehr."),
    ],
)
def test_for_how_long_the_disk_is_enough_is_a_sentence(growth: Growth | None, sentence: str) -> None:
    assert view.growth_words(growth, date(2026, 11, 30)).endswith(sentence)
