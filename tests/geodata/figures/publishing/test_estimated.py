"""Beside each count stands which share of its time is known hour by hour, and which a silence bridged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.figures.publishing import public, revision
from geodata.figures.publishing.closing import close_due
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.model.counting.counter import CountFlag
from geodata.statistics.counting.sharing import share
from geodata.statistics.figure import Figure, FigureState
from geodata.statistics.known_time import KnownTime, known_time
from geodata.store.database import Database
from geodata.store.figures import periods
from geodata.times import hour_begin, to_us
from geodata.vocabulary.figures import CountMeasure, FigureScope
from tests.fixtures.web.uptime import web_ran
from tests.geodata.figures.publishing.town import TOWN, counter, found

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 2)
MONTH = date(2026, 11, 1)
NOVEMBER = (MONTH, date(2026, 12, 1))
PASSES = CountMeasure.PASSES
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counted:
    """A trail of two stations, each with a counter: their codes and channels."""

    database: Database
    codes: list[str]
    channels: list[int]

    def heard(self, channel: int, first: int, last: int, passes: int = 9) -> None:
        """So many passed in each of these hours after Monday began."""
        with self.database.transaction() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO passes_hour (channel, hour, passes, covered_s) VALUES (%s, %s, %s, 3600)",
                [(channel, at(hour), passes) for hour in range(first, last)],
            )

    def silent(self, channel: int, first: int, last: int, passes: int, flags: CountFlag = CountFlag.NONE) -> None:
        """Nothing was heard between these hours after Monday began, and then that so many had passed."""
        shared = share(passes, to_us(at(first)), to_us(at(last)))
        with self.database.transaction() as connection, connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO counter_silence VALUES (%s, %s, %s, %s, %s)",
                [channel, at(first), at(last), passes, int(flags)],
            )
            cursor.executemany(
                "INSERT INTO passes_hour (channel, hour, passes, shared, covered_s, flags)"
                " VALUES (%s, %s, 0, %s, 0, 1)",
                [(channel, hour_begin(hour), part) for hour, part in shared.items()],
            )

    def close(self) -> None:
        """Close November."""
        assert list(close_due(self.database, LATER, until=date(2026, 11, 30)))

    def figure(
        self,
        bucket: FigureBucket,
        start: date = MONDAY,
        code: str = "pfad",
        measure: CountMeasure = PASSES,
    ) -> Figure:
        """What is public of a time that begins on ``start``."""
        scope = {"pfad": FigureScope.TRAIL, TOWN: FigureScope.MUNICIPALITY}.get(code, FigureScope.STATION)
        place = FigurePlace(scope=scope, code=code, municipality=TOWN, zone=BERLIN)
        with self.database.transaction() as connection:
            figures = public.read(connection, place, measure, bucket, NOVEMBER)
        return next(each for each in figures if each.start.astimezone(BERLIN).date() == start)

    def revise(self) -> revision.Revised:
        """Publish November anew."""
        with self.database.transaction() as connection:
            (publishes,) = periods.publishing(connection)
            return revision.revise(connection, publishes, MONTH, by="anna", reason="Zähler war offline")


def at(hour: int) -> datetime:
    return datetime(2026, 11, 2, tzinfo=BERLIN).astimezone(UTC) + timedelta(hours=hour)


@pytest.fixture
def counted(database: Database) -> Counted:
    """The trail, of which the first hour of November is counted at both stations."""
    codes = found(database, {"pfad": 2})["pfad"]
    with database.transaction() as connection:
        channels = [counter(connection, "pfad", code) for code in codes]
    trail = Counted(database, codes, channels)
    for channel in channels:
        trail.heard(channel, -24, -23)
    return trail


def test_a_silence_is_a_share_of_the_time_of_its_station_trail_town_week_and_month(counted: Counted) -> None:
    first, second = counted.channels
    counted.heard(first, 0, 12)
    counted.silent(first, 12, 18, 60)
    counted.heard(second, 0, 24)
    with counted.database.transaction() as connection:
        web_ran(connection, at(0), at(24))
    counted.close()
    of = counted.figure
    assert of(FigureBucket.DAY, code=counted.codes[0]).time == KnownTime(0.5, 0.25)
    assert of(FigureBucket.DAY).time == of(FigureBucket.DAY, code=TOWN).time == KnownTime(0.75, 0.125)
    assert of(FigureBucket.HOUR).time == KnownTime(0.75, 0.125)
    assert of(FigureBucket.WEEK).time == known_time(0.75 / 7, 0.125 / 7)
    assert of(FigureBucket.MONTH, MONTH).time == known_time((0.75 + 1 / 24) / 30, 0.125 / 30)
    assert of(FigureBucket.DAY, measure=CountMeasure.SCANS).time == KnownTime(1.0)


def test_the_share_of_a_silence_is_the_same_whether_anybody_passed_in_it_or_not(counted: Counted) -> None:
    for channel, passes in zip(counted.channels, (0, 600), strict=True):
        counted.heard(channel, 0, 18)
        counted.silent(channel, 18, 24, passes)
    counted.close()
    days = [counted.figure(FigureBucket.DAY, code=code) for code in counted.codes]
    assert [day.time for day in days] == [KnownTime(0.75, 0.25)] * 2
    assert [day.count for day in days] == [18 * 9, 18 * 9 + 600]


def test_a_silence_over_days_is_in_each_of_them_and_a_day_without_a_count_has_no_share(counted: Counted) -> None:
    first, second = counted.channels
    counted.heard(second, 0, 72)
    counted.heard(first, 0, 18)
    counted.silent(first, 18, 60, 4200)
    counted.close()
    of = [counted.figure(FigureBucket.DAY, MONDAY + timedelta(days=day), counted.codes[0]) for day in range(4)]
    assert [day.time for day in of[:3]] == [KnownTime(0.75, 0.25), KnownTime(0.0, 1.0), KnownTime(0.0, 0.5)]
    assert (of[3].state, of[3].time) == (FigureState.NO_DATA, KnownTime())


def test_a_whole_day_in_which_nobody_passed_unheard_is_a_gap_without_a_share(counted: Counted) -> None:
    counted.silent(counted.channels[0], 0, 24, 0)
    counted.heard(counted.channels[1], 0, 24)
    counted.close()
    day = counted.figure(FigureBucket.DAY, code=counted.codes[0])
    assert (day.state, day.time) == (FigureState.NO_DATA, KnownTime())


def test_a_counter_that_is_replaced_at_noon_leaves_no_gap_after_a_silent_morning(counted: Counted) -> None:
    first, second = counted.channels
    counted.silent(first, 0, 12, 120)
    counted.heard(second, 12, 24)
    with counted.database.transaction() as connection:
        connection.execute("UPDATE counter_mounting SET station = %s", [counted.codes[0]])
    counted.close()
    assert counted.figure(FigureBucket.DAY, code=counted.codes[0]).time == KnownTime(0.5, 0.5)


def test_two_directions_that_are_silent_together_are_one_silence(counted: Counted) -> None:
    with counted.database.transaction() as connection:
        connection.execute("UPDATE counter_mounting SET station = %s", [counted.codes[0]])
    for channel in counted.channels:
        counted.heard(channel, 0, 12)
        counted.silent(channel, 12, 24, 60)
    counted.close()
    assert counted.figure(FigureBucket.DAY, code=counted.codes[0]).time == KnownTime(0.5, 0.5)


def test_a_lower_bound_is_said_of_each_time_with_a_number_and_not_of_a_hidden_one(counted: Counted) -> None:
    first, second = counted.channels
    counted.heard(second, 0, 24)
    counted.silent(first, 0, 23, 3, CountFlag.AT_LEAST)
    counted.heard(first, 23, 24, 0)
    counted.heard(first, 24, 48)
    counted.close()
    hidden = counted.figure(FigureBucket.DAY, code=counted.codes[0])
    assert (hidden.state, hidden.time) == (FigureState.HIDDEN, known_time(1 / 24, 23 / 24))
    week, after = counted.figure(FigureBucket.WEEK), counted.figure(FigureBucket.DAY, MONDAY + timedelta(days=1))
    assert (week.state, week.time.at_least) == (FigureState.COUNTED, True)
    assert (after.state, after.time.at_least) == (FigureState.COUNTED, False)


def test_what_a_counter_tells_of_a_gap_is_revised_though_no_count_changes_and_is_taken_back(counted: Counted) -> None:
    counted.heard(counted.channels[0], 0, 12)
    counted.close()
    code = counted.codes[0]
    before = counted.figure(FigureBucket.DAY, code=code)
    counted.silent(counted.channels[0], 12, 18, 0)
    done = counted.revise()
    after = counted.figure(FigureBucket.DAY, code=code)
    assert (done.changed, done.stay) == (1, 0)
    assert (before.time, after.time) == (KnownTime(0.5), KnownTime(0.5, 0.25))
    assert before.count == after.count
    with counted.database.transaction() as connection:
        (publishes,) = periods.publishing(connection)
        revision.undo(connection, publishes, done.entry, by="anna", reason="Irrtum")
    assert counted.figure(FigureBucket.DAY, code=code) == before


def test_figures_of_before_they_said_it_are_put_back_without_a_share(counted: Counted) -> None:
    counted.heard(counted.channels[0], 0, 12)
    counted.close()
    before = counted.figure(FigureBucket.DAY)
    done = counted.revise()
    with counted.database.transaction() as connection:
        connection.execute(
            "UPDATE figures_log SET before = jsonb_set(before, '{published}', (SELECT jsonb_agg(each - 'estimated'"
            " - 'at_least') FROM jsonb_array_elements(before -> 'published') AS each))"
        )
        (publishes,) = periods.publishing(connection)
        revision.undo(connection, publishes, done.entry, by="anna", reason="Irrtum")
    assert counted.figure(FigureBucket.DAY) == before


@pytest.mark.parametrize(
    ("silent", "state"), [(11, FigureState.COUNTED), (12, FigureState.COUNTED), (13, FigureState.ESTIMATED)]
)
@pytest.mark.parametrize("passes", [0, 600])
def test_a_day_is_called_estimated_if_more_of_its_time_is_than_counted_however_many_passed(
    counted: Counted, silent: int, state: FigureState, passes: int
) -> None:
    counted.heard(counted.channels[0], 0, 24 - silent)
    counted.silent(counted.channels[0], 24 - silent, 24, passes)
    counted.close()
    of = [counted.figure(bucket, code=counted.codes[0]) for bucket in (FigureBucket.DAY, FigureBucket.HOUR)]
    assert [figure.state for figure in of] == [state, state]
