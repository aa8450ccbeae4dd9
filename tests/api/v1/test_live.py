"""The live stream: what arrives, what is left out, and that it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from time import monotonic

import httpx
import psycopg
import pytest

from api.catalogue.live import Listener, LiveEvent
from api.limits.places import Places, TooManyListeners
from api.services import Services
from tests.api.trail import FIRST, SECOND, observe
from tests.checkout import ROOT
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """BoundedServer-sent events; a comment is one with the key ``comment``."""
    event: dict[str, str] = {}
    for line in lines:
        if not line:
            yield event
            event = {}
            continue
        name, _, value = line.partition(":")
        event[name or "comment"] = value.removeprefix(" ")


def listening(client: httpx.Client, query: str = "", **headers: str):
    return client.stream("GET", f"/api/v1/live{query}", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_an_observation_of_another_connection_arrives(
    client: httpx.Client, services: Services, filled_url: str
) -> None:
    now = datetime.now(UTC)
    with listening(client) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        received = events(stream.iter_lines())
        assert "digitalpfad live" in next(received)["comment"]
        begun = monotonic()
        with psycopg.connect(filled_url) as connection:
            observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
        event = next(received)
        assert monotonic() - begun < 2
    assert event["event"] == "observation"
    assert json.loads(event["data"]) == {
        "station": FIRST,
        "device": "klima-1",
        "property": "air_temperature",
        "unit": "Cel",
        "value": 7.4,
        "quality": "ok",
        "measured_at": now.isoformat().replace("+00:00", "Z"),
    }
    wait_until(lambda: services.live.listeners == 0, what="the listener to be forgotten")


def test_a_listener_of_one_station_hears_nothing_of_others_of_totals_or_of_flagged_numbers(
    client: httpx.Client, filled_url: str
) -> None:
    now = datetime.now(UTC)
    with listening(client, f"?station={SECOND.lower()}") as stream:
        received = events(stream.iter_lines())
        next(received)
        with psycopg.connect(filled_url) as connection:
            observe(connection, "zaehler-1", "passes_in_total", [(now, 1)], now=now)
            observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
            observe(connection, "boden-2", "soil_moisture", [(now, 777.5)], now=now, quality=1)
        data = json.loads(next(received)["data"])
    assert (data["station"], data["value"], data["quality"]) == (SECOND, None, "suspect")


def test_who_comes_back_gets_what_was_missed_once(client: httpx.Client, services: Services, filled_url: str) -> None:
    def say(value: float) -> None:
        now = datetime.now(UTC)
        with psycopg.connect(filled_url) as connection:
            observe(connection, "klima-1", "air_temperature", [(now, value)], now=now)

    with listening(client) as stream:
        received = events(stream.iter_lines())
        next(received)
        say(1)
        last = next(received)["id"]
    say(2)
    say(3)
    wait_until(lambda: latest(services) == 3)
    with listening(client, Last_Event_ID=last) as stream:
        received = events(stream.iter_lines())
        next(received)
        assert [json.loads(next(received)["data"])["value"] for _ in range(2)] == [2, 3]
        say(4)
        assert json.loads(next(received)["data"])["value"] == 4


def test_a_number_that_no_event_had_is_as_good_as_none(
    client: httpx.Client, services: Services, filled_url: str
) -> None:
    now = datetime.now(UTC)
    with listening(client) as stream:
        received = events(stream.iter_lines())
        next(received)
        with psycopg.connect(filled_url) as connection:
            observe(connection, "klima-1", "air_temperature", [(now - timedelta(seconds=9), 7.4)], now=now)
        run = next(received)["id"].partition("-")[0]
    for number in ("9" * 5000, "0" * 5000, "9" * 30, "1" + "0" * 17):
        with listening(client, Last_Event_ID=f"{run}-{number}") as stream:
            received = events(stream.iter_lines())
            assert "digitalpfad live" in next(received)["comment"]
            now += timedelta(seconds=1)
            with psycopg.connect(filled_url) as connection:
                observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
            assert next(received)["event"] == "observation"
    wait_until(lambda: not services.live._listeners, what="all listeners to be forgotten")


def test_an_event_that_was_recalled_is_not_delivered_again() -> None:
    listener = Listener(None, deque())
    for number in (1, 2, 2, 1, 3):
        listener.put(LiveEvent(number, FIRST, b""))
    assert [event.number for event in listener.queue] == [1, 2, 3]


def test_a_slow_listener_is_told_how_much_it_missed(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client], filled_url: str
) -> None:
    services = make_services(queue_length=2, recall=4)
    client = make_client(services)
    with listening(client) as stream:
        received = events(stream.iter_lines())
        next(received)
        with psycopg.connect(filled_url) as connection:
            observe(connection, "klima-1", "air_temperature", [(datetime.now(UTC), 0)], now=datetime.now(UTC))
        last = next(received)["id"]
    for value in range(1, 7):
        now = datetime.now(UTC)
        with psycopg.connect(filled_url) as connection:
            observe(connection, "klima-1", "air_temperature", [(now, value)], now=now)
    wait_until(lambda: latest(services) == 6)
    with listening(client, Last_Event_ID=last) as stream:
        received = events(stream.iter_lines())
        next(received)
        skipped = next(received)
        assert (skipped["event"], skipped["data"]) == ("skipped", "4")
        assert [json.loads(next(received)["data"])["value"] for _ in range(2)] == [5, 6]


def test_a_quiet_stream_is_kept_open_by_comments(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client]
) -> None:
    with listening(make_client(make_services(ping_s=0.05))) as stream:
        received = events(stream.iter_lines())
        next(received)
        assert next(received) == {"comment": "ping"}


def test_one_listener_too_many_is_told_to_come_later(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client]
) -> None:
    client = make_client(make_services(max_listeners=1))
    with listening(client) as stream:
        received = events(stream.iter_lines())  # kept: a generator that is dropped closes the stream
        next(received)
        answer = client.get("/api/v1/live")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "30"


SERVE = """
import sys, uvicorn
from tests.api.app import create_api
from api.catalogue.live import LiveHub
from api.http.server import BoundedServer
from api.services import Services
from api.catalogue.keeper import SnapshotKeeper
from geodata.store.database import Database

with Database(sys.argv[1]) as database:
    keeper = SnapshotKeeper(database)
    hub = LiveHub(keeper)
    keeper.start()
    app = create_api(Services(keeper=keeper, database=database, live=hub))
    server = BoundedServer(uvicorn.Config(app, port=int(sys.argv[2]), log_level="error", lifespan="off"), hub.close)
    server.run()
    keeper.stop()
"""


def test_sigterm_ends_the_server_though_someone_listens(filled_url: str) -> None:
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", SERVE, filled_url, str(port)], env=environment, cwd=ROOT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            wait_until(lambda: answers(client), timeout=20)
            with listening(client) as stream:
                received = events(stream.iter_lines())
                next(received)
                begun = monotonic()
                process.send_signal(signal.SIGTERM)
                assert list(received) == []
                process.wait(timeout=10)
        assert monotonic() - begun < 3
        assert process.returncode in {0, -signal.SIGTERM}  # uvicorn raises the signal again after its clean end
    finally:
        process.kill()
        process.wait()


def latest(services: Services) -> float | None:
    """The latest temperature of klima-1."""
    found = services.keeper.latest(services.keeper.current.datastreams_of_device["klima-1"][0].id)
    return found.result if found else None


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def test_only_so_many_of_those_who_arrive_together_get_a_place(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client]
) -> None:
    services = make_services(max_listeners=5)
    client = make_client(services)
    request = b"GET /api/v1/live HTTP/1.1\r\nHost: a\r\n\r\n"
    with ExitStack() as stack:
        address = client.base_url.host, client.base_url.port
        crowd = [stack.enter_context(socket.create_connection(address, timeout=10)) for _ in range(40)]
        for visitor in crowd:
            visitor.sendall(request)
        statuses = [visitor.recv(12) for visitor in crowd]
        assert statuses.count(b"HTTP/1.1 200") == 5
        assert statuses.count(b"HTTP/1.1 503") == 35
    wait_until(lambda: services.live.listeners == 0, what="the places to be given back")


@pytest.mark.parametrize("path", ["/api/v1/live", f"/api/v1/live?station={FIRST}"])
def test_head_of_a_stream_ends_at_once_and_holds_no_place(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client], path: str
) -> None:
    services = make_services(max_listeners=1)
    client = make_client(services)
    with listening(client) as stream:
        received = events(stream.iter_lines())
        next(received)
        head = client.head(path, timeout=3)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == stream.headers["content-type"]
        assert services.live.listeners == 1
    wait_until(lambda: services.live.listeners == 0)


def test_an_unknown_station_gives_its_place_back(client: httpx.Client, services: Services) -> None:
    assert client.get("/api/v1/live?station=ZZZZZZ").status_code == 404
    assert services.live.listeners == 0


def test_one_network_cannot_take_all_places() -> None:
    places = Places(10, 2)
    with ExitStack() as stack:
        for address in ("192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2", *["127.0.0.1"] * 3):
            stack.enter_context(places.one(address))
        for address in ("192.0.2.1", "::ffff:192.0.2.1", "2001:db8::3"):
            with pytest.raises(TooManyListeners):
                stack.enter_context(places.one(address))
        for address in ("192.0.2.2", "2001:db8:0:1::1", "127.0.0.1"):
            stack.enter_context(places.one(address))
        with pytest.raises(TooManyListeners):
            stack.enter_context(places.one("127.0.0.1"))
    assert (len(places), places._of_network) == (0, {})
