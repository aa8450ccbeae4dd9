"""`digitalpfad up --demo`: simulator → NATS → gateway → PostgreSQL → page, with nothing replaced."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.conftest import System
from tests.fixtures.process.waiting import wait_until

pytestmark = pytest.mark.timeout(240)


def live_values(system: System, code: str) -> list[dict[str, Any]]:
    latest = system.json(f"/api/v1/stations/{code}")["properties"]["latest"]
    return [one for one in latest if one["value"] is not None and one["age_s"] < 60]


def station_with(system: System, number: int) -> str:
    stations = system.json("/api/v1/stations?trail=stadtwald")["features"]
    return next(one["properties"]["code"] for one in stations if one["properties"]["number"] == number)


@pytest.fixture(scope="module")
def foreign(system: System) -> dict[str, str]:
    """A device that the operator has just added at station 5."""
    answer = system.run("device", "add", "werkstatt-1", "--station", station_with(system, 5), "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_a_station_shows_a_value_younger_than_a_minute(system: System) -> None:
    code = station_with(system, 4)
    wait_until(lambda: live_values(system, code), 60, "a live value at the ponds")

    page = system.get(f"/s/{code}?lang=de")

    assert re.search(r"gerade eben|vor (\d+ Sekunden|einer Minute|1 Minute)", page)
    assert "Försterteiche" in page


def test_the_value_of_a_foreign_device_is_on_the_page_and_in_the_series_within_two_seconds(
    system: System, foreign: dict[str, str]
) -> None:
    code = station_with(system, 5)
    now = datetime.now(UTC).isoformat()
    message = json.dumps({"time": now, "values": {"soil_temperature": 3.75}})

    # the broker reads its users again within seconds of `device add`
    wait_until(lambda: system.publish("werkstatt-1", foreign["password"], message), 10, "the new device's login")

    def series() -> list[Any]:
        answer = system.json(f"/api/v1/stations/{code}/series?property=soil_temperature&bucket=raw")
        return [one for one in answer["series"] if one["device"] == "werkstatt-1" and "3.75" in json.dumps(one)]

    wait_until(series, 2, "the value in the series")
    wait_until(lambda: "3,8" in system.get(f"/s/{code}?lang=de") or "3,75" in system.get(f"/s/{code}?lang=de"), 2)


def test_rubbish_is_kept_with_a_reason_and_the_good_part_of_its_message_is_stored(
    system: System, foreign: dict[str, str]
) -> None:
    now = datetime.now(UTC).isoformat()
    half_good = json.dumps({"time": now, "values": {"flux": 1, "air_humidity": 81}})
    assert system.publish("werkstatt-1", foreign["password"], "this is no JSON")
    assert system.publish("werkstatt-1", foreign["password"], half_good)

    def entries() -> dict[str, str]:
        answer = system.run("quarantine", "list", "--device", "werkstatt-1", "--json")
        return {one["reason"]: one["detail"] for one in json.loads(answer.stdout)}

    wait_until(lambda: {"not-json", "unknown-property"} <= entries().keys(), 10, "both reasons")
    assert "flux" in entries()["unknown-property"]
    code = station_with(system, 5)
    stored = system.json(f"/api/v1/stations/{code}/series?property=air_humidity&bucket=raw")
    assert any(one["device"] == "werkstatt-1" for one in stored["series"])


def test_the_books_balance(system: System) -> None:
    counters = dict(
        re.findall(r"^digitalpfad_ingest_(\w+)\{[^}]*\} ([0-9.e+]+)$", system.get("/metrics"), re.MULTILINE)
    )
    parts = {name: float(value) for name, value in counters.items()}
    assert parts["received"] > 0
    assert parts["received"] == parts["stored"] + parts["duplicates"] + parts["quarantined"]


def test_a_second_start_beside_the_first_gives_one_sentence(system: System) -> None:
    assert system.process is not None
    answer = system.run("up", "--port", "1")
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert str(system.process.pid) in answer.stderr


def test_doctor_finds_nothing_wrong_in_a_running_system(system: System) -> None:
    answer = system.run("doctor", "--json")
    assert answer.returncode == 0, answer.stdout
    assert all(finding["ok"] for finding in json.loads(answer.stdout))
