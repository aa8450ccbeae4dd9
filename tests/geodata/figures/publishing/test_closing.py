"""Times close in order, once, and what they publish is what the rules say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from geodata.errors import StoreError
from geodata.figures.publishing import checking, town
from geodata.figures.publishing.closing import close_due
from geodata.statistics.disclosure.figure import NOTHING, Rule
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.figures import periods, reading
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span
from tests.fixtures.databases.database import one_row
from tests.fixtures.web.uptime import web_ran
from tests.geodata.figures.publishing.town import TOWN, count, day_of, found, scan
from tests.geodata.statistics.disclosure.worlds import Path, random_counts
from tests.geodata.statistics.disclosure.worlds import Town as Public

LATER = datetime(2030, 1, 1, tzinfo=UTC)
ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))


def published(database: Database, measure: CountMeasure) -> dict[tuple[object, ...], int | None]:
    """All figures, None where withheld, keyed as those of random towns."""
    found: dict[tuple[object, ...], int | None] = {}
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT scope, code, bucket, start, nullif(value, -1), hours FROM published_figure"
            " WHERE measure = %s AND value IS NOT NULL", [measure]
        ).fetchall()  # fmt: skip
    for scope, code, bucket, start, value, hours in rows:
        found[scope, code, bucket, start] = value
        for hour, each in enumerate(hours or []):
            if each is not None:
                found[scope, code, "hour", (start, hour)] = None if each == -1 else each
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("measure", CountMeasure)
def test_what_is_published_is_what_the_rules_say(database: Database, measure: CountMeasure, seed: int) -> None:
    chance = np.random.default_rng(seed)
    first = date(2026, 11, 2) + timedelta(days=int(chance.integers(0, 12)))
    counts = {trail: random_counts(chance, 65, 24) for trail in ("alte-eichen", "bachweg")}
    if measure is CountMeasure.SCANS:
        counts = {trail: np.maximum(each, 0) for trail, each in counts.items()}
    for each in counts.values():
        each[0, 0, 0] = 1  # the first day is one of which something is known
    codes = found(database, {trail: len(each) for trail, each in counts.items()})
    for trail, each in counts.items():
        if measure is CountMeasure.SCANS:
            scan(database, codes[trail], first, each)
        else:
            count(database, trail, codes[trail], first, each)
    last = first + timedelta(days=64)
    list(close_due(database, LATER, until=last))
    public = Public([Path(trail, first, each, Rule()) for trail, each in counts.items()], Rule()).close()
    wanted = {_key(key, codes): cell.value for key, cell in public.cells.items()}
    got = published(database, measure)
    shown = {key: value for key, value in got.items() if value is not None}
    assert shown == {key: value for key, value in wanted.items() if value is not None and key[2] != "week"} | {
        key: value for key, value in shown.items() if key[2] == "week"
    }
    days = {key: value for key, value in wanted.items() if key[2] != "hour"}
    assert {key for key in got if key[2] not in {"hour", "week"}} == {key for key in days if key[2] != "week"}


def _key(key: tuple[object, ...], codes: dict[str, list[str]]) -> tuple[object, ...]:
    scope, code, bucket, start = key
    if scope == "municipality":
        return scope, TOWN, bucket, start
    if scope == "station":
        trail = next(trail for trail in codes if str(code).startswith(trail))
        return scope, codes[trail][int(str(code).removeprefix(trail))], bucket, start
    return scope, code, bucket, start


SUNDAY = date(2026, 11, 29)


def lonely_town(database: Database, first: date, counts: list[int]) -> str:
    """A municipality with one station, which counted so many scans at noon of each day."""
    codes = found(database, {"pfad": 1})["pfad"]
    hours = np.zeros((1, len(counts), 13), dtype=np.int64)
    hours[0, :, 12] = counts
    scan(database, codes, first, hours)
    return codes[0]


def closed(database: Database, now: datetime, until: date | None = None) -> list[tuple[str, str]]:
    return [(each.span.value, each.start.isoformat()) for each in close_due(database, now, until=until)]


def test_a_day_closes_when_the_days_of_waiting_are_over_in_its_time_zone(database: Database) -> None:
    lonely_town(database, SUNDAY, [9])
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)  # in Berlin, a day after the end of Sunday
    assert closed(database, midnight - timedelta(seconds=1)) == []
    assert closed(database, midnight) == [("day", "2026-11-29"), ("week", "2026-11-23")]


def test_days_that_were_missed_close_in_order_and_a_year_ends_with_its_last_day(database: Database) -> None:
    lonely_town(database, date(2026, 12, 30), [9] * 6)
    done = closed(database, datetime(2027, 1, 5, tzinfo=UTC))
    assert done == [
        ("day", "2026-12-30"), ("day", "2026-12-31"), ("month", "2026-12-01"), ("year", "2026-01-01"),
        ("day", "2027-01-01"), ("day", "2027-01-02"), ("day", "2027-01-03"), ("week", "2026-12-28"),
    ]  # fmt: skip
    assert closed(database, datetime(2027, 1, 5, tzinfo=UTC)) == []


def test_who_is_stopped_within_a_closing_does_it_wholly_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lonely_town(database, SUNDAY, [9, 9])
    with monkeypatch.context() as broken:
        broken.setattr("geodata.store.figures.published.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            closed(database, LATER)
    assert published(database, CountMeasure.SCANS) == {}
    assert closed(database, LATER, SUNDAY) == [("day", "2026-11-29"), ("week", "2026-11-23")]
    assert published(database, CountMeasure.SCANS)["trail", "pfad", "day", SUNDAY] == 9


def test_two_that_close_at_once_publish_once(database: Database) -> None:
    lonely_town(database, SUNDAY, [9] * 20)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: closed(database, LATER, date(2026, 12, 18)), range(2)))
    with database.transaction() as connection:
        assert one_row(connection, "SELECT count(*) FROM closed_period WHERE bucket = 'day'")[0] == 20


def test_what_arrives_after_a_day_closed_changes_neither_it_nor_its_month(database: Database) -> None:
    code = lonely_town(database, date(2026, 11, 28), [9, 7, 8])
    closed(database, LATER, date(2026, 11, 29))
    with database.transaction() as connection:
        connection.execute("UPDATE scan_hour SET count = count + 100 WHERE hour < '2026-11-30'")
    closed(database, LATER, date(2026, 11, 30))
    figures = published(database, CountMeasure.SCANS)
    assert figures["station", code, "day", date(2026, 11, 28)] == 9
    assert figures["station", code, "month", date(2026, 11, 1)] == 24


@pytest.mark.parametrize(("first", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_has_the_hours_that_the_clock_had(database: Database, first: date, hours: int) -> None:
    code = lonely_town(database, first, [9])
    closed(database, LATER, first)
    with database.transaction() as connection:
        figure = reading.figures(connection, FigureScope.STATION, [code], CountMeasure.SCANS, Span.DAY, ALWAYS)[0]
    assert (len(figure.hours), sum(hour or 0 for hour in figure.hours)) == (hours, 9)


def test_scans_that_nobody_made_are_0_and_a_counter_that_said_nothing_is_a_gap(database: Database) -> None:
    codes = found(database, {"pfad": 2})["pfad"]
    counts = np.full((2, 1, 24), NOTHING)
    counts[0, 0, :12] = 1
    count(database, "pfad", codes, SUNDAY, counts)
    with database.transaction() as connection:
        web_ran(connection, *day_of(SUNDAY))
    closed(database, LATER, SUNDAY)
    with database.transaction() as connection:
        scans = reading.figures(connection, FigureScope.STATION, codes, CountMeasure.SCANS, Span.DAY, ALWAYS)
        passes = reading.figures(connection, FigureScope.STATION, codes, CountMeasure.PASSES, Span.DAY, ALWAYS)
        trail = reading.figures(connection, FigureScope.TRAIL, ["pfad"], CountMeasure.PASSES, Span.MONTH, ALWAYS)
        of_trail = reading.figures(connection, FigureScope.TRAIL, ["pfad"], CountMeasure.PASSES, Span.DAY, ALWAYS)[0]
    assert [(each.value, each.time.coverage) for each in scans] == [(0, 1.0), (0, 1.0)]
    assert [(each.value, each.withheld, each.time.coverage) for each in passes] == [
        (12, False, 0.5),
        (None, False, 0.0),
    ]
    assert (of_trail.value, of_trail.time.coverage, trail) == (12, 0.25, [])


def test_a_municipality_that_publishes_by_the_day_shows_no_hours(database: Database) -> None:
    code = lonely_town(database, SUNDAY, [9])
    with database.transaction() as connection:
        periods.set_publishing(connection, replace(periods.publishing(connection)[0], finest="day", smallest_count=8))
    closed(database, LATER, SUNDAY)
    with database.transaction() as connection:
        day = reading.figures(connection, FigureScope.STATION, [code], CountMeasure.SCANS, Span.DAY, ALWAYS)[0]
        kept = one_row(connection, "SELECT smallest_count, finest_published FROM closed_period LIMIT 1")
    assert (day.value, day.hours, kept) == (9, (), (8, "day"))


def test_the_services_may_close_and_read_but_not_see_what_is_withheld(database: Database, database_url: str) -> None:
    code = lonely_town(database, SUNDAY, [3, 9])
    with Database(database_url, role=roles.GATEWAY) as gateway:
        assert closed(gateway, LATER, date(2026, 11, 30))
    with Database(database_url, role=roles.WEB) as web:
        with web.transaction() as connection:
            days = reading.figures(connection, FigureScope.STATION, [code], CountMeasure.SCANS, Span.DAY, ALWAYS)
        assert [(each.value, each.withheld) for each in days] == [(None, True), (None, True)]
        with pytest.raises(StoreError), web.transaction() as connection:
            connection.execute("SELECT FROM withheld_count")


def test_the_checker_finds_nothing_in_what_is_published_and_finds_what_somebody_added(database: Database) -> None:
    chance = np.random.default_rng(7)
    codes = found(database, {"pfad": 4})["pfad"]
    scan(database, codes, date(2026, 11, 1), chance.poisson(0.2, (4, 30, 24)))
    closed(database, LATER, date(2026, 11, 30))
    with database.transaction() as connection:
        of = town.load(connection, periods.publishing(connection)[0])
        (year,) = checking.years(connection, of)
        withheld, exposed = checking.exposed(connection, of, "pfad", CountMeasure.SCANS, year)
        assert (withheld > 500, exposed) == (True, [])
        connection.execute(
            "UPDATE published_figure SET value = count FROM withheld_count AS kept"
            " WHERE kept.code = published_figure.code AND kept.start = published_figure.start"
            " AND kept.bucket = 'day' AND published_figure.bucket = 'day'"
            " AND kept.code <> %s", [codes[0]],
        )  # fmt: skip
        assert checking.exposed(connection, of, "pfad", CountMeasure.SCANS, year)[1]


def test_a_station_that_went_to_another_trail_is_told_by_the_month_of_neither(database: Database) -> None:
    first = date(2026, 11, 1)
    counts = np.full((3, 30, 24), 10)
    counts[2, 4] = 0
    counts[2, 4, 12] = 2  # hidden, and so is the day of those beside it
    codes = found(database, {"alte-eichen": 3, "bachweg": 1})
    count(database, "alte-eichen", codes["alte-eichen"], first, counts)
    count(database, "bachweg", codes["bachweg"], first, counts[:1])
    list(close_due(database, LATER, until=date(2026, 11, 15)))
    with database.transaction() as connection:
        moved = codes["alte-eichen"][2]
        connection.execute("UPDATE station SET trail = 'bachweg', number = 9 WHERE code = %s", [moved])
    list(close_due(database, LATER, until=date(2026, 12, 31)))
    got = published(database, CountMeasure.PASSES)
    for trail in codes:
        assert (got["trail", trail, "month", first], got["trail", trail, "year", date(2026, 1, 1)]) == (None, None)
        assert got["trail", trail, "day", date(2026, 11, 20)] is not None
    assert got["station", moved, "month", first] is None
