"""Notices in answers: what a sensor says, what its silence means, and a manual override."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from api.notices.notice_log import NoticeLog
from api.services import Services
from geodata.conditions.notices import Level, NoticeRule, NoticeText, Override
from geodata.store.catalogue import notice as notice_store
from tests.api.conftest import Clock
from tests.api.trail import FIRST, SECOND, THIRD, observe
from tests.fixtures.process.waiting import wait_until

TEXTS = {
    "de": NoticeText(variant="de", caution="Feucht.", warning="Nass.", unknown="Unbekannt."),
    "en": NoticeText(variant="en", caution="Damp.", warning="Wet.", unknown="Unknown."),
}
RULE = NoticeRule(
    id="nass",
    trail="wald",
    station=SECOND,
    device="boden-2",
    observed_property="soil_moisture",
    thresholds={Level.CAUTION: 40, Level.WARNING: 70},
    hysteresis=10,
    texts=TEXTS,
)


@pytest.fixture
def ruled(filled_url: str, client: httpx.Client) -> httpx.Client:
    """The interface of a trail with one rule, known to it."""
    with psycopg.connect(filled_url) as connection:
        notice_store.save_rule(connection, RULE)
    wait_until(lambda: notices(client, SECOND), timeout=1)
    return client


def notices(client: httpx.Client, code: str, query: str = "") -> list[dict]:
    return client.get(f"/api/v1/stations/{code}{query}").json()["properties"]["notices"]


def said(client: httpx.Client, code: str = SECOND) -> list[tuple[str, str, str]]:
    return [(one["level"], one["reason"], one["text"]) for one in notices(client, code)]


def measure(url: str, moment: datetime, value: float | None, quality: int | None = None) -> None:
    with psycopg.connect(url) as connection:
        observe(connection, "boden-2", "soil_moisture", [(moment, value)], now=moment, quality=quality)


def test_a_sensor_that_never_spoke_is_a_caution_at_its_station_only(ruled: httpx.Client) -> None:
    assert said(ruled) == [("caution", "silent", "Unbekannt.")]
    assert notices(ruled, SECOND)[0]["measured_at"] is None
    assert notices(ruled, FIRST) == notices(ruled, THIRD) == []


def test_a_notice_follows_the_values_and_holds_in_the_hysteresis(ruled: httpx.Client, filled_url: str) -> None:
    start = datetime.now(UTC) - timedelta(minutes=4)
    steps = [
        (90, [("warning", "measured", "Nass.")]),
        (65, [("warning", "measured", "Nass.")]),
        (50, [("caution", "measured", "Feucht.")]),
        (65, [("caution", "measured", "Feucht.")]),
        (20, []),
        (35, []),
    ]
    for minute, (value, expected) in enumerate(steps):
        measure(filled_url, start + timedelta(seconds=30 * minute), value)
        wait_until(lambda expected=expected: said(ruled) == expected, timeout=1.5)


def test_a_late_value_decides_by_its_measuring_time(
    ruled: httpx.Client, filled_url: str, make_services: Callable[..., Services], make_client
) -> None:
    now = datetime.now(UTC)
    measure(filled_url, now - timedelta(seconds=60), 35)
    measure(filled_url, now - timedelta(seconds=90), 20)  # comes later, was earlier: it was dry before
    wait_until(lambda: said(ruled) == [], timeout=1.5)
    assert said(make_client(make_services())) == []  # another process, which saw nothing of it live


def test_a_value_that_comes_hours_late_decides_too(ruled: httpx.Client, filled_url: str) -> None:
    now = datetime.now(UTC)
    measure(filled_url, now - timedelta(seconds=60), 35)
    wait_until(lambda: said(ruled) == [("caution", "measured", "Feucht.")], timeout=1.5)
    with psycopg.connect(filled_url) as connection:
        observe(connection, "boden-2", "soil_moisture", [(now - timedelta(hours=2), 20)], now=now)
    wait_until(lambda: said(ruled) == [], timeout=1.5)


@pytest.mark.parametrize(("value", "quality"), [(20.0, 1), (None, 2)])
def test_a_flagged_value_is_never_an_all_clear(
    ruled: httpx.Client, filled_url: str, value: float | None, quality: int
) -> None:
    now = datetime.now(UTC)
    measure(filled_url, now - timedelta(seconds=60), 20)
    wait_until(lambda: said(ruled) == [], timeout=1.5)
    measure(filled_url, now, value, quality)
    wait_until(lambda: said(ruled) == [("caution", "flagged", "Unbekannt.")], timeout=1.5)


def test_a_device_that_falls_silent_changes_the_text_within_the_limit(
    ruled: httpx.Client, filled_url: str, clock: Clock
) -> None:
    measure(filled_url, datetime.now(UTC), 20)
    wait_until(lambda: said(ruled) == [], timeout=1.5)
    clock.ahead = timedelta(seconds=290)
    assert said(ruled) == []
    clock.ahead = timedelta(seconds=311)
    assert said(ruled) == [("caution", "silent", "Unbekannt.")]
    assert notices(ruled, SECOND, "?lang=en")[0]["text"] == "Unknown."
    assert notices(ruled, SECOND)[0]["age_s"] >= 310


def test_a_manual_override_holds_until_its_end_and_shows_within_a_second(
    ruled: httpx.Client, filled_url: str, clock: Clock
) -> None:
    now = datetime.now(UTC)
    manual = Override(rule="nass", level=Level.NONE, since=now, until=now + timedelta(hours=1), by="anna")
    with psycopg.connect(filled_url) as connection:
        notice_store.override(connection, manual)
    wait_until(lambda: said(ruled) == [], timeout=1)
    clock.ahead = timedelta(hours=1, seconds=11)
    assert said(ruled) == [("caution", "silent", "Unbekannt.")]


def test_each_change_is_logged_once_by_several_processes(
    ruled: httpx.Client, filled_url: str, services: Services, make_services: Callable[..., Services]
) -> None:
    with logging(services, make_services()):
        wait_until(lambda: logged(filled_url) == [("nass", 1, "silent", None)], timeout=3)
        measure(filled_url, datetime.now(UTC), 90)
        wait_until(lambda: len(logged(filled_url)) == 2, timeout=3)
    assert logged(filled_url) == [("nass", 1, "silent", None), ("nass", 2, "measured", 90.0)]


def test_a_notice_that_cannot_be_logged_keeps_no_other_from_the_log(
    ruled: httpx.Client, filled_url: str, services: Services
) -> None:
    refusing = "CHECK (rule <> 'andere')"
    with psycopg.connect(filled_url) as connection:
        connection.execute(f"ALTER TABLE notice_log ADD CONSTRAINT no_other {refusing}")
        notice_store.save_rule(connection, replace(RULE, id="andere"))
    wait_until(lambda: len(notices(ruled, SECOND)) == 2, timeout=1)
    assert next(iter(services.keeper.current.catalogue.notice_rules)) == "andere"
    with logging(services):
        wait_until(lambda: logged(filled_url) == [("nass", 1, "silent", None)], timeout=3)


@contextmanager
def logging(*processes: Services) -> Generator[None]:
    """Several processes that log what notices say."""
    logs = [NoticeLog(one.database, one.keeper, clock=one.clock, every_s=0.05) for one in processes]
    for log in logs:
        log.start()
    try:
        yield
    finally:
        for log in logs:
            log.stop()


def logged(url: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT rule, level, reason, value FROM notice_log ORDER BY id").fetchall()
