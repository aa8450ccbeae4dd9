"""The keeper reads what changed and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import Connection

from api.catalogue.following.pace import Pace
from api.catalogue.keeper import SnapshotKeeper
from geodata.conditions.notices import Level, NoticeRule
from geodata.model.observation import Observation, by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.catalogue import notice
from geodata.store.channels import DATASTREAM_CHANNEL, DEVICE_CHANNEL, LATE_CHANNEL, OBSERVATION_CHANNEL
from geodata.store.database import Database
from geodata.store.ingest import registry, transaction
from geodata.store.ingest.flush import Flush, ObservationOrigin, SourceMessage
from geodata.times import to_us
from tests.api.trail import FIRST, SECOND
from tests.fixtures.databases.counting import CountingDatabase
from tests.fixtures.process.waiting import wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
DEVICES = 300
PROPERTIES = [
    by_name(STANDARD_PROPERTIES)[one].id for one in ("air_temperature", "air_humidity", "air_pressure", "rain", "snr")
]

CHANNELS = (DEVICE_CHANNEL, DATASTREAM_CHANNEL, OBSERVATION_CHANNEL, LATE_CHANNEL)


def write(connection: Connection, *rows: tuple[int, datetime, float]) -> None:
    """Observations (datastream, time, result) as the gateway writes them at NOW."""
    flush = Flush("test", to_us(NOW), messages=1, received=len(rows))
    for stream, time, result in rows:
        columns = flush.observations
        columns.datastreams.append(stream)
        columns.times_us.append(to_us(time))
        columns.results.append(result)
        columns.qualities.append(0)
        columns.flags.append(0)
        columns.properties.append("p")
        columns.origins.append(ObservationOrigin(SourceMessage("t", b"", "d", to_us(NOW)), "d", None, None))
    transaction.write(connection, flush)


class Followed:
    """A keeper with many series before a database, and the sum of what it reads."""

    def __init__(self, url: str, database: CountingDatabase) -> None:
        self.owner = Database(url).open()
        self.database = database
        self.keeper = SnapshotKeeper(database, clock=lambda: NOW)
        self.news: list[Observation] = []
        self.keeper.subscribe(self.news.extend)
        self.marks = 0

    def settle(self) -> None:
        """Wait until everything committed so far has been heard, and what had to be read again was; costs 4 rows.

        A mark is read at the end of a round: with the second one the round of the first is over.
        """
        for _ in range(2):
            self.marks += 1
            name = f"mark {self.marks}"
            with self.owner.transaction() as connection:
                connection.execute("UPDATE device SET name = %s WHERE id = 'tor'", [name])
            wait_until(lambda name=name: self.keeper.current.catalogue.devices["tor"].name == name, what="the mark")

    def streams(self, count: int) -> list[int]:
        return [self.keeper.current.datastreams_of_device[f"viele-{i}"][0].id for i in range(1, count + 1)]


@pytest.fixture
def followed(filled_url: str) -> Iterator[Followed]:
    """1500 series with a latest value each."""
    with CountingDatabase(filled_url, role="digitalpfad_web") as database:
        world = Followed(filled_url, database)
        with world.owner.transaction() as connection:
            connection.execute(
                "INSERT INTO device (id, trail, station)"
                " SELECT 'viele-' || i, 'wald', %s FROM generate_series(1, %s) AS i",
                [SECOND, DEVICES],
            )
            connection.execute(
                "INSERT INTO datastream (device, observed_property)"
                " SELECT id, p FROM device, unnest(%s::text[]) p WHERE id LIKE 'viele-%%'",
                [PROPERTIES],
            )
            connection.execute(
                "INSERT INTO latest SELECT id, %s, 5, 0, 0 FROM datastream WHERE device <> 'tor'",
                [NOW - timedelta(hours=2)],
            )
        world.keeper.start()
        try:
            world.settle()
            database.reset()
            yield world
        finally:
            world.keeper.stop()
            world.owner.close()


def test_late_values_are_known_without_reading_any_row_again_and_are_no_news(followed: Followed) -> None:
    newer, older, both = followed.streams(3)
    with followed.owner.transaction() as connection:
        write(connection, (newer, NOW - timedelta(hours=1), 7.0), (older, NOW - timedelta(hours=3), 8.0))
        write(connection, (both, NOW - timedelta(minutes=30), 3.0), (both, NOW - timedelta(minutes=10), 9.0))
    followed.settle()
    known = [seen.result for one in (newer, older, both) if (seen := followed.keeper.latest(one))]
    assert known == [7.0, 5.0, 9.0]
    assert followed.database.rows == 4
    assert followed.news == []


def test_a_new_device_and_a_new_series_are_read_alone(followed: Followed) -> None:
    before = followed.keeper.current
    with followed.owner.transaction() as connection:
        connection.execute("INSERT INTO device (id, trail, station) VALUES ('neu', 'wald', %s)", [FIRST])
        stream = registry.add_datastream(connection, "neu", "rain")
    wait_until(lambda: "neu" in followed.keeper.current.catalogue.devices, what="the new device")
    followed.settle()
    after = followed.keeper.current
    assert [one.id for one in after.datastreams_of_device["neu"]] == [stream]
    assert stream in after.series_of_station[FIRST]["rain"]
    assert after.live is before.live
    assert after.version > before.version
    assert followed.database.rows < 10


def test_a_changed_text_reads_no_latest_value(followed: Followed) -> None:
    with followed.owner.transaction() as connection:
        connection.execute("UPDATE station_content SET title = 'Neu' WHERE station = %s AND variant = 'de'", [FIRST])
    wait_until(
        lambda: followed.keeper.current.catalogue.stations[FIRST].contents["de"].title == "Neu", what="the new title"
    )
    followed.settle()
    assert not [statement for statement in followed.database.statements if "FROM latest" in statement]


def test_all_latest_values_are_not_read_again_while_their_reading_rests(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.catalogue.following.pace._SHARE", 1e-12)
    for _ in range(3):
        with followed.owner.transaction() as connection:
            connection.execute("SELECT pg_notify(%s, '')", [OBSERVATION_CHANNEL])
        followed.settle()
    assert len([one for one in followed.database.statements if "FROM latest" in one]) == 1


def test_an_edited_rule_is_decided_by_values_that_did_not_matter_before(followed: Followed) -> None:
    stream = followed.streams(1)[0]

    def edit(caution: float) -> None:
        rule = NoticeRule(
            id="warm", trail="wald", station=None, device="viele-1", observed_property=PROPERTIES[0],
            thresholds={Level.CAUTION: caution}, hysteresis=10,
        )  # fmt: skip
        with followed.owner.transaction() as connection:
            notice.save_rule(connection, rule)
        followed.settle()

    edit(40)
    for rows in [(0, 75.0)], [(3600, 5.0), (302, 90.0)]:
        with followed.owner.transaction() as connection:
            write(connection, *((stream, NOW - timedelta(seconds=age_s), result) for age_s, result in rows))
        followed.settle()
    wait_until(
        lambda: {one.result for one in followed.keeper.recent(stream)} == {75, 5}, what="what decides from 40 on"
    )
    edit(80)
    assert {one.result for one in followed.keeper.recent(stream)} == {75, 5, 90}


def test_a_work_rests_for_twenty_times_as_long_as_it_took() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert pace.is_due
    with pace.working():
        now[0] = 102.0
    now[0] = 141.9
    assert not pace.is_due
    now[0] = 142.0
    assert pace.is_due


@pytest.mark.parametrize("payload", ["rubbish", "{}", "[1]", "[[1]]", "[[1, 1e99, 1, 0]]", "[[1, 1, 1, 77]]", "[null]"])
def test_a_notification_that_cannot_be_read_is_passed_over(followed: Followed, payload: str) -> None:
    with followed.owner.transaction() as connection:
        for channel in CHANNELS:
            connection.execute("SELECT pg_notify(%s, %s)", [channel, payload])
    followed.settle()
    assert followed.keeper.is_fresh
    assert followed.keeper.unreadable > 0


def test_a_subscriber_that_fails_keeps_no_news_from_others(followed: Followed) -> None:
    def fail(_: list[Observation]) -> None:
        raise RuntimeError("event loop is closed")

    followed.keeper.subscribe(fail)
    later: list[Observation] = []
    followed.keeper.subscribe(later.extend)
    (stream,) = followed.streams(1)
    with followed.owner.transaction() as connection:
        write(connection, (stream, NOW, 1.0))
    wait_until(lambda: bool(later), what="the news")
    followed.settle()
    assert followed.keeper.is_fresh


def test_a_subscriber_that_failed_once_hears_what_comes_later(followed: Followed) -> None:
    heard: list[Observation] = []

    def listen(observations: list[Observation]) -> None:
        heard.extend(observations)
        if len(heard) == 1:
            raise KeyError("a value that nobody foresaw")

    followed.keeper.subscribe(listen)
    (stream,) = followed.streams(1)
    for number in (1, 2):
        with followed.owner.transaction() as connection:
            write(connection, (stream, NOW - timedelta(minutes=4 - number), 1.0))
        wait_until(lambda: len(heard) == number, what="the news")  # noqa: B023 - called before it changes
