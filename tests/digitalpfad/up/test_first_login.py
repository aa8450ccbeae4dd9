"""No default accounts: the one login that `up` makes has a password that is good once and for seven days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.up import first_data
from geodata.bundle.folder import DEMONSTRATION
from geodata.model.staff import Role
from geodata.store.access import audit, staff
from geodata.store.database import Database
from geodata.store.ingest import intervals
from geodata.vocabulary.audit import Action
from tests.dashboards.office import Office, open_office, seed

NEW = "sieben Enten auf dem Teich"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    seed(database)
    with open_office(database) as opened:
        yield opened


def people(database: Database) -> list[tuple[str, Role, bool]]:
    with database.transaction() as connection:
        return [(one.name, one.grants[0].role, one.one_time) for one in staff.entries(connection)]


def told(database: Database) -> list[tuple[str, str]]:
    with database.transaction() as connection:
        return [(one.action, one.object) for one in reversed(audit.newest(connection, 100))]


def generated(database: Database, data: DataDir) -> str:
    name, shown = first_data.staff_login(database, data)
    assert name == "admin"
    return shown.split()[0]


def test_a_fresh_installation_has_nobody_until_up_makes_its_one_time_login(database: Database, data: DataDir) -> None:
    assert people(database) == []
    password = generated(database, data)
    assert people(database) == [("admin", Role.ADMIN, True)]
    assert len(password.replace("-", "")) == 16, "78 bit"
    assert generated(database, data) == password, "shown until it was used"
    assert told(database) == [(Action.STAFF_ADD, "admin (admin)")]


def test_a_used_one_time_password_cannot_be_used_again(office: Office, data: DataDir) -> None:
    password = generated(office.database, data)
    visitor = office.signed_in("admin", password)
    assert visitor.get("/staff/").headers["location"] == "/staff/account", "it opens nothing but its replacement"
    changed = visitor.post("/staff/account/password", data={"current": password, "new": NEW, "again": NEW})
    assert changed.status_code == 303
    again = office.visitor().post("/staff/login", data={"name": "admin", "password": password})
    assert again.status_code == 401
    assert first_data.staff_login(office.database, data) == ("with your login", ""), "nor is it shown again"
    assert data.read("staff-login") is None


def test_a_one_time_password_that_nobody_used_expires_and_is_replaced(office: Office, data: DataDir) -> None:
    password = generated(office.database, data)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff SET password_set_at = now() - interval '7 days 1 minute'")
    late = office.visitor().post("/staff/login", data={"name": "admin", "password": password})
    assert late.status_code == 401
    assert "abgelaufen" in late.text
    fresh = generated(office.database, data)
    assert fresh != password
    assert office.signed_in("admin", fresh).get("/staff/").status_code == 303
    assert (Action.STAFF_RESET, "admin") in told(office.database)


def test_what_up_sets_up_for_the_demonstration_is_written_down(database: Database, data: DataDir) -> None:
    first_data.load_demonstration(database)
    file = first_data.simulator_credentials(database, data)
    devices = json.loads(file.read_text())
    assert told(database) == [
        (Action.TRAIL_IMPORT, DEMONSTRATION),
        *((Action.DEVICE_PASSWORD, device) for device in devices),
    ]
    first_data.load_demonstration(database)
    first_data.simulator_credentials(database, data)
    assert len(told(database)) == 1 + len(devices), "a second start changes nothing"


def test_the_years_of_the_demonstration_have_reports_of_each_hour_until_its_devices_say_otherwise(
    database: Database,
) -> None:
    first_data.load_demonstration(database, years=True)
    now = datetime.now(UTC)
    with database.transaction() as connection:
        intervals.said(connection, "zaehler-01", now, 60)
    first_data.load_demonstration(database, years=True)
    with database.transaction() as connection:
        kept = connection.execute(
            "SELECT since < %s - interval '1 hour', interval_s FROM device_interval"
            " WHERE device = 'zaehler-01' ORDER BY since",
            [now],
        ).fetchall()
    assert kept == [(True, 3600), (False, 60)]
