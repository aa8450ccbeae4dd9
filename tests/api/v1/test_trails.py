"""Trails and places on them."""

from __future__ import annotations

import httpx
import pytest
from pyproj import Geod

from tests.api.trail import FIRST, SECOND, THIRD


def test_all_trails_are_one_feature_collection(client: httpx.Client) -> None:
    answer = client.get("/api/v1/trails")
    assert answer.headers["content-type"] == "application/geo+json"
    (trail,) = answer.json()["features"]
    assert trail["geometry"]["type"] == "LineString"
    assert trail["geometry"]["coordinates"][0] == [8.91, 52.05, 130]
    properties = trail["properties"]
    assert properties["name"] == "Waldpfad"
    assert properties["names"] == {"de": "Waldpfad", "en": "Forest trail"}
    assert properties["municipality"]["name"] == "Lemgo"
    assert properties["stations"] == 3
    assert properties["surveyed"] is False
    assert properties["ascent_m"] == pytest.approx(30)
    lons, lats, _ = zip(*trail["geometry"]["coordinates"], strict=True)
    assert properties["length_m"] == pytest.approx(Geod(ellps="WGS84").line_length(lons, lats), rel=0.001)


def test_one_trail_has_its_texts_in_all_variants(client: httpx.Client) -> None:
    trail = client.get("/api/v1/trails/wald").json()
    assert trail["type"] == "Feature"
    assert trail["properties"]["contents"]["en"] == {"name": "Forest trail", "lead": "Lead", "body": "Text"}


def test_an_unknown_trail_is_a_404_that_names_it(client: httpx.Client) -> None:
    answer = client.get("/api/v1/trails/nirgends")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/api#unknown-trail"
    assert "nirgends" in answer.json()["detail"]


def test_a_position_knows_metres_along_and_off_and_the_stations_around(client: httpx.Client) -> None:
    place = client.get("/api/v1/trails/wald/position?lon=8.913&lat=52.0495").json()
    assert place["geometry"]["coordinates"] == [pytest.approx(8.913, abs=1e-5), pytest.approx(52.05, abs=1e-5)]
    properties = place["properties"]
    assert properties["along_m"] == pytest.approx(205.7, rel=0.005)
    assert properties["off_m"] == pytest.approx(55.6, rel=0.005)
    assert properties["next"]["code"] == SECOND
    assert properties["previous"]["code"] == FIRST
    assert properties["previous"]["distance_m"] == pytest.approx(137.1, rel=0.01)
    assert properties["previous"]["direction_deg"] == pytest.approx(270, abs=2)


def test_on_a_loop_the_first_station_follows_the_last(client: httpx.Client) -> None:
    properties = client.get("/api/v1/trails/wald/position?lon=8.910&lat=52.053").json()["properties"]
    assert properties["previous"]["code"] == THIRD
    assert properties["next"]["code"] == FIRST


def test_from_far_away_the_distance_is_still_true(client: httpx.Client) -> None:
    new_york = (-74.006, 40.713)
    properties = client.get("/api/v1/trails/wald/position?lon=-74.006&lat=40.713").json()["properties"]
    expected = Geod(ellps="WGS84").inv(*new_york, 8.910, 52.052)[2]
    assert properties["off_m"] == pytest.approx(expected, abs=1000)  # the trail is that long


@pytest.mark.parametrize("lonlat", ["-171.09,-52.052", "180,0", "-81.09,0", "0,90", "98.9,0"])
def test_from_anywhere_on_the_earth_the_answer_is_a_number_or_a_clear_refusal(
    client: httpx.Client, lonlat: str
) -> None:
    lon, lat = lonlat.split(",")
    answer = client.get(f"/api/v1/trails/wald/position?lon={lon}&lat={lat}")
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["field"] == "lon, lat"
    else:
        assert 0 < answer.json()["properties"]["off_m"] < 20_004_000
