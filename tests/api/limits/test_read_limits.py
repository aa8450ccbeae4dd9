"""One network cannot have all the costly reads, and nobody else notices that it tried."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from api.limits.read_limits import Costly, ReadLimits, TooManyRequests
from api.services import Services
from tests.api.trail import FIRST

NEAR = "/api/v1/stations?near=8.9,52"
SERIES = f"/api/v1/stations/{FIRST}/series?property=air_temperature"
LIMITED = {
    SERIES: Costly.SERIES,
    f"{SERIES}&format=csv&bucket=raw": Costly.SERIES,
    NEAR: Costly.SEARCH,
    f"{NEAR}&radius=100": Costly.SEARCH,
    "/api/v1/stations?bbox=8,50,9,53": Costly.SEARCH,
    "/api/v1/stations?near=8.9,%2052": Costly.SEARCH,
    "/api/v1/closures?at=2026-11-22T10:00:00Z": Costly.CALENDAR,
    "/api/v1/closures.ics": Costly.CALENDAR,
}
FREE = ["/api/v1/stations", f"/api/v1/stations/{FIRST}", "/api/v1/trails", "/api/v1/closures", "/healthz"]


@pytest.fixture
def counted(services: Services, make_client: Callable[[Services], httpx.Client]) -> tuple[httpx.Client, ReadLimits]:
    """A visitor whose address is not exempt."""
    services.limits._exempt = frozenset[str]()
    return make_client(services), services.limits


def used_up(limits: ReadLimits, address: str = "127.0.0.1") -> None:
    for kind in Costly:
        with suppress(TooManyRequests):
            for _ in range(kind.value):
                limits.take(kind, address)


def test_who_asked_too_often_is_told_when_to_come_again_and_reads_from_memory_go_on(
    counted: tuple[httpx.Client, ReadLimits],
) -> None:
    client, limits = counted
    for path in LIMITED:
        assert client.get(path).status_code == 200, path
    used_up(limits)
    for path in LIMITED:
        answer = client.get(path)
        assert answer.status_code == 429, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert answer.json()["type"] == "/api#too-many-requests"
    for path in FREE:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", LIMITED)
def test_each_read_counts_once(counted: tuple[httpx.Client, ReadLimits], path: str) -> None:
    client, limits = counted
    for _ in range(3):
        client.get(path)
    assert len(limits._windows[LIMITED[path]]._order) == 3


def test_the_documented_errors_name_the_limit(shared_client: httpx.Client) -> None:
    paths = shared_client.get("/api/v1/openapi.json").json()["paths"]
    named = {path for path, operations in paths.items() if "429" in operations["get"]["responses"]}
    expected = {"/stations", "/stations/{code}/series", "/statistics/visits", "/closures", "/closures.ics"}
    assert named == {f"/api/v1{path}" for path in expected}


def test_a_network_has_its_share_each_minute_by_a_clock_that_nobody_sets() -> None:
    now = 0.0
    limits = ReadLimits(lambda: now)
    used_up(limits, "2001:db8::1")
    with pytest.raises(TooManyRequests) as refused:
        limits.take(Costly.SERIES, "2001:db8::2")
    assert refused.value.wait_s == 60
    limits.take(Costly.SERIES, "2001:db8:0:1::1")
    for _ in range(10_000):
        limits.take(Costly.SERIES, "127.0.0.1")
    now = 60.0
    limits.take(Costly.SERIES, "2001:db8::1")


def test_a_network_that_asks_for_many_series_at_once_holds_up_no_other() -> None:
    limits = ReadLimits()

    async def read(address: str, done: asyncio.Event) -> None:
        async with limits.series_turn(address):
            await done.wait()

    async def ask() -> None:
        long, now = asyncio.Event(), asyncio.Event()
        now.set()
        many = [asyncio.create_task(read("192.0.2.1", long)) for _ in range(120)]
        for address in ("192.0.2.2", "127.0.0.1"):
            await asyncio.wait_for(read(address, now), 10)
        long.set()
        await asyncio.gather(*many)

    asyncio.run(ask())
    gc.collect()
    assert len(limits._turns_of_network) == 0


def test_a_school_class_behind_one_address_is_within_the_limits() -> None:
    limits = ReadLimits(lambda: 0.0)
    for _ in range(30):
        for kind, times in ((Costly.SERIES, 4), (Costly.SEARCH, 60), (Costly.CALENDAR, 5)):
            for _ in range(times):
                limits.take(kind, "192.0.2.1")
