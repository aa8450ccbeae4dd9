"""The gateway reads of its registry what changed, and knows the same as if it had read all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.pipeline.current_registry import CurrentRegistry
from gateway.pipeline.database_store import DatabaseStore
from gateway.registry_watch import RegistryWatch
from geodata.errors import StoreRejected
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.ingest import registry
from geodata.store.ingest.flush import Confirmation
from geodata.store.ingest.partition_lock import PartitionLock
from geodata.store.ingest.registry import Registry
from geodata.store.ingest.replay import CONFIRMATION_CHANNEL
from tests.fixtures.databases.counting import CountingDatabase
from tests.fixtures.process.waiting import wait_until

MANY = 2_000


@dataclass
class Watched:
    """A gateway's registry that follows a database with many devices."""

    url: str
    database: CountingDatabase
    current: CurrentRegistry
    watch: RegistryWatch

    def do(self, statement: str, *parameters: object) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode(), parameters)

    def whole(self) -> Registry:
        with psycopg.connect(self.url) as connection:
            return registry.load(connection)


@pytest.fixture
def watched(database_url: str) -> Iterator[Watched]:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO device (id, trail) SELECT 'd-' || i, 'other' FROM generate_series(1, %s) i", [MANY]
        )
        connection.execute(
            "INSERT INTO datastream (device, observed_property) SELECT id, 'rain' FROM device WHERE trail = 'other'"
        )
    with CountingDatabase(database_url, role=roles.GATEWAY) as database:
        lock = PartitionLock(database, None)
        assert lock.acquire()
        current = CurrentRegistry(DatabaseStore(lock))
        watch = RegistryWatch(database, lock, current.changed, lambda trail, confirmation: None)
        watch.start()
        wait_until(lambda: watch.answered_at > 0, what="the watch to listen")
        current.get()
        try:
            yield Watched(database_url, database, current, watch)
        finally:
            watch.stop()
            lock.close()


def test_an_added_a_moved_and_a_revoked_device_are_read_alone(watched: Watched) -> None:
    watched.database.reset()
    watched.do("INSERT INTO device (id, trail) VALUES ('new-01', 'other')")
    wait_until(lambda: "new-01" in watched.current.get().devices, what="the new device")
    watched.do("UPDATE device SET trail = 'stadtwald' WHERE id = 'd-7'")
    wait_until(lambda: watched.current.get().devices["d-7"].trail == "stadtwald", what="the moved device")
    watched.do("UPDATE device SET revoked_at = now() WHERE id = 'd-8'")
    wait_until(lambda: "d-8" not in watched.current.get().devices, what="the revoked device to be gone")
    read = [statement for statement in watched.database.statements if "FROM device" in statement]
    assert len(read) == 3
    assert watched.database.rows < 500  # the properties each time, and the lock that the watch looks at
    assert watched.current.get() == watched.whole()


def test_a_property_that_is_renamed_under_way_is_one_series_whichever_name_a_device_sends(watched: Watched) -> None:
    watched.do("UPDATE observed_property SET id = 'precipitation', aliases = '{rain}' WHERE id = 'rain'")
    with psycopg.connect(watched.url) as connection:
        new = registry.add_datastream(connection, "climate-01", "rain")  # validated before the gateway heard of it
    wait_until(lambda: "precipitation" in watched.current.get().properties, what="the new name")
    assert watched.current.get().properties["rain"].id == "precipitation"
    assert watched.current.get().devices["climate-01"].datastreams == {"precipitation": new}
    assert watched.current.get().devices["d-1"].datastreams.keys() == {"precipitation"}
    assert watched.current.get() == watched.whole()


def test_a_told_device_that_the_database_cannot_be_asked_for_is_refused_once(watched: Watched) -> None:
    watched.do("INSERT INTO device (id, trail) VALUES ('new-01', 'other')")
    watched.current.changed(["new-01", "a\0b"])
    with pytest.raises(StoreRejected):
        watched.current.get()
    assert watched.current.get() == watched.whole()


def test_a_change_outlasts_a_reading_that_fails_as_nobody_foresaw(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(registry, "update", lambda *_: 1 / 0)
        watched.do("INSERT INTO device (id, trail) VALUES ('new-01', 'other')")
        watched.current.changed(["new-01"])
        with pytest.raises(ZeroDivisionError):
            watched.current.get()
    assert "new-01" in watched.current.get().devices


@pytest.mark.parametrize(
    "payload", ["rubbish", "{}", "[1]", '["a', "\N{EURO SIGN}", "[[]]", "null", '{"x":' + "[" * 7000]
)
def test_a_notification_that_cannot_be_read_is_passed_over(watched: Watched, payload: str) -> None:
    for channel in ("digitalpfad_device", "digitalpfad_confirmation"):
        watched.do(f"SELECT pg_notify('{channel}', %s)", payload)
    watched.do("INSERT INTO device (id, trail) VALUES ('new-01', 'other')")
    wait_until(lambda: "new-01" in watched.current.get().devices, what="the new device")
    assert watched.current.get() == watched.whole()
    assert watched.watch.worker.faults == 0


@pytest.mark.parametrize(
    ("trail", "device", "is_told"),
    [
        ("stadtwald", "klima-01", True),
        *[("stadtwald", name, False) for name in ("#", "+", "", "a/b", "a\0", "A", "klima-01\n", "a" * 64)],
        ("#", "klima-01", False),
    ],
)
def test_a_confirmation_is_passed_on_for_a_device_alone(trail: str, device: str, is_told: bool) -> None:
    told: list[tuple[str, Confirmation]] = []
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    watch = RegistryWatch(database, PartitionLock(database, None), lambda _: None, lambda *each: told.append(each))
    payload = json.dumps({"trail": trail, "device": device, "boot": "b1", "seq": 7})
    watch._guard.take(CONFIRMATION_CHANNEL, payload)
    assert told == ([(trail, Confirmation(device, "b1", 7))] if is_told else [])
    assert watch.unreadable == (not is_told)


def test_a_datastream_that_the_gateway_adds_has_nothing_read_again(watched: Watched) -> None:
    watched.database.reset()
    watched.do("INSERT INTO datastream (device, observed_property) VALUES ('d-1', 'air_temperature')")
    watched.do("UPDATE device SET name = 'a mark' WHERE id = 'd-2'")
    wait_until(
        lambda: watched.current.get() and [s for s in watched.database.statements if "AND id = ANY" in s],
        what="the marked device to be read",
    )
    assert "air_temperature" not in watched.current.get().devices["d-1"].datastreams


def test_a_stranger_is_looked_for_by_its_name(watched: Watched) -> None:
    watched.database.reset()
    known = watched.current.seek({"unregistered", "d-1"})
    assert "unregistered" not in known.devices
    assert watched.database.rows < 100


steps = st.one_of(
    st.tuples(st.just("INSERT INTO device (id, trail) VALUES (%s, 'other') ON CONFLICT DO NOTHING"), st.integers(1, 9)),
    st.tuples(st.just("UPDATE device SET revoked_at = now() WHERE id = %s"), st.integers(1, 9)),
    st.tuples(st.just("UPDATE device SET revoked_at = NULL, trail = 'stadtwald' WHERE id = %s"), st.integers(1, 9)),
    st.tuples(
        st.just(
            "WITH stay AS (INSERT INTO device_stay (device, trail, until) SELECT id, trail, now() FROM device"
            " WHERE id = %s RETURNING device) UPDATE device SET trail = 'stadtwald' FROM stay WHERE id = stay.device"
        ),
        st.integers(1, 9),
    ),
    st.tuples(st.just("DELETE FROM device WHERE id = %s"), st.integers(1, 9)),
    st.tuples(st.just("UPDATE device SET trail = 'stadtwald' WHERE trail = 'other' AND id < %s"), st.integers(1, 9)),
    st.tuples(st.just("UPDATE observed_property SET maximum = maximum + 1 WHERE id > %s"), st.integers(1, 9)),
)


@given(script=st.lists(steps, min_size=1, max_size=8))
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_the_registry_is_as_if_read_whole(watched: Watched, script: list[tuple[str, int]]) -> None:
    for statement, number in script:
        watched.do(statement, f"e-{number}")
    expected = watched.whole()
    wait_until(lambda: watched.current.get() == expected, 5, "the registry to be the same")
