"""What asks for too much is refused at once, in few words, and none of them are the asker's own at length."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from structlog.testing import capture_logs

from api.http.server import BoundedServer
from api.limits.connections import Bounds, Connections
from digitalpfad.config.model import Settings
from digitalpfad.process import web
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS
from tests.fixtures.web.serving import serve

STATIONS = "/api/v1/stations"
SERIES = f"{STATIONS}/{PONDS}/series?property=air_temperature&bucket="
LONG = "x" * 20_000
FORM = "application/x-www-form-urlencoded"


@contextmanager
def serving(database_url: str) -> Generator[httpx.Client]:
    """A visitor of a whole web process."""
    connections = Connections(Bounds())
    process = web.create(Settings.model_validate({"database_url": url_of(database_url)}), connections)
    config = uvicorn.Config(process.app, port=0, log_level="critical")
    server = BoundedServer(config, process.end_streams, connections=connections)
    with serve(server, process.end_streams) as served:
        url = f"http://127.0.0.1:{served.port}"
        with httpx.Client(base_url=url, timeout=20, headers={"Origin": url}) as client:
            wait_until(lambda: client.get("/readyz").status_code == 200, what="its readiness")
            yield client


@pytest.fixture
def site(demo_trail: None, database_url: str) -> Iterator[httpx.Client]:
    with serving(database_url) as client:
        yield client


REFUSED: list[tuple[int, str, str, dict[str, Any]]] = [
    (422, "GET", f"{STATIONS}?limit=1000000000", {}),
    (422, "GET", f"{STATIONS}?limit=-1", {}),
    (422, "GET", f"{STATIONS}?limit={'9' * 6000}", {}),
    (422, "GET", f"{STATIONS}?bbox=-1000,-1000,1000,1000", {}),
    (422, "GET", f"{STATIONS}?bbox={'1,' * 9000}1", {}),
    (422, "GET", f"{STATIONS}?near=8.9,52&radius=1000000000", {}),
    (422, "GET", f"{STATIONS}?near=1e308,52", {}),
    (422, "GET", f"{STATIONS}?{LONG}=1", {}),
    (422, "GET", f"{STATIONS}?trail={LONG}", {}),
    (422, "GET", STATIONS + "?" + "&".join(f"a{number}=x" for number in range(3000)), {}),
    (422, "GET", STATIONS + "?" + "limit=1&" * 3000, {}),
    (422, "GET", f"{SERIES}raw&from=2000-01-01&to=2099-12-31", {}),
    (422, "GET", f"{SERIES}hour&from=2000-01-01&to=2099-12-31", {}),
    (422, "GET", f"{SERIES}day&from=2000-01-01&to=2099-12-31", {}),
    (422, "GET", f"{SERIES}{LONG}", {}),
    (422, "GET", f"{STATIONS}/{PONDS}/series?property={LONG}", {}),
    (422, "GET", f"/api/v1/closures?trail={LONG}", {}),
    (422, "GET", f"/api/v1/trails/stadtwald/position?lon={'9' * 9000}&lat=52", {}),
    (404, "GET", f"{STATIONS}/{LONG}", {}),
    (404, "GET", f"/api/v1/{LONG.upper()}", {}),
    (404, "GET", f"/api/v1/trails/{LONG}", {}),
    (404, "GET", f"/api/v1/live?station={LONG}", {}),
    (404, "GET", f"/s/{LONG}", {}),
    (404, "GET", f"/t/{LONG}", {}),
    (404, "GET", f"/media/{LONG}/{LONG[:9000]}", {}),
    (404, "GET", f"/{LONG}", {}),
    (404, "GET", f"/staff/{LONG}", {}),
    (405, "X" * 20, STATIONS, {}),
    (431, "GET", f"{STATIONS}?bbox={LONG * 2}", {}),
    (431, "GET", STATIONS, {"headers": {"Cookie": LONG * 2}}),
    (413, "POST", "/staff/login", {"content": b"x" * 10_000_000, "headers": {"Content-Type": FORM}}),
    (413, "POST", "/staff/login", {"content": iter([b"x" * 65_536] * 160), "headers": {"Content-Type": FORM}}),
    (413, "POST", "/staff/login", {"content": b"x" * 300_000, "headers": {"Content-Type": FORM}}),
    (413, "PUT", STATIONS, {"content": b"x" * 10_000_000}),
    (413, "GET", STATIONS, {"content": b"x" * 10_000_000}),
]


def test_what_asks_for_too_much_is_refused_at_once_and_in_few_words(site: httpx.Client) -> None:
    for status, method, address, more in REFUSED:
        begun = monotonic()
        answer = site.request(method, address, **more)
        what = f"{method} {address[:60]}"
        assert answer.status_code == status or (len(method) == 20 and answer.status_code == 400), (what, answer.text)
        assert monotonic() - begun < 5, what
        said = answer.text + str(answer.headers)
        assert len(said) < 20_000, what
        assert "xxxxx" * 20 not in said.lower(), what


def test_a_code_that_is_typed_at_length_and_an_address_to_come_back_to_are_cut(site: httpx.Client) -> None:
    typed = site.get(f"/s?code={LONG}")
    assert typed.status_code == 303
    assert len(typed.headers["location"]) < 100
    page = site.get(f"/staff/devices?{LONG}", headers={"Accept": "text/html"})
    assert page.headers["location"] == "/staff/login"
    assert LONG[:1000] not in site.get(f"/staff/login?next=/staff/{LONG}").text


def test_a_form_in_an_encoding_of_the_senders_choice_has_no_fields(site: httpx.Client) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nanna\r\n--b--\r\n'
    for encoding in ("undefined", "punycode", "utf-8"):
        kind = f"multipart/form-data; charset={encoding}; boundary=b"
        answer = site.post("/staff/login", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 422, encoding
        assert "Bitte geben Sie Ihren Namen ein." in answer.text, encoding


def test_the_whole_world_is_answered_with_a_page_of_stations(site: httpx.Client) -> None:
    answer = site.get(f"{STATIONS}?bbox=-180,-90,180,90")
    assert answer.status_code == 200
    assert answer.json()["numberReturned"] <= 1000


def test_a_question_that_the_database_does_not_answer_in_time_gives_its_connection_back(
    demo_trail: None, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert web._STATEMENT_S <= 10
    monkeypatch.setattr(web, "_STATEMENT_S", 0.5)
    with serving(database_url) as client:
        address = f"{SERIES}day"
        assert client.get(address).status_code == 200
        with psycopg.connect(database_url) as connection:
            connection.execute("LOCK TABLE rollup_hour IN ACCESS EXCLUSIVE MODE")
            begun = monotonic()
            with capture_logs():
                assert client.get(address).status_code == 503
            assert monotonic() - begun < 8


def test_what_a_connection_is_refused_for_is_a_figure(site: httpx.Client) -> None:
    assert site.get("/", headers={"x-long": "x" * 40_000}).status_code == 431
    figures = site.get("/metrics").text
    assert 'digitalpfad_http_refused_connections_total{reason="head-size"} 1.0' in figures
    assert re.search(r"^digitalpfad_http_open_connections [1-9]", figures, re.MULTILINE)
