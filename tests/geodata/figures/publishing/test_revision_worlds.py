"""Random months revised, once and again and back: whoever kept all that was ever public learns no small figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import LiteralString

import numpy as np
import pytest

from geodata.figures.publishing import checking, revision, town
from geodata.figures.publishing.closing import close_due
from geodata.figures.publishing.opened import FiguresOpened
from geodata.figures.publishing.revision import Revised
from geodata.statistics.disclosure.checker import Cell, Key, widths_below
from geodata.statistics.disclosure.figure import NOTHING
from geodata.store.database import Database
from geodata.store.figures import periods
from geodata.vocabulary.figures import CountMeasure
from tests.geodata.figures.publishing.town import counter, found, recount

MONTH = date(2026, 11, 1)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
OPEN = 1
"""A world with passes in which the new figures, beside the old ones, would tell a small one."""
Public = dict[Key, Cell]


def public(database: Database, measure: str) -> Public:
    """What anybody reads of the trail, by an own computation: hours of stations are the smallest figures."""
    with database.transaction() as connection:
        read = connection.execute(
            "SELECT scope, code, bucket, start, value, hours FROM published_figure WHERE measure = %s AND value IS NOT"
            " NULL AND bucket IN ('day', 'month', 'year') AND scope <> 'municipality' ORDER BY scope, bucket",
            [measure],
        ).fetchall()
    figures: Public = {}
    stations, days = {row[1] for row in read if row[0] == "station"}, {row[3] for row in read if row[2] == "day"}
    for scope, code, bucket, start, value, hours in read:
        known = [(number, hour) for number, hour in enumerate(hours or []) if hour is not None]
        for number, hour in known:
            below: list[Key] = [("station", each, "hour", (start, number)) for each in stations if scope == "trail"]
            figures[scope, code, "hour", (start, number)] = _cell(hour, below, figures)
        parts: list[Key] = [(scope, code, "hour", (start, number)) for number, _ in known]
        if bucket != "day":
            within = [day for day in days if bucket == "year" or day.month == start.month]
            parts = [(scope, code, "day", day) for day in within]
        figures[scope, code, bucket, start] = _cell(value, parts, figures)
    return figures


def _cell(value: int, parts: Sequence[Key], there: Public) -> Cell:
    return Cell(None if value == -1 else value, tuple(part for part in parts if part in there))


def learnt(copies: Sequence[Public]) -> set[Key]:
    """Hidden figures that are told to within less than 5 by all copies, between which each hour only grew."""
    cells: dict[Key, Cell] = {}
    for number, copy in enumerate(copies):
        old = copies[number - 1] if number else Public()
        for key, cell in copy.items():
            parts: tuple[Key, ...] = tuple((number, *part) for part in cell.parts)
            if key in old and not cell.parts and None in {cell.value, old[key].value}:
                parts = ((number - 1, *key), ("more", number, *key))
                cells["more", number, *key] = Cell(None)
            cells[number, *key] = Cell(cell.value, parts)
    told = widths_below(cells, 5, asked=lambda key: key[0] != "more")
    return {key for key in told if key[1:4:2] != ("station", "year")}


def revised(database: Database) -> Revised | None:
    """What a revision of the month did; None where it was refused."""
    try:
        with database.transaction() as connection:
            (publishes,) = periods.publishing(connection)
            return revision.revise(connection, publishes, MONTH, by="anna", reason="Zähler ohne Netz")
    except FiguresOpened:
        return None


def undone(database: Database, entry: int) -> int:
    """Take an entry back; the number of the new one."""
    with database.transaction() as connection:
        (publishes,) = periods.publishing(connection)
        return revision.undo(connection, publishes, entry, by="anna", reason="Ein Versehen")


def rows(database: Database) -> list[tuple[object, ...]]:
    """All that is written of figures, hidden counts too."""
    with database.transaction() as connection:
        return [
            row
            for table in ("published_figure", "withheld_count")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5").fetchall()
        ]


class Walked:
    """A random trail with counters whose November is closed; some hours of some counters are not known yet."""

    def __init__(self, database: Database, seed: int, until: date = date(2026, 11, 30)) -> None:
        self._database = database
        self._chance = chance = np.random.default_rng(seed)
        base = chance.choice([0.5, 2, 6, 12], (chance.integers(1, 4), 1, 1)) * chance.uniform(0.2, 2, (1, 1, 4))
        days = 61 if until > date(2026, 11, 30) else 30
        self._all = chance.poisson(base * chance.uniform(0.3, 1.5, (1, days, 1)))
        self._known = np.where(chance.random(self._all.shape) < chance.choice([0, 0.05]), NOTHING, self._all)
        codes = found(database, {"pfad": len(base)})["pfad"]
        with database.transaction() as connection:
            self._channels = {code: counter(connection, "pfad", code) for code in codes}
        recount(database, self._channels, MONTH, self._known)
        list(close_due(database, LATER, until=until))

    def late(self) -> None:
        """Some hours are known now, and of some more passes."""
        chance = self._chance
        more = chance.poisson(chance.choice([0.05, 0.3, 1]), self._all.shape)
        filled = np.where(chance.random(self._all.shape) < 0.5, self._all, self._known)
        self._known = np.where(filled == NOTHING, NOTHING, filled + more)
        self._all += more
        recount(self._database, self._channels, MONTH, self._known)


@pytest.mark.parametrize("seed", range(6))
def test_of_passes_revised_twice_who_kept_all_figures_learns_no_small_one(database: Database, seed: int) -> None:
    world = Walked(database, seed)
    copies = [public(database, "passes")]
    for _ in range(2):
        world.late()
        revised(database)
        copies.append(public(database, "passes"))
    assert learnt(copies) == set()


def test_without_a_look_at_both_copies_somebody_would_learn_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "told", lambda *_: [])
    world = Walked(database, OPEN)
    copies = [public(database, "passes")]
    world.late()
    revised(database)
    assert learnt([*copies, public(database, "passes")]) != set()


@pytest.mark.parametrize("seed", range(4))
def test_a_revision_of_which_nothing_came_since_the_last_changes_nothing(database: Database, seed: int) -> None:
    world = Walked(database, seed)
    world.late()
    first = revised(database)
    once = rows(database)
    again = revised(database)
    assert rows(database) == once
    assert first is None or (again and (again.changed, again.stay) == (0, first.stay))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_undone_at_once_stands_bit_by_bit_as_before_and_still_tells_nothing(
    database: Database, seed: int
) -> None:
    world = Walked(database, seed)
    before, copies = rows(database), [public(database, "passes")]
    world.late()
    done = revised(database)
    if done is None:
        return
    copies.append(public(database, "passes"))
    undone(database, done.entry)
    assert rows(database) == before
    assert learnt(copies) == set()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_undone_after_the_year_closed_adds_up_with_its_weeks_and_its_year(
    database: Database, seed: int
) -> None:
    world = Walked(database, seed)
    november = rows(database)
    world.late()
    done = revised(database)
    assert done
    list(close_due(database, LATER, until=date(2026, 12, 31)))
    closed = rows(database)
    entry = undone(database, done.entry)
    stands = rows(database)
    assert [row for row in november if row not in stands] == []
    assert learnt([public(database, "passes")]) == set()  # and it adds up
    assert sum_of_days(database, date(2026, 11, 30)) == value_of_week(database, date(2026, 11, 30))
    undone(database, entry)
    assert rows(database) == closed


def test_a_year_that_closed_after_a_revision_can_be_checked(database: Database) -> None:
    world = Walked(database, 0)
    world.late()
    assert revised(database)
    list(close_due(database, LATER, until=date(2026, 12, 31)))
    with database.transaction() as connection:
        of = town.load(connection, periods.publishing(connection)[0])
        assert checking.exposed(connection, of, "pfad", CountMeasure.PASSES, date(2026, 1, 1))[1] == []


def sum_of_days(database: Database, monday: date) -> int | None:
    """The trail's passes on the days of a week, where all are shown."""
    return one_value(database, "CASE WHEN min(value) >= 0 THEN sum(value)::int ELSE -1 END", "day", monday)


def value_of_week(database: Database, monday: date) -> int | None:
    return one_value(database, "min(value)", "week", monday)


def one_value(database: Database, asked: LiteralString, bucket: str, monday: date) -> int | None:
    with database.transaction() as connection:
        row = connection.execute(
            f"SELECT {asked} FROM published_figure WHERE scope = 'trail' AND measure = 'passes' AND bucket = %s"
            " AND start >= %s AND start < %s",
            [bucket, monday, monday + timedelta(days=7)],
        ).fetchone()
    assert row
    return row[0]
