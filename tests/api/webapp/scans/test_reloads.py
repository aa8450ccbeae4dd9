"""Reloading a page is no other scan, coming back later is one; it is the ETag that tells them apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.webapp.scans.reloads import is_reload, made_at
from geodata.store.database import Database
from tests.fixtures.databases.database import one_row
from tests.fixtures.web.hikers import OAKS, PONDS, hikers_on

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = st.integers(0, 4 * 3600)


@given(SECONDS, SECONDS)
def test_within_25_minutes_it_is_a_reload_after_half_an_hour_another_visit(given_s: int, later_s: int) -> None:
    given_at = NOON + timedelta(seconds=given_s)
    later = given_at + timedelta(seconds=later_s)
    said = is_reload(f'W/"0123456789abcdef01234567{made_at(given_at)}"', later)
    assert said or later_s >= 25 * 60
    assert not said or later_s < 30 * 60


def test_what_carries_no_tag_of_a_station_page_is_a_visit() -> None:
    step = made_at(NOON)
    for tags in (None, "", "*", '"0123456789abcdef01234567"', 'W/"x"', step, '".zzzz"', f'"{step}'):
        assert not is_reload(tags, NOON), tags


def test_tags_that_proxies_changed_or_joined_are_still_read() -> None:
    ours = f"0123456789abcdef01234567{made_at(NOON)}"
    for tags in (f'"{ours}"', f'W/"{ours}"', f'"{ours}-gzip"', f'"other", W/"{ours}"'):
        assert is_reload(tags, NOON), tags


def test_reloads_are_no_scans_whether_or_not_the_page_has_changed_meanwhile(
    demo_trail: None, database: Database
) -> None:
    now = [NOON]
    with hikers_on(database, clock=lambda: now[0]) as hikers:
        tag, statuses = hikers.get(f"/s/{PONDS}").headers["etag"], list[int]()
        for minutes in (0, 1, 10, 20):
            now[0] = NOON + timedelta(minutes=minutes)
            answer = hikers.get(f"/s/{PONDS}", if_none_match=tag)
            statuses.append(answer.status_code)
        hikers.scans.write()
        assert set(statuses) == {200, 304}
        assert counted(database) == 1
        now[0] = NOON + timedelta(minutes=30)
        assert hikers.get(f"/s/{PONDS}", if_none_match=tag).status_code == 200
        hikers.scans.write()
        assert counted(database) == 2
        hikers.get(f"/s/{OAKS}", if_none_match='"another"')
        hikers.scans.write()
        assert counted(database) == 3


def counted(database: Database) -> int:
    with database.transaction() as connection:
        return one_row(connection, "SELECT coalesce(sum(count), 0)::int FROM scan_hour")[0]
