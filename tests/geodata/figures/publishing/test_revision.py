"""A closed month revised: what came late counts, and who kept the old figures learns no small one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from geodata.errors import InvalidInput
from geodata.figures.publishing import checking, revision, town
from geodata.figures.publishing.closing import close_due
from geodata.figures.publishing.opened import FiguresOpened
from geodata.figures.publishing.revision import Revised
from geodata.statistics.disclosure.checker import Cell, Key, widths_below
from geodata.statistics.disclosure.figure import Counts
from geodata.store.database import Database
from geodata.store.figures import periods
from geodata.vocabulary.figures import CountMeasure
from tests.geodata.figures.publishing.town import found, scan

MONTH = date(2026, 11, 1)
OPEN = 2
"""A world in which the new figures of a day, beside the old ones, would tell a small one."""
LATER = datetime(2030, 1, 1, tzinfo=UTC)
Rows = list[tuple[object, ...]]


def rows(database: Database) -> Rows:
    """All that is written of figures, hidden counts too."""
    with database.transaction() as connection:
        figures = connection.execute("SELECT * FROM published_figure ORDER BY 1, 2, 3, 4, 5").fetchall()
        return [*figures, *connection.execute("SELECT * FROM withheld_count ORDER BY 1, 2, 3, 4, 5").fetchall()]


def revised(database: Database, month: date = MONTH) -> Revised:
    with database.transaction() as connection:
        (publishes,) = periods.publishing(connection)
        return revision.revise(connection, publishes, month, by="anna", reason="Telefone waren offline")


def closed(database: Database, counts: Counts, until: date = date(2026, 11, 30)) -> list[str]:
    """A trail whose stations were scanned so often (stations x days x hours) in November."""
    codes = found(database, {"pfad": len(counts)})["pfad"]
    scan(database, codes, MONTH, counts)
    list(close_due(database, LATER, until=until))
    return codes


def late(database: Database, codes: list[str], counts: Counts) -> None:
    """So many scans are known now."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM scan_hour")
    scan(database, codes, MONTH, counts)


def value(database: Database, bucket: str, start: date, scope: str = "trail") -> int | None:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT value FROM published_figure WHERE measure = 'scans' AND bucket = %s AND start = %s AND scope = %s",
            [bucket, start, scope],
        ).fetchone()
    assert row
    return row[0]


def busy(days: int = 30) -> Counts:
    """Two stations that are scanned 9 times in each of three hours."""
    counts = np.zeros((2, days, 15), dtype=np.int64)
    counts[:, :, 12:] = 9
    return counts


def test_late_scans_count_in_their_day_week_month_and_year_and_nowhere_else(database: Database) -> None:
    counts = busy(61)
    codes = closed(database, counts, date(2026, 12, 31))
    before = rows(database)
    counts[0, 4, 12] += 7
    late(database, codes, counts)
    done = revised(database)
    assert (done.changed, done.stay) == (1, 0)
    assert value(database, "day", date(2026, 11, 5)) == 61
    assert value(database, "week", date(2026, 11, 2)) == 7 * 54 + 7
    assert value(database, "month", MONTH, "municipality") == 30 * 54 + 7
    assert value(database, "year", date(2026, 1, 1)) == 61 * 54 + 7
    changed = {row[4] for row in rows(database) if row not in before}
    assert changed == {date(2026, 11, 5), date(2026, 11, 2), MONTH, date(2026, 1, 1)}


def test_a_month_of_which_nothing_came_late_stays_bit_by_bit(database: Database) -> None:
    chance = np.random.default_rng(3)
    closed(database, chance.poisson(0.4, (3, 30, 24)))
    before = rows(database)
    done = revised(database)
    assert (done.changed, done.stay) == (0, 0)
    assert rows(database) == before


def test_a_day_whose_new_figures_would_tell_a_small_one_stays_as_it_was(database: Database) -> None:
    counts = busy()
    codes = closed(database, counts)
    before = rows(database)
    counts[0, 4, 2] = 1  # an hour that was shown as 0
    late(database, codes, counts)
    done = revised(database)
    assert (done.changed, done.stay) == (0, 1)
    assert rows(database) == before


def test_a_month_that_is_not_closed_is_refused(database: Database) -> None:
    closed(database, busy(), date(2026, 11, 20))
    with pytest.raises(InvalidInput, match=r"2026-11.*a month of kalletal that is closed"):
        revised(database)


def public(database: Database) -> dict[Key, tuple[int | None, list[Key]]]:
    """What anybody reads of the trail by an own computation: station hours are the smallest figures."""
    figures: dict[Key, tuple[int | None, list[Key]]] = {}
    with database.transaction() as connection:
        read = connection.execute(
            "SELECT scope, code, bucket, start, nullif(value, -1), hours FROM published_figure WHERE measure = 'scans'"
            " AND bucket IN ('day', 'month', 'year') AND scope <> 'municipality' ORDER BY scope, bucket"
        ).fetchall()
    stations = {row[1] for row in read if row[0] == "station"}
    days = sorted({row[3] for row in read if row[2] == "day"})
    for scope, code, bucket, start, figure, hours in read:
        for number, hour in enumerate(hours or []):
            of: list[Key] = [("station", station, "hour", (start, number)) for station in stations]
            figures[scope, code, "hour", (start, number)] = (
                None if hour == -1 else hour,
                of if scope == "trail" else [],
            )
        parts: list[Key] = [(scope, code, "hour", (start, number)) for number in range(len(hours or []))]
        if bucket != "day":
            parts = [(scope, code, "day", day) for day in days if bucket == "year" or day.month == start.month]
        figures[scope, code, bucket, start] = (figure, parts)
    return figures


def learnt(old: dict[Key, tuple[int | None, list[Key]]], new: dict[Key, tuple[int | None, list[Key]]]) -> set[Key]:
    """Hidden figures that are told to within less than 5 by both copies, where each hour only grew."""
    cells: dict[Key, Cell] = {}
    for name, copy in (("old", old), ("new", new)):
        for key, (figure, parts) in copy.items():
            of: tuple[Key, ...] = tuple((name, *part) for part in parts)
            if name == "new" and not parts and None in {figure, old[key][0]}:
                of = (("old", *key), ("more", *key))
                cells["more", *key] = Cell(None)
            cells[name, *key] = Cell(figure, of)
    return {
        key for key in widths_below(cells, 5, asked=lambda key: key[0] != "more") if key[1:4:2] != ("station", "year")
    }


def world(database: Database, seed: int) -> tuple[set[Key], Revised | None]:
    """A random trail, revised after random scans came late; what who has both copies learns."""
    chance = np.random.default_rng(seed)
    base = chance.choice([0.5, 2, 6, 12], (chance.integers(1, 4), 1, 1)) * chance.uniform(0.2, 2, (1, 1, 4))
    counts = chance.poisson(base * chance.uniform(0.3, 1.5, (1, 6, 1)))
    codes = closed(database, counts)
    old = public(database)
    late(database, codes, counts + chance.poisson(chance.choice([0.05, 0.3, 1]), counts.shape))
    try:
        done = revised(database)
    except FiguresOpened:
        done = None
    return learnt(old, public(database)), done


@pytest.mark.parametrize("seed", range(4))
def test_who_kept_the_old_figures_learns_no_small_one(database: Database, seed: int) -> None:
    assert world(database, seed)[0] == set()


def test_without_a_look_at_both_copies_somebody_would_learn_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "told", lambda *_: [])
    assert world(database, OPEN)[0] != set()


def test_an_operators_check_looks_at_all_copies(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = busy()
    codes = closed(database, counts)
    counts[0, 4, 2] = 1
    late(database, codes, counts)
    with monkeypatch.context() as blind:
        blind.setattr(checking, "told", lambda *_: [])
        revised(database)
    with database.transaction() as connection:
        of = town.load(connection, periods.publishing(connection)[0])
        assert checking.exposed(connection, of, "pfad", CountMeasure.SCANS, date(2026, 1, 1))[1]
