"""A web process writes down in which minutes it counted scans, whether anybody scanned or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.webapp.scans.uptime import Uptime
from geodata.store import roles
from geodata.store.access import scan_uptime
from geodata.store.database import Database
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import Hikers

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Machine:
    """A clock that a test sets, and one that runs with the machine."""

    def __init__(self, now: datetime = TEN) -> None:
        self.now = now
        self.running_s = 0.0
        self.uptime = Uptime(lambda: self.now, lambda: self.running_s)

    def after(self, database: Database, seconds: float, *, asleep: bool = False) -> None:
        """So long later the process writes; ``asleep``: the machine did not run meanwhile."""
        self.now += timedelta(seconds=seconds)
        self.running_s += 0 if asleep else seconds
        self.uptime.write(database)


def minutes(database: Database) -> dict[int, str]:
    """By hour after TEN its bits, as 0 and 1."""
    with database.transaction() as connection:
        rows = connection.execute("SELECT hour, minutes::text FROM scan_uptime ORDER BY hour").fetchall()
    return {round((hour - TEN) / timedelta(hours=1)): bits for hour, bits in rows}


def test_each_minute_is_set_once_and_of_the_right_hour(database: Database) -> None:
    machine = Machine(TEN + timedelta(minutes=58))
    for _ in range(60):
        machine.after(database, 3)
    assert minutes(database) == {0: "0" * 58 + "11", 1: "11".ljust(60, "0")}


def test_minutes_in_which_the_thread_waited_count_and_those_of_a_machine_at_rest_do_not(database: Database) -> None:
    machine = Machine()
    machine.after(database, 59)
    machine.after(database, 130)  # the database took its time
    machine.after(database, 1800, asleep=True)
    assert minutes(database) == {0: "1111" + "0" * 29 + "1" + "0" * 26}


def test_a_clock_that_steps_ahead_or_back_adds_no_minutes_between(database: Database) -> None:
    machine = Machine(TEN + timedelta(minutes=30))
    machine.after(database, 1)
    machine.now += timedelta(days=400)
    machine.after(database, 1)
    machine.now = TEN + timedelta(minutes=10)
    machine.after(database, 1)
    found = minutes(database)
    assert found.pop(0) == "0" * 10 + "1" + "0" * 19 + "1" + "0" * 29
    assert [bits.count("1") for bits in found.values()] == [1]


def test_minutes_wait_while_the_database_does_not_answer(database: Database) -> None:
    machine = Machine()
    away = Database("postgresql://nobody@127.0.0.1:1/none", pool_size=1)
    for _ in range(3):
        machine.after(away, 60)
    assert minutes(database) == {}
    machine.after(database, 60)
    assert minutes(database) == {0: "01111".ljust(60, "0")}


def test_two_processes_at_once_are_no_more_than_one(database: Database) -> None:
    one, other = Machine(), Machine(TEN + timedelta(minutes=2))
    for machine in (one, other) * 3:
        machine.after(database, 60)
    with database.transaction() as connection:
        assert scan_uptime.shares(connection, TEN, TEN + timedelta(hours=1)) == {0: 5 / 60}


def test_the_web_role_may_write_it_and_the_gateway_read_it(database: Database, database_url: str) -> None:
    with Database(database_url, role=roles.WEB) as web:
        Machine().after(web, 1)
    with Database(database_url, role=roles.GATEWAY) as gateway, gateway.transaction() as connection:
        assert scan_uptime.shares(connection, TEN, TEN + timedelta(hours=1)) == {0: 1 / 60}


def test_a_web_app_that_nobody_asks_says_that_it_counted(hikers: Hikers) -> None:
    wait_until(lambda: minutes(hikers.database), what="a minute of uptime")
