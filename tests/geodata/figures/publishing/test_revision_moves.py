"""A counter hung elsewhere, as is known later: its wrong figures go, and nobody learns a small one by what went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from geodata.figures.publishing import calendar, checking, open_counts, revision
from geodata.figures.publishing.closing import close_due
from geodata.figures.publishing.opened import FiguresOpened
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.figures.publishing.revised_day import RevisedAs
from geodata.figures.publishing.revision import KeptDay, Revised
from geodata.statistics.disclosure.checker import Cell, Key, widths_below
from geodata.store.database import Database
from geodata.store.figures import periods
from geodata.vocabulary.figures import CountMeasure, FigureScope
from tests.geodata.figures.publishing.town import TOWN, counter, found, move, recount

MONTH = date(2026, 11, 1)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
OPEN = 7
"""A world in which what went would tell a small figure."""


class Moved:
    """A random trail and a second one, each with a station without a counter; one counter is moved, or none hung."""

    def __init__(self, database: Database, seed: int) -> None:
        self._database = database
        chance = np.random.default_rng(seed)
        size = int(chance.integers(1, 4))
        base = chance.choice([0.2, 1, 6, 12], (size + 1, 1, 1)) * chance.uniform(0.2, 2, (1, 1, 6))
        self.counts = chance.poisson(base * chance.uniform(0.3, 1.5, (1, 30, 1)))
        codes = found(database, {"pfad": size + 1, "weg": 2})
        self.free = [codes["pfad"][-1], codes["weg"][-1], None][seed % 3]
        self.counted = [*codes["pfad"][:-1], codes["weg"][0]]
        self._first = int(chance.integers(0, 29))
        with database.transaction() as connection:
            trails = ["pfad"] * size + ["weg"]
            self._channels = {
                code: counter(connection, trail, code) for trail, code in zip(trails, self.counted, strict=True)
            }
        recount(database, self._channels, MONTH, self.counts)
        list(close_due(database, LATER, until=date(2026, 11, 30)))

    def move(self) -> None:
        """The first counter of the first trail hung elsewhere since a day."""
        at = calendar.midnight(MONTH + timedelta(days=self._first), "Europe/Berlin")
        move(self._database, self._channels[self.counted[0]], self.free, at)

    def public(self, number: int) -> Mapping[Key, Cell]:
        """What anybody reads, who knows which counter hung where: its hours are the same wherever they are said."""
        with self._database.transaction() as connection:
            read = connection.execute(
                "SELECT scope, code, bucket, start, value, hours, coalesce(trail, code) FROM published_figure"
                " LEFT JOIN station USING (code) WHERE measure = 'passes' AND value IS NOT NULL"
                " AND bucket IN ('day', 'month', 'year') AND scope <> 'municipality' ORDER BY scope, bucket"
            ).fetchall()
        cells: dict[Key, Cell] = {}
        trail_of = {code: trail for _, code, *_, trail in read}
        for scope, code, bucket, start, value, hours, _ in read:
            known = [(hour, each) for hour, each in enumerate(hours or []) if each is not None]
            stations = [each for each in trail_of if trail_of[each] == code and each != code]
            for hour, each in known:
                below: list[Key] = [(number, "station", station, "hour", (start, hour)) for station in stations]
                if scope == "station":
                    index = 0 if code == self.free else self.counted.index(code)
                    below = [("leaf", index, start, hour)]
                    cells[below[0]] = Cell(None)
                cells[number, scope, code, "hour", (start, hour)] = _cell(each, below, cells)
            parts: list[Key] = [(number, scope, code, "hour", (start, hour)) for hour, _ in known]
            if bucket != "day":
                days = [MONTH + timedelta(days=day) for day in range(30)]
                parts = [(number, scope, code, "day", day) for day in days]
            cells[number, scope, code, bucket, start] = _cell(value, parts, cells)
        return cells

    def learnt(self, copies: Sequence[Mapping[Key, Cell]]) -> set[Key]:
        """Hidden figures of 1 to 4 that are told to within less than 5 by all copies together."""
        cells = {key: cell for copy in copies for key, cell in copy.items()}
        told = widths_below(cells, 5, asked=lambda key: key[0] != "leaf")
        return {key for key in told if 0 < self._value(key, cells) < 5}

    def _value(self, key: Key, cells: Mapping[Key, Cell]) -> int:
        if key[0] == "leaf":
            _, station, day, hour = key
            assert isinstance(station, int)
            assert isinstance(day, date)
            assert isinstance(hour, int)
            return int(self.counts[station, (day - MONTH).days, hour])
        return sum(self._value(part, cells) for part in cells[key].parts)


def _cell(value: int, parts: Sequence[Key], there: Mapping[Key, Cell]) -> Cell:
    return Cell(None if value == -1 else value, tuple(part for part in parts if part in there))


def revised(database: Database) -> Revised | None:
    """What a revision of the month did; None where it was refused."""
    try:
        with database.transaction() as connection:
            (publishes,) = periods.publishing(connection)
            return revision.revise(connection, publishes, MONTH, by="anna", reason="Zähler hing woanders")
    except FiguresOpened:
        return None


@pytest.mark.parametrize("seed", [1, 3, 5, 7, 13, 19])
def test_who_knows_where_a_counter_hung_and_kept_all_figures_learns_no_small_one(database: Database, seed: int) -> None:
    world = Moved(database, seed)
    copies = [world.public(0)]
    assert world.learnt(copies) == set()
    world.move()
    revised(database)
    copies.append(world.public(1))
    assert world.learnt(copies) == set()


def test_without_a_look_at_what_went_somebody_would_learn_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "told", lambda *_: [])
    world = Moved(database, OPEN)
    copies = [world.public(0)]
    world.move()
    revised(database)
    assert world.learnt([*copies, world.public(1)]) != set()


@dataclass(frozen=True)
class Busy:
    """A trail of two stations with 9 passes in each hour at the first; the second has no counter."""

    database: Database
    codes: list[str]
    channel: int

    def value(self, code: str, bucket: str, start: date = MONTH) -> int | None:
        with self.database.transaction() as connection:
            row = connection.execute(
                "SELECT value FROM published_figure WHERE measure = 'passes' AND code = %s AND bucket = %s"
                " AND start = %s",
                [code, bucket, start],
            ).fetchone()
        return row[0] if row else None

    def open_data(self, code: str) -> list[tuple[str, int | None]]:
        """Of each day which counter hung there, and what it counted."""
        place = FigurePlace(scope=FigureScope.STATION, code=code, municipality=TOWN, zone=ZoneInfo("Europe/Berlin"))
        with self.database.transaction() as connection:
            found = open_counts.channels(connection, TOWN, [place])
            november = (MONTH, date(2026, 12, 1))
            return [
                (each.counter, each.count)
                for channel in found
                for each in open_counts.measures(connection, channel, FigureBucket.DAY, november)
            ]


@pytest.fixture
def busy(database: Database) -> Busy:
    codes = found(database, {"pfad": 2})["pfad"]
    with database.transaction() as connection:
        channel = counter(connection, "pfad", codes[0])
    recount(database, {codes[0]: channel}, MONTH, np.full((1, 30, 24), 9))
    list(close_due(database, LATER, until=date(2026, 11, 30)))
    return Busy(database, codes, channel)


def test_the_figures_of_a_counter_that_hung_elsewhere_go_with_it_to_its_true_place(busy: Busy) -> None:
    first, second = busy.codes
    move(busy.database, busy.channel, second, calendar.midnight(date(2026, 11, 11), "Europe/Berlin"))
    done = revised(busy.database)
    assert done
    assert (done.changed, done.stay, done.same) == (20, 0, 40)
    assert [busy.value(code, "day", date(2026, 11, 10)) for code in busy.codes] == [216, None]
    assert [busy.value(code, "day", date(2026, 11, 11)) for code in busy.codes] == [None, 216]
    assert [busy.value(code, "month") for code in (first, second, "pfad", TOWN)] == [2160, 4320, 6480, 6480]


def test_open_data_names_a_counter_exactly_where_it_has_figures_after_it_was_moved_and_revised(busy: Busy) -> None:
    move(busy.database, busy.channel, busy.codes[1], calendar.midnight(date(2026, 11, 11), "Europe/Berlin"))
    assert revised(busy.database)
    for code in busy.codes:
        days = busy.open_data(code)
        assert len(days) in {20, 30}
        assert all(bool(counter) == (count is not None) for counter, count in days), days


def test_the_figures_of_a_counter_that_hung_nowhere_become_gaps_and_come_back_when_taken_back(busy: Busy) -> None:
    move(busy.database, busy.channel, None, calendar.midnight(MONTH, "Europe/Berlin"))
    done = revised(busy.database)
    assert done
    assert (done.changed, done.stay) == (30, 0)
    assert {busy.value(code, "month") for code in (busy.codes[0], "pfad", TOWN)} == {None}
    with busy.database.transaction() as connection:
        (publishes,) = periods.publishing(connection)
        revision.undo(connection, publishes, done.entry, by="anna", reason="Ein Versehen")
    assert busy.value("pfad", "month") == busy.value(TOWN, "month") == 6480


def test_a_day_whose_vanished_figure_the_trail_would_tell_stays_and_is_named(database: Database) -> None:
    codes = found(database, {"pfad": 2})["pfad"]
    counts = np.full((2, 30, 24), 9)
    counts[0, 4] = 0
    counts[0, 4, 12] = 3  # hidden beside the second station's, under the trail's
    counts[0, 7] = 0
    counts[0, 7, 12] = 4
    with database.transaction() as connection:
        channels = {code: counter(connection, "pfad", code) for code in codes}
    recount(database, channels, MONTH, counts)
    list(close_due(database, LATER, until=date(2026, 11, 30)))
    move(database, channels[codes[0]], None, calendar.midnight(MONTH, "Europe/Berlin"))
    done = revised(database)
    assert done
    assert (done.changed, done.stay) == (27, 3)
    assert done.kept == [
        KeptDay("pfad", CountMeasure.PASSES, date(2026, 11, day), RevisedAs.TELLS) for day in (5, 6, 8)
    ]
