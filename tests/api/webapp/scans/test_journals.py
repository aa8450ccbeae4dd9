"""Whatever ends the process or the database at whatever step, each scan is in the database once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.webapp.scans.counter import ScanCounter
from api.webapp.scans.journal import Journal
from api.webapp.scans.journals import ScanJournals
from geodata.errors import StartRefused, StoreUnavailable
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from tests.fixtures.databases.database import one_row
from tests.fixtures.web.hikers import OAKS, PONDS

HOUR = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Away:
    """A database that does not answer."""

    def transaction(self) -> None:
        raise StoreUnavailable("away")


class KilledError(BaseException):
    """The process ends here."""


class Steps:
    """Lets some steps pass, then raises; ``left`` None: lets all pass."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.error: BaseException = KilledError()

    def one(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise self.error


@dataclass
class StoppedDatabase:
    """A database whose transactions end at a step: before they begin, before they commit, or after."""

    database: Database
    steps: Steps

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        self.steps.one()
        with self.database.transaction() as connection:
            yield connection
            self.steps.one()
        self.steps.one()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Steps that also end a process around what is done to files."""
    made = Steps()

    def around(act: Callable[[Journal], None]) -> Callable[[Journal], None]:
        def acting(journal: Journal) -> None:
            made.one()
            act(journal)
            made.one()

        return acting

    for act in (Journal.empty, Journal.remove):
        monkeypatch.setattr(Journal, act.__name__, around(act))
    return made


def counted(database: Database) -> int:
    with database.transaction() as connection:
        return one_row(connection, "SELECT coalesce(sum(count), 0)::int FROM scan_hour")[0]


def cleared(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("DELETE FROM scan_hour")
        connection.execute("DELETE FROM scan_journal")


ENDS = st.tuples(st.integers(0, 5), st.integers(0, 14), st.booleans(), st.binary(max_size=12).map(lambda b: b[:-1]))
"""Scans, then a hand-over that ends after so many steps: killed, or the database is away; and half a line."""


def test_each_scan_is_added_once_whatever_ends_at_whatever_step(
    demo_trail: None, database: Database, steps: Steps
) -> None:
    @settings(max_examples=60)
    @given(st.lists(ENDS, min_size=1, max_size=6), st.sampled_from([1, 60, 10_000]))
    def ended_anywhere(ends: list[tuple[int, int, bool, bytes]], new_after: int) -> None:
        cleared(database)
        shaky, scans = cast("Database", StoppedDatabase(database, steps)), 0
        with TemporaryDirectory() as name:
            folder = Path(name)
            journals = ScanJournals(lambda: folder, new_after=new_after)
            journals.open()
            for number, step, is_killed, torn in ends:
                for _ in range(number):
                    assert journals.append((PONDS, HOUR, "de", "sign"))
                scans += number
                steps.left, steps.error = step, KilledError() if is_killed else StoreUnavailable("away")
                with suppress(KilledError, StoreUnavailable):
                    journals.hand_over(shaky)
                steps.left = None
                if is_killed:
                    own = journals._own  # pyright: ignore[reportPrivateUsage]
                    if own is not None:
                        with own.path.open("ab") as file:
                            file.write(torn.replace(b"\n", b"?"))
                    journals.close()  # as the system lets go of a process's files
                    journals = ScanJournals(lambda: folder, new_after=new_after)
                    journals.open()
            journals.close()
            journals.hand_over(database)
            assert counted(database) == scans
            assert list(folder.iterdir()) == []
            with database.transaction() as connection:
                assert one_row(connection, "SELECT count(*) FROM scan_journal") == (0,)

    ended_anywhere()


def test_two_processes_that_find_the_same_left_behind_add_it_once(
    demo_trail: None, database: Database, tmp_path: Path
) -> None:
    for _ in range(5):
        left = ScanJournals(lambda: tmp_path)
        left.open()
        for _ in range(7):
            left.append((PONDS, HOUR, "de", "sign"))
        left.close()
    others = [ScanJournals(lambda: tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=one.hand_over, args=[database]) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(database) == 35


def test_scans_of_a_removed_station_hold_up_no_others(demo_trail: None, database: Database, tmp_path: Path) -> None:
    journals = ScanJournals(lambda: tmp_path)
    journals.open()
    for station in ("ZZZZZZ", PONDS, OAKS, "ZZZZZZ"):
        journals.append((station, HOUR, "de", "sign"))
    journals.hand_over(database)
    assert counted(database) == 2
    assert journals.waiting == 0


def test_what_cannot_be_written_is_counted_in_memory_until_it_can(
    demo_trail: None, database: Database, tmp_path: Path
) -> None:
    is_there = False

    def folder() -> Path:
        if not is_there:
            raise StartRefused("The data directory cannot be used.")
        return tmp_path

    journals = ScanJournals(folder)
    scans = ScanCounter(database, journals)
    journals.open()
    scans.count((PONDS, HOUR, "de", "sign"))
    assert "cannot be used" in journals.trouble
    assert scans.waiting == 1
    is_there = True
    scans.write()
    scans.write()
    assert journals.trouble == ""
    scans.count((PONDS, HOUR, "de", "sign"))
    assert [path.stat().st_size > 0 for path in tmp_path.iterdir()] == [True]
    scans.write()
    assert (counted(database), scans.waiting) == (2, 0)


def test_a_full_journal_is_not_written_any_more_and_the_rest_is_counted_in_memory(
    demo_trail: None, database: Database, tmp_path: Path
) -> None:
    journals = ScanJournals(lambda: tmp_path, most_bytes=100, new_after=100)
    scans = ScanCounter(database, journals)
    journals.open()
    for _ in range(10):
        scans.count((PONDS, HOUR, "de", "sign"))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 140
    assert "full" in journals.trouble
    assert scans.waiting == 10
    scans.write()
    scans.count((PONDS, HOUR, "de", "sign"))
    scans.write()
    assert counted(database) == 11
    assert (scans.waiting, journals.trouble) == (0, "")


def test_what_waits_is_told_in_bytes_and_since_when_until_the_database_has_it(
    demo_trail: None, database: Database, tmp_path: Path
) -> None:
    journals = ScanJournals(lambda: tmp_path)
    journals.open()
    journals.append((PONDS, HOUR, "de", "sign"))
    journals._settled_at -= 700
    with pytest.raises(StoreUnavailable):
        journals.hand_over(cast("Database", Away()))
    assert journals.waiting_bytes == sum(path.stat().st_size for path in tmp_path.iterdir()) > 0
    assert journals.behind_s >= 700
    journals.hand_over(database)
    assert journals.waiting_bytes == 0
    assert journals.behind_s < 700


def test_a_clean_end_leaves_no_file(demo_trail: None, database: Database, tmp_path: Path) -> None:
    scans = ScanCounter(database, ScanJournals(lambda: tmp_path), every_s=3600)
    scans.start()
    scans.count((PONDS, HOUR, "de", "sign"))
    assert len(list(tmp_path.iterdir())) == 1
    scans.stop()
    assert (counted(database), list(tmp_path.iterdir())) == (1, [])


def test_the_web_role_may_hand_over(demo_trail: None, database_url: str, tmp_path: Path) -> None:
    with Database(database_url, role="digitalpfad_web") as database:
        journals = ScanJournals(lambda: tmp_path, new_after=1)
        journals.open()
        journals.append((PONDS, HOUR, "de", "sign"))
        journals.hand_over(database)
        journals.hand_over(database)
        assert counted(database) == 1
