"""Up, ready, and the figures."""

from __future__ import annotations

import asyncio
import re
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from structlog.testing import capture_logs

from api.catalogue.following.reader import CatalogueReader
from api.operations.exposition import exposition
from api.operations.readiness import check
from api.services import ScanBacklog, Services
from api.webapp.scans.counter import ScanCounter
from geodata.errors import StoreUnavailable
from geodata.runtime.worker import Worker
from geodata.store.migrate import migrate
from tests.api.app import create_api
from tests.api.conftest import Clock, following, served
from tests.api.trail import FIRST, fill, observe
from tests.fixtures.databases.postgres import PostgresServer, frozen
from tests.fixtures.process.waiting import wait_until

ALWAYS = ["threads", "work", "side_work", "scan_journal"]
FAILING = {"snapshot": "read_stale", "scans": "write"}


def figures(client: httpx.Client, timeout: float = 10) -> dict[tuple[str, ...], float]:
    """Samples by name and label values."""
    answer = client.get("/metrics", timeout=timeout)
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_a_running_server_is_up_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "up"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["ready"] is True
    assert [check["name"] for check in ready.json()["checks"]] == ["database", "migrations", "catalogue", *ALWAYS]
    assert ready.json()["dead"] == []
    assert re.fullmatch("[0-9a-f]{16}", ready.json()["instance"]), "the doctor knows its own web app by it"


def test_a_missing_migration_makes_a_server_unready(client: httpx.Client, filled_url: str) -> None:
    with psycopg.connect(filled_url) as connection:
        connection.execute("DELETE FROM schema_migration WHERE number = 6")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    (failed,) = [check for check in answer.json()["checks"] if not check["ok"]]
    assert failed["name"] == "migrations"
    assert "apply them" in failed["detail"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_is_named_as_what_a_new_start_mends(services: Services) -> None:
    def leave() -> None:
        raise SystemExit

    gone = Worker("scans", leave, threading.Event())
    gone.start()
    gone.join(5)
    found = asyncio.run(check(replace(services, workers=(services.keeper.worker, gone))))
    assert found.dead == ["scans"]
    assert [(one.name, one.detail) for one in found.checks if not one.ok] == [
        ("threads", "Ended: scans. Restart the web app.")
    ]


@pytest.mark.parametrize(("name", "decides"), [("snapshot", True), ("scans", False)])
def test_work_that_fails_each_time_takes_the_process_out_of_service_where_pages_are_made_of_it(
    services: Services, monkeypatch: pytest.MonkeyPatch, name: str, decides: bool
) -> None:
    scans = ScanCounter(services.database, every_s=0.001)
    worker = {"snapshot": services.keeper.worker, "scans": scans.worker}[name]
    told = replace(services, workers=(services.keeper.worker, scans.worker))

    def fail(*_: object) -> None:
        raise ZeroDivisionError("unforeseen")

    monkeypatch.setattr(CatalogueReader if name == "snapshot" else ScanCounter, FAILING[name], fail)
    scans.start()
    wait_until(lambda: worker.failing, what="it to fail again and again")
    found = asyncio.run(check(told))
    monkeypatch.undo()
    scans.stop()
    (failed,) = [one for one in found.checks if one.name in ALWAYS and not one.ok]
    assert (failed.name, failed.decides, found.dead) == ("work" if decides else "side_work", decides, [])
    assert failed.detail.startswith(f"{name} fails over and over: ZeroDivisionError")
    assert (
        f'digitalpfad_worker_faults_total{{worker="{name}"}} {worker.faults}.0'
        in asyncio.run(exposition(told)).decode()
    )


def test_failed_jobs_of_the_database_are_counted_where_it_answers(client: httpx.Client) -> None:
    assert figures(client)["digitalpfad_database_failed_jobs",] == 0


def test_without_the_database_reads_go_on_and_readiness_does_not(
    client: httpx.Client, filled_url: str, postgres_server: str
) -> None:
    assert client.get("/readyz").status_code == 200
    name = str(conninfo_to_dict(filled_url)["dbname"])
    with unreachable(postgres_server, name):
        answer = client.get("/readyz", timeout=20)
        assert answer.status_code == 503
        assert answer.json()["ready"] is False
        assert name not in answer.text
        assert client.get(f"/api/v1/stations/{FIRST}").status_code == 200
        series = client.get(f"/api/v1/stations/{FIRST}/series?property=rain", timeout=20)
        assert series.status_code == 503
        assert series.headers["retry-after"] == "5"
        assert name not in series.text
        assert figures(client)["digitalpfad_database_up",] == 0
    wait_until(lambda: client.get("/readyz", timeout=20).status_code == 200, timeout=20)


@contextmanager
def unreachable(server: str, name: str) -> Generator[None]:
    """A database that refuses every connection, and ends those there are."""
    with psycopg.connect(server, autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(sql.Identifier(name), False))
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(name), True))


def test_a_frozen_database_makes_a_server_unready_at_once_and_only_as_long():
    with tempfile.TemporaryDirectory() as folder, PostgresServer.create(Path(folder)) as server:
        migrate(server.url)
        with psycopg.connect(server.url) as connection:
            fill(connection)
        with following(server.url, Clock()) as services, served(create_api(services), services) as client:
            wait_until(lambda: client.get("/readyz").status_code == 200)
            with frozen(server):
                for _ in range(3):
                    answer = client.get("/readyz", timeout=4)
                    assert answer.status_code == 503
                    assert not answer.json()["checks"][0]["ok"]
                assert [thread.name for thread in threading.enumerate()].count("single-flight") == 1
            wait_until(lambda: client.get("/readyz").status_code == 200, timeout=20)


def test_a_frozen_database_leaves_the_figures_of_this_process():
    with tempfile.TemporaryDirectory() as folder, PostgresServer.create(Path(folder)) as server:
        migrate(server.url)
        with psycopg.connect(server.url) as connection:
            fill(connection)
        with following(server.url, Clock()) as services, served(create_api(services), services) as client:
            assert figures(client)["digitalpfad_database_up",] == 1
            with frozen(server):
                for _ in range(3):
                    found = figures(client, timeout=4)
                    assert found["digitalpfad_database_up",] == 0
                    assert "digitalpfad_catalogue_version" in {name for name, *_ in found}
                    assert "digitalpfad_device_missing_messages" not in {name for name, *_ in found}
                assert [thread.name for thread in threading.enumerate()].count("single-flight") == 1
            wait_until(lambda: figures(client)["digitalpfad_database_up",] == 1, timeout=20)


def test_a_server_that_never_saw_its_database_says_503(client_without_schema: httpx.Client) -> None:
    for path in ("/api/v1/stations", f"/api/v1/stations/{FIRST}", "/readyz"):
        assert client_without_schema.get(path, timeout=20).status_code == 503
    assert client_without_schema.get("/healthz").status_code == 200
    assert client_without_schema.get("/metrics").status_code == 200


@pytest.fixture
def client_without_schema(empty_database_url: str) -> Iterator[httpx.Client]:
    with (
        following(empty_database_url, Clock(), wait_s=0.1) as services,
        served(create_api(services), services) as client,
    ):
        yield client


def test_the_books_add_up_in_the_figures(client: httpx.Client, filled_url: str) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(filled_url) as connection:
        for _ in range(2):
            observe(connection, "klima-1", "air_temperature", [(now, 7.4)], now=now)
        observe(connection, "klima-1", "air_temperature", [(now, 8.0)], now=now)
    found = figures(client)
    book = {part: found[f"digitalpfad_ingest_{part}", "test"] for part in ("received", "stored", "duplicates")}
    assert book == {"received": 3, "stored": 1, "duplicates": 1}
    assert found["digitalpfad_ingest_quarantined", "test"] == 1
    assert found["digitalpfad_quarantine_open", "conflict"] == 1
    assert found["digitalpfad_database_up",] == 1
    assert found["digitalpfad_catalogue_fresh",] == 1
    age = ("digitalpfad_device_latest_age_seconds", "klima-1")
    wait_until(lambda: age in figures(client))
    assert 0 <= figures(client)[age] < 10


def test_requests_are_counted_by_template_and_never_by_address(client: httpx.Client) -> None:
    client.get(f"/api/v1/stations/{FIRST}")
    client.get("/api/v1/stations/ZZZZZZ")
    client.get("/wp-login.php")
    client.request("BREW", "/api/v1/stations")
    found = figures(client)
    template = "/api/v1/stations/{code}"
    assert found["digitalpfad_http_requests_total", "GET", template, "200"] == 1
    assert found["digitalpfad_http_requests_total", "GET", template, "404"] == 1
    assert found["digitalpfad_http_requests_total", "GET", "none", "404"] == 1
    assert found["digitalpfad_http_request_seconds_count", template] == 2
    text = client.get("/metrics").text
    for stranger in (FIRST, "ZZZZZZ", "wp-login", "BREW", "127.0.0.1", "httpx"):
        assert stranger not in text


def test_a_database_that_is_away_is_a_line_of_the_log_without_a_trace(
    client: httpx.Client, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnavailable("The database cannot be reached: refused")

    monkeypatch.setattr(services.database, "transaction", away)
    with capture_logs() as logs:
        assert client.get(f"/api/v1/stations/{FIRST}/series?property=air_temperature").status_code == 503
    (told,) = [line for line in logs if line["event"] == "request-unavailable"]
    assert told["log_level"] == "warning"
    assert told["error"] == "The database cannot be reached: refused"
    assert not {"trace", "exc_info"} & told.keys()


def test_the_figures_count_connections_that_were_refused_or_gave_way(client: httpx.Client, services: Services) -> None:
    before = figures(client)
    for name in ("refused", "displaced"):
        for reason in ("connections", "connections-of-network"):
            assert before[f"digitalpfad_http_{name}_connections_total", reason] == 0, "an alarm sees the first one"
    services.connections.count("connections")
    services.connections.count("head-size")
    services.connections.gave_way["connections"] = 3
    after = figures(client)
    assert after["digitalpfad_http_refused_connections_total", "connections"] == 1
    assert after["digitalpfad_http_refused_connections_total", "head-size"] == 1
    assert after["digitalpfad_http_displaced_connections_total", "connections"] == 3


def test_the_figures_tell_scans_that_wait_for_the_database(client: httpx.Client, services: Services) -> None:
    assert figures(client)["digitalpfad_scans_behind_seconds",] == 0
    waiting = replace(services, scan_backlog=lambda: ScanBacklog(120, 7.5))
    text = asyncio.run(exposition(waiting)).decode()
    assert "digitalpfad_scans_waiting_bytes 120.0" in text
    assert "digitalpfad_scans_behind_seconds 7.5" in text
