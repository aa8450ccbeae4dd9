"""Whatever is measured, in whatever order it comes, and whatever is edited meanwhile: a keeper that has followed it
all knows the same as one that starts now."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from api.catalogue.keeper import SnapshotKeeper
from api.notices.notices import verdict_of
from geodata.conditions.notices import Level, NoticeRule, measured_level
from geodata.store.catalogue import notice
from geodata.store.channels import OBSERVATION_CHANNEL
from geodata.store.database import Database
from geodata.store.ingest import registry, transaction
from geodata.store.ingest.flush import Flush, ObservationOrigin, SourceMessage
from geodata.times import to_us
from tests.api.trail import FIRST, SECOND, THIRD
from tests.fixtures.process.waiting import wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
NAMES, PROPERTIES = ("boden-2", "neu-1"), ("soil_moisture", "soil_moisture", "rain")
AGES_S = (-600, -50, 0, 50, 299, 301, 302, 3_600, 6 * 86_400, 8 * 86_400, 40 * 86_400)

names, properties = st.sampled_from(NAMES), st.sampled_from(PROPERTIES)
rows = st.tuples(names, properties, st.sampled_from(AGES_S), st.sampled_from([5.0, 35.0, 35.0, 75.0, 90.0]))
steps = st.one_of(
    st.tuples(st.just("measure"), st.lists(rows, min_size=1, max_size=6)),
    st.tuples(st.just("measure"), st.lists(rows, min_size=1, max_size=1)),
    st.tuples(st.just("measure"), st.lists(rows, min_size=1, max_size=1)),
    st.tuples(st.just("move back"), names),
    st.tuples(st.just("station"), names, st.sampled_from([FIRST, SECOND, THIRD, None])),
    st.tuples(st.just("revoke"), names),
    st.tuples(st.just("rule"), names, st.sampled_from([40.0, 80.0])),
    st.tuples(st.just("title"), st.text("abc", min_size=1, max_size=3)),
    st.tuples(st.just("later"), st.sampled_from([40, 150])),
)


@dataclass
class World:
    """A database, a keeper that follows it, and the clock of both."""

    owner: Database
    web: Database
    now: datetime = NOW
    keeper: SnapshotKeeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = SnapshotKeeper(self.web, clock=lambda: self.now)

    def begin(self) -> None:
        """Forget what was measured, and what lies in the future; each device has a rule."""
        self.now += timedelta(seconds=700)
        with self.owner.transaction() as connection:
            for table in ("observation", "latest", "rollup_hour", "notice_rule"):
                connection.execute(f"DELETE FROM {table}".encode())
            connection.execute("SELECT pg_notify(%s, '')", [OBSERVATION_CHANNEL])
        wait_until(lambda: self._knows(rules=0), 5, "the keeper to forget")
        with self.owner.transaction() as connection:
            for device in NAMES:
                _rule(connection, device, 40)
        wait_until(lambda: self._knows(rules=len(NAMES)), 5, "the keeper to know the rules")

    def _knows(self, *, rules: int) -> bool:
        catalogue = self.keeper.current.catalogue
        return len(catalogue.notice_rules) == rules and not any(map(self.keeper.latest, catalogue.datastreams))

    def do(self, step: tuple) -> None:
        with self.owner.transaction() as connection:
            match step:
                case "measure", list(measured):
                    self._measure(connection, measured)
                case "move back", device:
                    _move_back(connection, device, self.now)
                case "station", device, station:
                    _register(connection, device)
                    connection.execute("UPDATE device SET station = %s WHERE id = %s", [station, device])
                case "revoke", device:
                    connection.execute("UPDATE device SET revoked_at = %s WHERE id = %s", [self.now, device])
                case "rule", device, caution:
                    _rule(connection, device, caution)
                case "title", title:
                    connection.execute("UPDATE station_content SET title = %s WHERE station = %s", [title, FIRST])
                case "later", seconds:
                    self.now += timedelta(seconds=seconds)
                case _:
                    raise AssertionError(step)

    def _measure(self, connection: Connection, measured: list[tuple[str, str, int, float]]) -> None:
        flush = Flush("test", to_us(self.now), messages=1, received=len(measured))
        columns = flush.observations
        for device, prop, age_s, result in measured:
            _register(connection, device)
            columns.datastreams.append(registry.add_datastream(connection, device, prop))
            columns.times_us.append(to_us(self.now - timedelta(seconds=age_s)))
            columns.results.append(result)
            columns.qualities.append(0)
            columns.flags.append(0)
            columns.properties.append(prop)
            columns.origins.append(
                ObservationOrigin(SourceMessage("t", b"", device, to_us(self.now)), device, None, None)
            )
        transaction.write(connection, flush)


def _rule(connection: Connection, device: str, caution: float) -> None:
    _register(connection, device)
    rule = NoticeRule(
        id=f"nass-{device}",
        trail="wald",
        station=SECOND,
        device=device,
        observed_property="soil_moisture",
        thresholds={Level.CAUTION: caution, Level.WARNING: caution + 5},
        hysteresis=10,
    )
    notice.save_rule(connection, rule)


def _register(connection: Connection, device: str) -> None:
    connection.execute("INSERT INTO device (id, trail) VALUES (%s, 'wald') ON CONFLICT DO NOTHING", [device])


def _move_back(connection: Connection, device: str, now: datetime) -> None:
    """The newest observations of a device turn out to be ten minutes older, as with a replayed first receipt."""
    connection.execute(
        "UPDATE observation SET phenomenon_time = observation.phenomenon_time - interval '607 s' FROM latest"
        " JOIN datastream ON id = latest.datastream WHERE latest.datastream = observation.datastream AND device = %s"
        " AND observation.phenomenon_time = latest.phenomenon_time AND latest.phenomenon_time <= %s"
        " AND NOT EXISTS (SELECT FROM observation o WHERE o.datastream = observation.datastream"
        " AND o.phenomenon_time = observation.phenomenon_time - interval '607 s')",
        [device, now],
    )
    connection.execute(
        "UPDATE latest SET phenomenon_time = newest.phenomenon_time, result = newest.result FROM ("
        " SELECT DISTINCT ON (datastream) * FROM observation ORDER BY datastream, phenomenon_time DESC) AS newest"
        " WHERE latest.datastream = newest.datastream"
    )
    connection.execute("SELECT pg_notify(%s, '')", [OBSERVATION_CHANNEL])


def known(keeper: SnapshotKeeper, now: datetime) -> dict[str, object]:
    """All that answers are made of."""
    snapshot = keeper.current
    catalogue = snapshot.catalogue
    latest = {stream: keeper.latest(stream) for stream in catalogue.datastreams}
    return {
        "latest": {stream: (seen.phenomenon_time, seen.result) for stream, seen in latest.items() if seen is not None},
        "verdicts": {rule.id: verdict_of(keeper, snapshot, rule, now) for rule in catalogue.notice_rules.values()},
        "levels": [
            measured_level(rule, sorted((seen.phenomenon_time, seen.result or 0) for seen in keeper.recent(stream.id)))
            for rule in catalogue.notice_rules.values()
            for stream in snapshot.datastreams_of_device.get(rule.device, ())
            if stream.observed_property == rule.observed_property
        ],
        "catalogue": catalogue,
        "at stations": {code: sorted(d.id for d in found) for code, found in snapshot.devices_of_station.items()},
        "of devices": snapshot.datastreams_of_device,
        "series": snapshot.series_of_station,
    }


@contextmanager
def following(keeper: SnapshotKeeper) -> Generator[SnapshotKeeper]:
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()


@pytest.fixture
def world(filled_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A keeper that never reads everything of its own accord."""
    monkeypatch.setattr("api.catalogue.following.follower._RELOAD_EVERY_S", 10**9)
    monkeypatch.setattr("api.catalogue.following.follower._POLL_S", 0.02)
    monkeypatch.setattr("geodata.store.ingest.transaction._LATE_SERIES_LIMIT", 3)
    with Database(filled_url) as owner, Database(filled_url, role="digitalpfad_web") as web:
        world = World(owner, web)
        with following(world.keeper):
            yield world


def moist(age_s: int, result: float) -> tuple:
    return "measure", [("boden-2", "soil_moisture", age_s, result)]


@example(script=[moist(0, 35), moist(3600, 5)])
@given(script=st.lists(steps, min_size=1, max_size=8))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_keeper_that_followed_everything_knows_what_a_new_one_does(world: World, script: list[tuple]) -> None:
    world.begin()
    for step in script:
        world.do(step)
    with following(SnapshotKeeper(world.web, clock=lambda: world.now)) as fresh:
        expected = known(fresh, world.now)
    wait_until(lambda: known(world.keeper, world.now) == expected, 5, "the keeper to know the same")
