"""Every wrong parameter is named, with what was expected; no path answers an error in another form."""

from __future__ import annotations

import httpx
import pytest

from geodata.vocabulary.languages import VARIANTS
from tests.api.trail import FIRST

STATIONS, SERIES = "/api/v1/stations", f"/api/v1/stations/{FIRST}/series"
POSITION = "/api/v1/trails/wald/position"
RAW = "property=air_temperature&bucket=raw"

WRONG = [
    (STATIONS, "bbox=1,2,3", "bbox"),
    (STATIONS, "bbox=a,b,c,d", "bbox"),
    (STATIONS, "bbox=1,2,3,4,5,6", "bbox"),
    (STATIONS, "bbox=8.94,52,8.9,53", "bbox"),
    (STATIONS, "bbox=170,-10,-170,10", "bbox"),
    (STATIONS, "bbox=8,53,9,52", "bbox"),
    (STATIONS, "bbox=-181,0,0,1", "bbox"),
    (STATIONS, "bbox=0,0,1,91", "bbox"),
    (STATIONS, "bbox=nan,0,1,1", "bbox"),
    (STATIONS, "bbox=", "bbox"),
    (STATIONS, "near=8.9", "near"),
    (STATIONS, "near=inf,52", "near"),
    (STATIONS, "near=8.9,95", "near"),
    (STATIONS, "near=1e999,52", "near"),
    (STATIONS, "near=8.9,52&radius=0", "radius"),
    (STATIONS, "near=8.9,52&radius=-5", "radius"),
    (STATIONS, "near=8.9,52&radius=1000001", "radius"),
    (STATIONS, "near=8.9,52&radius=far", "radius"),
    (STATIONS, "radius=100", "radius"),
    (STATIONS, "limit=0", "limit"),
    (STATIONS, "limit=1001", "limit"),
    (STATIONS, "limit=1000000000", "limit"),
    (STATIONS, "limit=ten", "limit"),
    (STATIONS, "trail=nirgends", "trail"),
    (STATIONS, "neer=8.9,52", "neer"),
    (STATIONS, "limit=1&limit=2", "limit"),
    (f"{STATIONS}/{FIRST}", "lang=eo", "lang"),
    (POSITION, "lat=52", "lon"),
    (POSITION, "lon=8.9", "lat"),
    (POSITION, "lon=181&lat=52", "lon"),
    (POSITION, "lon=8.9&lat=-91", "lat"),
    (POSITION, "lon=nan&lat=52", "lon"),
    (POSITION, "lon=8_9&lat=52", "lon"),
    (POSITION, "lon=8.9&lat=5_2", "lat"),
    (SERIES, "", "property"),
    (SERIES, "property=gold", "property"),
    (SERIES, "property=passes_in_total", "property"),
    (SERIES, f"{RAW}&from=2026-11-31", "from"),
    (SERIES, f"{RAW}&from=2026-11-22T10:00:00", "from"),
    (SERIES, f"{RAW}&from=2026-13-22T10:00:00Z", "from"),
    (SERIES, f"{RAW}&from=1970-01-01T00:00:00Z", "from"),
    (SERIES, f"{RAW}&from=0001-01-01T00:00:00%2B14:00", "from"),
    (SERIES, f"{RAW}&to=yesterday", "to"),
    (SERIES, f"{RAW}&to=9999-12-31T23:59:59-12:00", "to"),
    (SERIES, f"{RAW}&from=2026-11-22T10:00:00Z&to=2026-11-22T10:00:00Z", "from"),
    (SERIES, f"{RAW}&from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z", "from"),
    (SERIES, "property=air_temperature&bucket=hour&from=2020-01-01T00:00:00Z&to=2024-01-01T00:00:00Z", "from"),
    (SERIES, "property=air_temperature&bucket=day&from=2000-01-01T00:00:00Z&to=2024-01-01T00:00:00Z", "from"),
    (SERIES, "property=air_temperature&bucket=week", "bucket"),
    (SERIES, f"{RAW}&format=xlsx", "format"),
    ("/api/v1/live", "stations=x", "stations"),
    ("/api/v1/trails", "lang=de", "lang"),
]


@pytest.mark.parametrize(("path", "query", "field"), WRONG)
def test_a_wrong_parameter_is_named_with_what_was_expected(
    shared_client: httpx.Client, path: str, query: str, field: str
) -> None:
    answer = shared_client.get(f"{path}?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert [part["field"] for part in problem["errors"]] == [field]
    assert problem["errors"][0]["expected"]
    assert field in problem["detail"]
    assert (problem["type"], problem["status"], problem["instance"]) == ("/api#invalid-parameter", 422, path)


def test_every_variant_is_a_language_that_may_be_asked_for(shared_client: httpx.Client) -> None:
    for variant in VARIANTS:
        assert shared_client.get(f"{STATIONS}/{FIRST}?lang={variant}").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", [STATIONS, "/api/v1/trails", SERIES, "/api/v1/live", "/healthz", "/readyz", "/metrics"]
)
def test_unsafe_methods_are_refused(shared_client: httpx.Client, method: str, path: str) -> None:
    answer = shared_client.request(method, path, json={"a": 1})
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v2", "/api/v1/trails/wald/nothing", "/api/v1/live?station=ZZZZZZ"]
)
def test_what_is_not_there_is_a_problem_too(shared_client: httpx.Client, path: str) -> None:
    answer = shared_client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_a_body_on_get_is_ignored(shared_client: httpx.Client) -> None:
    assert shared_client.request("GET", STATIONS, content=b"{" * 100_000).status_code == 200


def test_a_long_value_is_cut_in_the_problem(shared_client: httpx.Client) -> None:
    answer = shared_client.get(STATIONS, params={"bbox": "9" * 5000})
    assert len(answer.content) < 1000


def test_a_missing_parameter_is_called_missing_in_whole_sentences(shared_client: httpx.Client) -> None:
    problem = shared_client.get(f"{POSITION}?lat=52").json()
    assert problem["detail"] == "lon is missing, expected a value. Add lon=… to the address."


def test_the_parameters_that_exist_are_each_named_once(shared_client: httpx.Client) -> None:
    detail = shared_client.get(f"{STATIONS}?neer=8.9,52").json()["detail"]
    assert detail.count("near") == 1
