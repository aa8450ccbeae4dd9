"""Scans that phones send later: each once, and none that cannot be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from api.limits.read_limits import Costly
from api.webapp.scans.late import MOST, MOST_BYTES, LateScan, judge
from geodata.errors import StoreUnavailable
from geodata.store.access import scan_receipt
from geodata.store.database import Database
from geodata.store.operations import retention
from geodata.times import full_hour, rfc3339
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, hikers_on

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def hour(hours_ago: int = 0) -> str:
    return rfc3339(full_hour(datetime.now(UTC)) - timedelta(hours=hours_ago))


def scan(**other: object) -> dict[str, Any]:
    usual = {"id": str(uuid4()), "station": PONDS, "hour": hour(2), "variant": "de", "entry": "sign"}
    return usual | other


def send(hikers: Hikers, *scans: Mapping[str, Any], site: str = "same-origin") -> httpx.Response:
    return post(hikers, json.dumps({"scans": scans}).encode(), site)


def post(hikers: Hikers, body: bytes, site: str = "same-origin") -> httpx.Response:
    return httpx.post(f"{hikers.url}/offline/scans", content=body, headers={"sec-fetch-site": site}, timeout=30)


def counted(database: Database) -> dict[tuple[str, str, str], int]:
    with database.transaction() as connection:
        rows = connection.execute("SELECT station, variant, entry, sum(count)::int FROM scan_hour GROUP BY 1, 2, 3")
        return {(station, variant, entry): count for station, variant, entry, count in rows}


def test_each_is_counted_in_its_hour_and_once_however_often_it_is_sent(hikers: Hikers) -> None:
    ponds, oaks = scan(), scan(station=OAKS, entry="nfc", variant="en", hour=hour(30))
    assert send(hikers, ponds, oaks).json() == {"counted": 2, "refused": {}}
    assert send(hikers, ponds, scan(id=ponds["id"], hour=hour(5)), oaks).json()["counted"] == 0
    assert send(hikers, ponds, scan()).json()["counted"] == 1
    assert counted(hikers.database) == {(PONDS, "de", "sign"): 2, (OAKS, "en", "nfc"): 1}
    with hikers.database.transaction() as connection:
        hours = [rfc3339(row[0]) for row in connection.execute("SELECT hour FROM scan_hour ORDER BY hour")]
    assert hours == [oaks["hour"], ponds["hour"]]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"station": "ZZZZZZ"}, "unknown-station"),
        ({"variant": "elvish"}, "unknown-variant"),
        ({"hour": "2026-11-22T10:30:00Z"}, "no-full-hour"),
        ({"hour": "2026-11-22T11:00:00Z"}, "future"),
        ({"hour": "2026-10-23T10:00:00Z"}, "too-old"),
        ({"hour": "2026-10-23T11:00:00Z"}, None),
        ({"hour": "2026-11-22T10:00:00Z"}, None),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(other: dict[str, str], reason: str | None) -> None:
    fields = {"station": PONDS, "hour": "2026-11-22T09:00:00Z", "variant": "de", "entry": "sign"} | other
    one = LateScan(uuid4(), fields["station"], datetime.fromisoformat(fields["hour"]), fields["variant"], "sign")
    judged = judge([one], {PONDS}, NOW)
    assert judged.refused == ({one.id: reason} if reason else {})
    assert set(judged.taken) == (set() if reason else {one.id})


def test_a_refused_one_keeps_no_other_from_being_counted(hikers: Hikers) -> None:
    wrong = scan(station="ZZZZZZ")
    assert send(hikers, wrong, scan()).json() == {"counted": 1, "refused": {wrong["id"]: "unknown-station"}}


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_no_other_site_can_have_scans_counted(hikers: Hikers, site: str) -> None:
    assert send(hikers, scan(), site=site).status_code == 403
    assert counted(hikers.database) == {}


def test_what_is_none_of_ours_is_told_and_changes_nothing(hikers: Hikers) -> None:
    bodies = [b"", b"[]", b'{"scans": []}', json.dumps({"scans": [scan(visitor="x")]}).encode()]
    bodies.append(json.dumps({"scans": [scan() for _ in range(MOST + 1)]}).encode())
    bodies.append(json.dumps({"scans": [scan(hour="2026-11-22T10:00:00")]}).encode())
    for body in bodies:
        answer = post(hikers, body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert post(hikers, b" " * (MOST_BYTES + 1)).status_code == 413
    assert counted(hikers.database) == {}


def from_the_network(app: ASGIApp) -> ASGIApp:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await app(dict(scope) | {"client": ("203.0.113.9", 50_000)}, receive, send)

    return asked


def test_a_network_is_bounded_and_told_when_to_come_again(demo_trail: None, database: Database) -> None:
    with hikers_on(database, around=from_the_network) as hikers:
        for _ in range(Costly.LATE_SCANS.value):
            assert send(hikers, scan()).status_code == 200
        refused = send(hikers, scan())
        assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
        assert counted(database) == {(PONDS, "de", "sign"): Costly.LATE_SCANS.value}


def test_while_the_database_is_away_the_phone_is_told_to_come_again(
    demo_trail: None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("The database did not answer in time.")

    with hikers_on(database) as hikers:
        one = scan()
        with monkeypatch.context() as broken:
            broken.setattr(scan_receipt, "add_once", away)
            assert send(hikers, one).status_code == 503
        assert send(hikers, one).json()["counted"] == 1


def test_of_each_scan_only_its_random_id_is_kept_and_not_for_ever(hikers: Hikers) -> None:
    send(hikers, scan())
    with hikers.database.transaction() as connection:
        columns = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name IN ('scan_receipt', 'scan_journal')"
            " ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in columns] == ["id", "id", "position", "received_on"]
    steps = [step for step in retention.steps(retention.Retention()) if step.name == "scan_receipts"]
    for days, left in ((31, 1), (33, 0)):
        retention.run(hikers.database, steps, datetime.now(UTC) + timedelta(days=days))
        with hikers.database.transaction() as connection:
            assert connection.execute("SELECT count(*) FROM scan_receipt").fetchone() == (left,)
