"""Stations: lists, search and details."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from api.services import Services
from tests.api.conftest import Clock
from tests.api.trail import FIRST, PLACES, RETIRED, SECOND, THIRD, observe
from tests.fixtures.process.waiting import wait_until


def codes(client: httpx.Client, query: str) -> list[str]:
    answer = client.get(f"/api/v1/stations{query}")
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def latest(client: httpx.Client, code: str) -> list[dict]:
    return client.get(f"/api/v1/stations/{code}").json()["properties"]["latest"]


def test_stations_come_in_order_of_number_without_retired_ones(client: httpx.Client) -> None:
    assert codes(client, "") == [FIRST, SECOND, THIRD]


def test_the_limit_cuts_and_the_rest_is_counted(client: httpx.Client) -> None:
    body = client.get("/api/v1/stations?limit=2").json()
    assert (body["numberMatched"], body["numberReturned"], len(body["features"])) == (3, 2, 2)


def test_a_box_includes_its_edges(client: httpx.Client) -> None:
    lon, lat, _ = PLACES[SECOND]
    assert codes(client, f"?bbox={lon},{lat},{lon},{lat}") == [SECOND]
    assert codes(client, "?bbox=0,0,1,1") == []


def test_near_sorts_by_distance_and_tells_it(client: httpx.Client) -> None:
    features = client.get("/api/v1/stations?near=8.911,52.0539").json()["features"]
    assert features[0]["id"] == THIRD
    distances = [feature["properties"]["distance_m"] for feature in features]
    assert distances == sorted(distances)
    assert distances[0] == pytest.approx(11.1, abs=0.1)


def test_a_radius_leaves_out_what_is_farther(client: httpx.Client) -> None:
    assert codes(client, "?near=8.911,52.0539&radius=50") == [THIRD]
    assert codes(client, "?near=8.911,52.0539&radius=50&trail=wald&bbox=0,0,1,1") == []


@pytest.mark.parametrize("spelling", [FIRST, FIRST.lower(), f"{FIRST[:3]}-{FIRST[3:]}"])
def test_a_code_is_read_forgivingly(client: httpx.Client, spelling: str) -> None:
    assert client.get(f"/api/v1/stations/{spelling}").json()["id"] == FIRST


def test_a_mistyped_code_is_a_404_with_did_you_mean(client: httpx.Client) -> None:
    wrong = ("2" if FIRST[0] != "2" else "3") + FIRST[1:]
    answer = client.get(f"/api/v1/stations/{wrong}")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/api#unknown-station"
    assert answer.json()["did_you_mean"] == [FIRST]


def test_a_404_of_which_no_code_is_near_has_no_empty_did_you_mean(client: httpx.Client) -> None:
    for path in ("/api/v1/stations/ZZZZZZ", "/api/v1/trails/nowhere"):
        answer = client.get(path)
        assert (answer.status_code, "did_you_mean" in answer.json()) == (404, False), path


def test_a_station_speaks_the_language_asked_for(client: httpx.Client) -> None:
    properties = client.get(f"/api/v1/stations/{FIRST}?lang=en").json()["properties"]
    assert properties["content"]["title"] == "Well"
    assert (properties["content"]["variant"], properties["content"]["lang"]) == ("en", "en")
    assert properties["available_variants"] == ["de", "de_simple", "en"]


def test_a_missing_language_falls_back_to_german_and_says_so(client: httpx.Client) -> None:
    content = client.get(f"/api/v1/stations/{SECOND}?lang=en").json()["properties"]["content"]
    assert (content["variant"], content["lang"], content["title"]) == ("de", "de", "Halt 2")


def test_a_station_knows_its_neighbours_around_the_loop(client: httpx.Client) -> None:
    properties = client.get(f"/api/v1/stations/{FIRST}").json()["properties"]
    assert properties["next"]["code"] == SECOND
    assert properties["previous"]["code"] == THIRD
    assert properties["closures"] == []
    assert properties["notices"] == []


def test_a_retired_station_answers_with_its_text_and_the_nearest_live_one(client: httpx.Client) -> None:
    answer = client.get(f"/api/v1/stations/{RETIRED}")
    assert answer.status_code == 200
    properties = answer.json()["properties"]
    assert properties["content"]["title"] == "Halt 9"
    assert properties["retired_at"] == "2025-03-01T00:00:00Z"
    assert properties["nearest"]["code"] == FIRST
    assert properties["nearest"]["distance_m"] == pytest.approx(137.2, abs=0.5)


def test_an_observation_of_another_connection_shows_within_a_second(client: httpx.Client, filled_url: str) -> None:
    now = datetime.now(UTC)
    assert latest(client, FIRST) == []
    with psycopg.connect(filled_url) as connection:
        observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
    wait_until(lambda: latest(client, FIRST), timeout=1)
    (value,) = latest(client, FIRST)
    assert value["value"] == 7.4
    assert value["label"] == "Lufttemperatur"
    assert value["quality"] == "ok"
    assert value["stale"] is False
    assert value["age_s"] <= 2
    assert value["measured_at"] == now.isoformat().replace("+00:00", "Z")


def test_a_changed_text_shows_within_a_second(client: httpx.Client, filled_url: str) -> None:
    path = f"/api/v1/stations/{FIRST}"
    assert client.get(path).json()["properties"]["content"]["title"] == "Halt 1"
    with psycopg.connect(filled_url) as connection:
        connection.execute("UPDATE station_content SET title = 'Neu' WHERE station = %s AND variant = 'de'", [FIRST])
    wait_until(lambda: client.get(path).json()["properties"]["content"]["title"] == "Neu", timeout=1)
    assert client.get("/api/v1/stations").json()["features"][0]["properties"]["title"] == "Neu"


@pytest.mark.parametrize(("value", "quality", "name"), [(999.25, 1, "suspect"), (None, 2, "missing")])
def test_a_flagged_value_is_never_shown_as_a_number(
    client: httpx.Client, filled_url: str, value: float | None, quality: int, name: str
) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(filled_url) as connection:
        observe(connection, "klima-1", "air_temperature", [(now, value)], now=now, quality=quality)
    wait_until(lambda: latest(client, FIRST))
    answer = client.get(f"/api/v1/stations/{FIRST}")
    assert answer.json()["properties"]["latest"][0]["quality"] == name
    assert answer.json()["properties"]["latest"][0]["value"] is None
    assert "999.25" not in answer.text


@pytest.mark.parametrize(
    ("code", "device", "prop", "fresh_s", "stale_s"),
    [(FIRST, "klima-1", "air_temperature", 1150, 1215), (SECOND, "boden-2", "soil_moisture", 285, 315)],
)
def test_a_value_is_hidden_after_two_intervals_but_not_before_five_minutes(
    client: httpx.Client, filled_url: str, clock: Clock, code: str, device: str, prop: str, fresh_s: int, stale_s: int
) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(filled_url) as connection:
        observe(connection, device, prop, [(now, 20.5)], now=now)
    wait_until(lambda: latest(client, code))
    clock.ahead = timedelta(seconds=fresh_s)
    assert [(value["value"], value["stale"]) for value in latest(client, code)] == [(20.5, False)]
    clock.ahead = timedelta(seconds=stale_s)
    assert [(value["value"], value["stale"]) for value in latest(client, code)] == [(None, True)]


def test_running_totals_of_people_are_shown_nowhere(client: httpx.Client, filled_url: str) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(filled_url) as connection:
        observe(connection, "zaehler-1", "passes_in_total", [(now, 5120)], now=now)
        observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
    wait_until(lambda: latest(client, FIRST))
    assert "passes" not in client.get(f"/api/v1/stations/{FIRST}").text
    answer = client.get(f"/api/v1/stations/{FIRST}/series?property=passes_in_total&bucket=raw")
    assert answer.status_code == 422
    assert "5120" not in answer.text


@pytest.mark.parametrize(
    ("unit", "kind", "shown"),
    [
        ("1", "increment", False),
        ("{passes}", "increment", False),
        ("{persons}/h", "increment", False),
        ("1", "running_total", False),
        ("m3", "running_total", False),
        ("mm", "increment", True),
        ("1", "gauge", True),
    ],
)
def test_a_count_is_public_nowhere_row_by_row_whatever_a_town_calls_it(
    client: httpx.Client, services: Services, filled_url: str, unit: str, kind: str, shown: bool
) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(filled_url) as connection:
        connection.execute(
            "INSERT INTO observed_property (id, unit, kind, minimum, maximum, label_de, label_en, decimals)"
            " VALUES ('people', %s, %s, 0, 9999, 'Leute', 'People', 0)",
            [unit, kind],
        )
    with psycopg.connect(filled_url) as connection:
        observe(connection, "zaehler-1", "people", [(now - timedelta(minutes=10), 4711), (now, 4712)], now=now)
        observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
    keeper = services.keeper

    def known() -> bool:
        streams = [one.id for one in keeper.current.catalogue.datastreams.values() if one.observed_property == "people"]
        return bool(streams and keeper.latest(streams[0]))

    wait_until(known)
    wait_until(lambda: latest(client, FIRST))
    series = [f"/api/v1/stations/{FIRST}/series?property=people&bucket={one}" for one in ("raw", "hour", "day")]
    answers = [client.get(path) for path in [*series, f"{series[0]}&format=csv"]]
    assert {answer.status_code for answer in answers} == {200 if shown else 422}
    everything = [*answers, client.get(f"/api/v1/stations/{FIRST}"), client.get("/api/v1/stations")]
    assert any("4712" in answer.text for answer in everything) is shown


def test_a_value_of_a_revoked_device_is_not_shown(client: httpx.Client, filled_url: str) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(filled_url) as connection:
        observe(connection, "alt-1", "air_temperature", [(now, 3.0)], now=now)
        observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
    wait_until(lambda: latest(client, FIRST))
    assert [value["device"] for value in latest(client, FIRST)] == ["klima-1"]
