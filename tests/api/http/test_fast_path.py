"""The fast path answers exactly as the full stack through the router would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import add_fast_path, install
from api.http.caches.etag import Answer
from api.http.compression import Compression
from api.services import Services
from tests.api.app import create_api
from tests.api.conftest import following, served
from tests.api.trail import FIRST, RETIRED, fill
from tests.fixtures.databases.database import Template, copied

PATHS = [
    "/api/v1/trails",
    "/api/v1/trails/wald",
    "/api/v1/trails/nirgends",
    "/api/v1/trails/wald/position",
    "/api/v1/stations",
    f"/api/v1/stations/{FIRST}",
    f"/api/v1/stations/{FIRST.lower()}",
    f"/api/v1/stations/{RETIRED}",
    "/api/v1/stations/ZZZZZZ",
]
NUMBERS = st.sampled_from(
    [
        "8.911",
        "52.05",
        "+8.9",
        " 8.9",
        "8.9 ",
        "8.",
        ".5",
        "1e1",
        "8_9",
        "nan",
        "inf",
        "-0",
        "181",
        "-91",
        "٨",
        "",
        "0x8",
    ]
) | st.floats(-200, 200).map(str)
POINTS = st.sampled_from(["8.911,52.05", "8.911, 52.05", "8.9", "8.9,52,1"]) | st.tuples(NUMBERS, NUMBERS).map(",".join)
BOXES = st.sampled_from(["8.9,52,9,53", "8.912,52.04,8.92,52.06", "9,52,8,53"]) | st.lists(NUMBERS, max_size=5).map(
    ",".join
)
PARAMETERS = (
    st.tuples(st.just("trail"), st.sampled_from(["wald", "nirgends", ""]))
    | st.tuples(st.just("bbox"), BOXES)
    | st.tuples(st.just("near"), POINTS)
    | st.tuples(st.just("radius"), NUMBERS | st.sampled_from(["100", "1000", "1000000", "1000001"]))
    | st.tuples(
        st.just("limit"), NUMBERS | st.sampled_from(["1", "2", "01", "0", "1000", "1001", "+1", " 2", "1_0", "1.0"])
    )
    | st.tuples(st.sampled_from(["lon", "lat"]), NUMBERS)
    | st.tuples(st.just("lang"), st.sampled_from(["de", "en", "de_simple", "fr", ""]))
    | st.tuples(st.just("neer"), NUMBERS)
)
LIKELY = {
    "trail": st.just("wald"),
    "bbox": st.sampled_from(["8.9,52,9,53", "8.912,52.04,8.92,52.06"]),
    "near": st.sampled_from(["8.911,52.05", "8.916,52.052"]),
    "radius": st.sampled_from(["100", "300.5", "1000"]),
    "limit": st.sampled_from(["1", "2", "1000"]),
}
REQUESTS = st.one_of(
    st.tuples(st.sampled_from(PATHS), st.lists(PARAMETERS, max_size=4)),
    st.tuples(st.just(PATHS[4]), st.fixed_dictionaries({}, optional=LIKELY).map(lambda found: list(found.items()))),
    st.tuples(st.just(PATHS[3]), st.tuples(NUMBERS, NUMBERS).map(lambda found: [("lon", found[0]), ("lat", found[1])])),
)
CONDITIONS = st.sampled_from([{}, {"if-none-match": "*"}, {"if-none-match": '"other"'}, {"accept-encoding": "gzip"}])


class StoppedClock:
    """The ages of values are the same both ways."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._now


@pytest.fixture(scope="module")
def both_paths(postgres_server: str, template: Template) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """The interface as it is, and one that always goes through the full stack."""
    with copied(postgres_server, template) as url:
        with psycopg.connect(url) as connection:
            fill(connection)
        clock = StoppedClock()
        with following(url, clock) as ours, following(url, clock) as others:
            fast, full = composed(ours), composed(others)
            add_fast_path(fast, ours)
            with served(fast, ours) as client, served(full, others) as reference:
                yield client, reference


def composed(services: Services) -> FastAPI:
    """The interface without its fast path, and with compression as the web process has it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, services)
    app.add_middleware(Compression)
    return app


@given(asked=REQUESTS, condition=CONDITIONS)
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_fast_path_answers_as_the_full_stack(
    both_paths: tuple[httpx.Client, httpx.Client],
    asked: tuple[str, list[tuple[str, str]]],
    condition: dict[str, str],
) -> None:
    path, query = asked
    address = f"{path}?{urlencode(query)}" if query else path
    ours, reference = (told(client, address, condition) for client in both_paths)
    assert ours == reference
    if ours[0] == 200:
        known = {"if-none-match": dict(ours[1])["etag"], **condition}
        for headers in (known, known, condition):  # the second time it comes as it was kept
            ours, reference = (told(client, address, headers) for client in both_paths)
            assert ours == reference


def told(client: httpx.Client, address: str, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    answer = client.get(address, headers={"accept-encoding": "identity", **headers})
    return answer.status_code, sorted(item for item in answer.headers.items() if item[0] != "date"), answer.content


@pytest.mark.parametrize("query", ["", "?trail=wald", "?near=8.911,52.05&radius=500&limit=2", "?bbox=8.9,52,9,53"])
def test_what_is_plain_needs_no_router(services: Services, query: str) -> None:
    app = create_api(services)
    app.router.routes.clear()
    with served(app, services) as client:
        for path in (f"/api/v1/stations{query}", f"/api/v1/stations/{FIRST}", "/api/v1/trails", "/api/v1/trails/wald"):
            assert client.get(path).status_code == 200, path
        assert client.get("/api/v1/trails/wald/position?lon=8.9&lat=52").status_code == 200
        assert client.get("/api/v1/stations?limit=none").status_code == 404


def test_an_answer_of_the_fast_path_is_counted_under_its_route(client: httpx.Client) -> None:
    client.get(f"/api/v1/stations/{FIRST}")
    expected = 'digitalpfad_http_requests_total{method="GET",route="/api/v1/stations/{code}",status="200"} 1.0'
    assert expected in client.get("/metrics").text


def test_an_answer_is_compressed_once_for_all_who_accept_the_same(services: Services) -> None:
    app = composed(services)
    add_fast_path(app, services)
    with served(app, services) as client:
        first, second = (client.get("/api/v1/stations", headers={"accept-encoding": "gzip"}) for _ in range(2))
        assert first.headers["content-encoding"] == "gzip"
        assert first.json()["numberMatched"] == second.json()["numberMatched"] == 3
        cached = services.answers.get(("stations", None), services.keeper.current.version, unexpected)
        assert list(cached.complete) == [("gzip", False)]
        for odd in range(40):
            client.get("/api/v1/stations", headers={"accept-encoding": f"gzip;q=0.{odd + 1}"})
        assert len(cached.complete) < 20, "who invents headers does not fill the memory"


def unexpected() -> Answer:
    raise AssertionError("it should be there already")
