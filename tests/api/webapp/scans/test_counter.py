"""Counting page requests of stations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from psycopg import Connection

from api.webapp.scans.counter import ScanCounter
from api.webapp.scans.entries import entry_of
from geodata.actions.load_bundle import load_if_empty
from geodata.store.access import scan as scan_store
from geodata.store.access.scan import ScanKey
from geodata.store.database import Database
from geodata.store.migrate import migrate
from tests.fixtures.databases.database import one_row
from tests.fixtures.databases.postgres import PostgresServer
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import OAKS, PHONE_AGENT, PONDS, Hikers

HOUR = datetime(2026, 11, 22, 10, tzinfo=UTC)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
PHONE = {"user-agent": PHONE_AGENT}


@pytest.mark.parametrize(
    ("headers", "via", "entry"),
    [
        ({}, None, "sign"),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, None, "sign"),
        ({"sec-fetch-site": "same-origin"}, None, "link"),
        ({"sec-fetch-site": "cross-site"}, None, "link"),
        ({"referer": "http://127.0.0.1/t/stadtwald"}, None, "link"),
        ({}, "nfc", "nfc"),
        ({"sec-fetch-site": "same-origin"}, "sign", "sign"),
        ({"sec-fetch-site": "none"}, "somewhere", "sign"),
    ],
)
def test_the_entry_is_read_from_where_the_request_came(headers: dict[str, str], via: str | None, entry: str):
    assert entry_of("GET", PHONE | headers, via) == entry


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": ""},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "WhatsApp/2.23.20"},
        {"user-agent": "python-httpx/0.28"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"sec-fetch-mode": "cors"},
    ],
)
def test_machines_and_prefetching_do_not_count(headers: dict[str, str]):
    assert entry_of("GET", PHONE | headers, None) is None


def test_head_does_not_count():
    assert entry_of("HEAD", PHONE, None) is None


def test_a_visit_is_one_scan_by_hour_variant_and_entry_and_nothing_else(hikers: Hikers):
    hikers.get(f"/s/{PONDS}")
    hikers.get(f"/s/{PONDS}")
    hikers.get(f"/s/{PONDS.lower()}?lang=en", sec_fetch_site="same-origin")
    hikers.get(f"/s/{OAKS}?via=nfc")
    hikers.get(f"/s/{OAKS}", user_agent="curl/8")
    hikers.get(f"/s/{OAKS}/now")
    wait_until(lambda: sum(_counted(hikers.database).values()) == 4, what="four scans")
    with hikers.database.transaction() as connection:
        rows = connection.execute("SELECT station, variant, entry, count FROM scan_hour ORDER BY 1, 2").fetchall()
    assert rows == [(PONDS, "de", "sign", 2), (PONDS, "en", "link", 1), (OAKS, "de", "nfc", 1)]


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that the test may stop; pytest's own folders are closed to its account."""
    with TemporaryDirectory(prefix="digitalpfad-test-") as folder, PostgresServer.create(Path(folder)) as server:
        yield server


def test_an_outage_of_the_database_loses_no_scan(own_server: PostgresServer):
    migrate(own_server.url)
    with Database(own_server.url) as database:
        load_if_empty(database)
        scans = ScanCounter(database, every_s=0.05)
        scans.count((PONDS, HOUR, "de", "sign"))
        own_server.stop()
        scans.write()
        assert scans.waiting == 1
        scans.count((PONDS, HOUR, "de", "sign"))
        own_server.start()
        scans.start()
        wait_until(lambda: scans.waiting == 0, 30, "the scans to be written")
        scans.stop()
        assert _counted(database) == {PONDS: 2}


def test_what_is_counted_last_is_written_at_the_end(demo_trail: None, database: Database):
    scans = ScanCounter(database, every_s=3600)
    scans.start()
    scans.count((PONDS, HOUR, "de", "sign"))
    scans.stop()
    assert _counted(database) == {PONDS: 1}


def test_a_count_that_the_database_refuses_holds_up_no_other(demo_trail: None, database: Database):
    scans = ScanCounter(database)
    scans.count(("ZZZZZZ", HOUR, "de", "sign"))
    scans.count((PONDS, HOUR, "de", "sign"))
    scans.write()
    assert _counted(database) == {PONDS: 1}
    assert scans.waiting == 0


def test_a_fault_that_nobody_foresaw_loses_no_scan_and_holds_up_no_other(
    demo_trail: None, database: Database, monkeypatch: pytest.MonkeyPatch
):
    def add(connection: Connection, counts: Mapping[ScanKey, int]) -> None:
        if any(station == OAKS for station, *_ in counts):
            raise ZeroDivisionError("unforeseen")
        scan_store_add(connection, counts)

    scan_store_add, scans = scan_store.add, ScanCounter(database)
    for station in [*[OAKS] * 4, *[PONDS] * 3]:
        scans.count((station, HOUR, "autumn", "sign"))
    with monkeypatch.context() as broken:
        broken.setattr(scan_store, "add", add)
        with pytest.raises(ZeroDivisionError):
            scans.write()
        assert (scans.waiting, _counted(database)) == (4, {PONDS: 3})
    scans.write()
    assert (scans.waiting, _counted(database)) == (0, {OAKS: 4, PONDS: 3})


def test_the_web_role_may_count_scans(demo_trail: None, database_url: str):
    with Database(database_url, role="digitalpfad_web") as database:
        scans = ScanCounter(database)
        scans.count((PONDS, HOUR, "de", "sign"))
        scans.write()
        with database.transaction() as connection:
            assert one_row(connection, "SELECT current_user, sum(count) FROM scan_hour") == ("digitalpfad_web", 1)


def _counted(database: Database) -> dict[str, int]:
    with database.transaction() as connection:
        return scan_store.count_since(connection, BEGINNING, [PONDS, OAKS])
