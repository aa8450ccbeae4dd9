"""Every figure on every output is that of an independent, slow count of the messages that came, or is not said."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from geodata.figures.publishing.closing import close_due
from geodata.store.counting import reading
from geodata.store.database import Database
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.hikers import Hikers, hikers_on
from tests.fixtures.worlds import reported
from tests.fixtures.worlds.naive import HOUR, NaiveHour, step
from tests.fixtures.worlds.reported import Hung
from tests.fixtures.worlds.shares import NaiveShares, Share, public_hours
from tests.fixtures.worlds.world import World, make
from tests.geodata.figures.publishing.town import TOWN, found

VISITS = "/api/v1/statistics/visits"
BUCKETS = ("hour", "day", "week", "month", "year")
SHORT = {"seed": 11, "start": date(2024, 9, 20), "days": 150, "counters": 3}
LONG = {"seed": 12, "start": date(2023, 1, 1), "days": 1096, "counters": 3}


@dataclass(frozen=True)
class Told:
    """A world, what its messages say by the naive count, and the outputs of the town."""

    world: World
    hung: Sequence[Hung]
    naive: dict[tuple[Hung, int], dict[int, NaiveHour]]
    codes: dict[str, list[str]]
    hikers: Hikers

    @property
    def places(self) -> dict[tuple[str, str], list[str]]:
        """Each place with its stations, as the interface asks for it."""
        stations = [code for each in self.codes.values() for code in each]
        return {
            ("municipality", TOWN): stations,
            **{("trail", trail): codes for trail, codes in self.codes.items()},
            **{("station", code): [code] for code in stations},
        }

    @cached_property
    def shares(self) -> NaiveShares:
        """Which shares of the time each figure should say."""
        days = self.world.days
        return NaiveShares(self.naive, self.codes, days.zone, days.dates[0], days.dates[-1])

    def counted(self, stations: Sequence[str], bucket: str) -> dict[datetime, int]:
        """What passed these stations by the begin of each bucket (UTC) of which anything is known."""
        sums: defaultdict[datetime, int] = defaultdict(int)
        days: defaultdict[tuple[str, datetime], defaultdict[int, list[NaiveHour]]]
        days = defaultdict(lambda: defaultdict(list))
        for (hung, _), hours in self.naive.items():
            if hung.station in stations:
                for hour, each in hours.items():
                    days[hung.station, self._begin(hour, "day")][hour].append(each)
        for of_day in days.values():
            for hour in public_hours(of_day):
                sums[self._begin(hour, bucket)] += sum(one.passes + one.shared for one in of_day[hour])
        return dict(sums)

    def _begin(self, hour: int, bucket: str) -> datetime:
        moment, zone = datetime.fromtimestamp(hour * HOUR, UTC), self.world.days.zone
        day = moment.astimezone(zone).date()
        if bucket == "hour":
            return moment
        first = {
            "day": day,
            "week": day - timedelta(days=day.weekday()),
            "month": day.replace(day=1),
            "year": day.replace(month=1, day=1),
        }[bucket]
        return datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)


@pytest.fixture(
    scope="module", params=[pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.long)]
)
def told(request: pytest.FixtureRequest, postgres_server: str, template: Template) -> Iterator[Told]:
    """A world that came to the database as messages do, counted and closed."""
    world = make(every_s=reported.EVERY_S, loss=0.3, **request.param)
    assert any(len(one.mountings) > 1 for one in world.reports), "a world without a counter that is moved"
    with copied(postgres_server, template) as url, Database(url) as database:
        codes = found(database, {"nord": 3, "sued": 1})
        hung = reported.places(world, codes)
        reported.report(database, world, hung, Random(5))
        last = world.days.dates[-1]
        now = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=30)
        assert list(close_due(database, now, until=last))
        with hikers_on(database) as hikers:
            yield Told(world, hung, reported.by_hour(world, hung), codes, hikers)


def ask(told: Told, place: tuple[str, str], bucket: str, last: int | None = None, **asked: str) -> Iterator[Any]:
    """The answers for all days of the world, or its ``last`` ones, a year of days each."""
    dates = told.world.days.dates[-last:] if last else told.world.days.dates
    for begin in range(0, len(dates), 365):
        span = {"from": str(dates[begin]), "to": str(dates[min(begin + 364, len(dates) - 1)])}
        query = "&".join(
            f"{name}={value}" for name, value in {place[0]: place[1], "bucket": bucket, **span, **asked}.items()
        )
        answer = told.hikers.get(f"{VISITS}?{query}")
        assert answer.status_code == 200, answer.text
        yield answer


def same(said: Sequence[tuple[datetime, int | None, str]], counted: dict[datetime, int]) -> int:
    """Hold each figure against the count; answer how many have a number."""
    for start, count, state in said:
        if state == "no-data":
            assert (start in counted, count) == (False, None), start
        elif state == "hidden":
            assert (start in counted, count) == (True, None), start
        else:
            assert (state in {"counted", "estimated"}, count) == (True, counted[start]), start
    assert len({start for start, _, _ in said}) == len(said), "each once"
    return sum(count is not None for _, count, _ in said)


@pytest.mark.parametrize("bucket", BUCKETS)
def test_each_figure_in_json_is_that_of_the_naive_count(told: Told, bucket: str) -> None:
    numbers = 0
    for place, stations in told.places.items():
        said = {
            (datetime.fromisoformat(each["start"]), each["passes"]["count"], each["passes"]["state"])
            for answer in ask(told, place, bucket)
            for each in answer.json()["buckets"]
        }
        counted = told.counted(stations, bucket)
        numbers += same(sorted(said, key=lambda each: each[0]), counted)
        closed = {start for start, _, _ in said}
        if bucket in {"hour", "day"}:
            assert counted.keys() <= closed
    assert numbers > 3


@pytest.mark.parametrize("bucket", BUCKETS)
def test_each_figure_in_json_says_which_share_of_its_time_is_known_and_which_estimated(told: Told, bucket: str) -> None:
    silent, at_least = 0, 0
    for place in told.places:
        for answer in ask(told, place, bucket):
            for each in answer.json()["buckets"]:
                figure = each["passes"]
                hold(told, place, bucket, date.fromisoformat(each["date"]), figure)
                silent += figure["estimated"] > 0
                at_least += figure["at_least"]
                assert (each["scans"]["estimated"], each["scans"]["at_least"]) == (0, False)
    assert silent > 3
    assert at_least or bucket == "year"


def hold(told: Told, place: tuple[str, str], bucket: str, start: date, figure: dict[str, Any]) -> None:
    """Hold the shares of a figure against those of the naive count; an hour has those of its day."""
    share = told.shares.of(place, "day" if bucket == "hour" else bucket, start) or Share()
    if bucket == "hour" and figure["state"] == "no-data":
        share = Share()
    assert sum(said := (figure["coverage"], figure["estimated"])) <= 1 + 1e-9
    assert said == pytest.approx((share.covered, share.silent), abs=0.0011), (place, start)
    has_number = figure["state"] in {"counted", "estimated"}
    assert figure["at_least"] is (share.at_least and has_number), (place, start)
    is_estimated = has_number and share.silent > share.covered + 1e-6
    assert (figure["state"] == "estimated") is is_estimated, (place, start)


@pytest.mark.parametrize("dialect", ["plain", "excel-de"])
def test_each_figure_in_csv_is_that_of_the_naive_count(told: Told, dialect: str) -> None:
    for place, stations in told.places.items():
        for bucket in ("day", "month"):
            text = "".join(
                a.content.decode("utf-8-sig") for a in ask(told, place, bucket, format="csv", dialect=dialect)
            )
            rows = csv.DictReader(io.StringIO(text), delimiter=";" if dialect == "excel-de" else ",")
            said = {
                (_start(row), int(row["passes"]) if row["passes"] else None, row["passes_state"])
                for row in rows
                if row["passes"] != "passes"
            }
            assert same(sorted(said, key=lambda each: each[0]), told.counted(stations, bucket)) or place[0] == "station"


@pytest.mark.parametrize("dialect", ["plain", "excel-de"])
def test_the_shares_in_csv_are_those_of_the_naive_count(told: Told, dialect: str) -> None:
    for answer in ask(told, ("trail", "nord"), "day", format="csv", dialect=dialect):
        text = answer.content.decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text), delimiter=";" if dialect == "excel-de" else ","):
            said: dict[str, Any] = {
                name: float(row[f"passes_{name}"].replace(",", ".")) for name in ("coverage", "estimated")
            }
            said |= {"state": row["passes_state"], "at_least": {"1": True, "0": False}[row["passes_at_least"]]}
            hold(told, ("trail", "nord"), "day", _start(row).astimezone(told.world.days.zone).date(), said)


def _start(row: dict[str, str]) -> datetime:
    if "start" in row:
        return datetime.fromisoformat(row["start"])
    return datetime.strptime(row["start [UTC]"], "%d.%m.%Y %H:%M:%S").replace(tzinfo=UTC)


@pytest.mark.parametrize(("end", "bucket"), [("", "day"), ("-hours", "hour")])
def test_each_figure_in_open_data_is_that_of_the_naive_count(told: Told, end: str, bucket: str) -> None:
    said: defaultdict[str, list[tuple[datetime, int | None, str]]] = defaultdict(list)
    zone = told.world.days.zone
    for year in sorted({day.year for day in told.world.days.dates}):
        files = [_rows(told, f"{year}/{name}{end}") for name in ("measure", "quality")]
        for measure, quality in zip(*files, strict=True):
            start = datetime.fromisoformat(measure["start_datetime"]).astimezone(UTC)
            count = int(measure["count"]) if measure["count"] else None
            code = measure["channel_id"][:6]
            said[code].append((start, count, quality["state"]))
            shares: dict[str, Any] = {name: float(quality[name]) for name in ("coverage", "estimated")}
            shares |= {"state": quality["state"], "at_least": {"true": True, "false": False}[quality["at_least"]]}
            hold(told, ("station", code), bucket, start.astimezone(zone).date(), shares)
    assert said.keys() == {each.station for each in told.hung}
    for code, figures in said.items():
        assert same(figures, told.counted([code], bucket))


def _rows(told: Told, name: str) -> list[dict[str, str]]:
    answer = told.hikers.get(f"/data/counting/{TOWN}/{name}.csv")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("trail", ["nord", "sued"])
def test_the_tables_of_the_page_have_the_naive_counts(told: Told, trail: str) -> None:
    page = told.hikers.get(f"/t/{trail}/visits?lang=de").text
    cells = [
        re.findall(r"<td>(.*?)(?:<br>|</td>)", table) for table in re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    ]
    assert len(cells[0]) > 3
    assert len(cells[1]) == 31
    for said, bucket, most in zip(cells, ("month", "day"), (12, 31), strict=False):
        closed = [
            (each["passes"]["state"], datetime.fromisoformat(each["start"]), each["passes"]["at_least"])
            for answer in ask(told, ("trail", trail), bucket, last=365)
            for each in answer.json()["buckets"]
        ][-most:]
        counted = told.counted(told.codes[trail], bucket)
        words = {"hidden": "nicht genannt", "no-data": "nicht gezählt"}
        expected = [
            words.get(state) or ("mindestens " if at_least else "") + str(counted[start])
            for state, start, at_least in closed
        ]
        assert [re.sub(r"(?<=\d)[.\s\u00a0\u202f](?=\d)", "", cell) for cell in said] == expected


def test_what_staff_read_of_hours_and_days_is_the_naive_count(told: Told) -> None:
    stations = [code for codes in told.codes.values() for code in codes]
    days = told.world.days
    first, end = (datetime.fromtimestamp(int(at), UTC) for at in (days.hours[0], int(days.hours[-1]) + HOUR))
    with told.hikers.database.transaction() as connection:
        hours = reading.hours(connection, stations, first, end)
        by_day = reading.days(connection, stations, days.dates[0], days.dates[-1] + timedelta(days=1))
    ways = {"in": 0, "out": 1}
    begins = {(each.station, each.begin_s if each.begin_s > days.hours[0] else None): each for each in told.hung}
    assert len(hours) == len(by_day) == 2 * len(told.hung)
    for channel, daily in zip(hours, by_day, strict=True):
        begin = channel.of.starts_at
        hung = begins[channel.of.station, round(begin.timestamp()) if begin else None]
        naive = told.naive[hung, ways[channel.of.direction]]
        numbers = channel.hours.astype("datetime64[h]").astype(int)
        columns = zip(numbers, channel.passes, channel.shared, channel.covered_s, strict=True)
        assert {number: tuple(rest) for number, *rest in columns} == {
            hour: (each.passes, each.shared, each.covered) for hour, each in naive.items()
        }
        sums: defaultdict[date, int] = defaultdict(int)
        for hour, each in naive.items():
            sums[datetime.fromtimestamp(hour * HOUR, days.zone).date()] += each.passes + each.shared
        assert dict(zip(daily.days.tolist(), daily.passes + daily.shared, strict=True)) == sums


def test_over_all_steps_without_a_reset_the_totals_are_what_the_counter_saw(told: Told) -> None:
    for (hung, way), hours in told.naive.items():
        one = told.world.reports[hung.counter]
        came = [int(row) for row in np.flatnonzero(one.is_received) if hung.begin_s <= one.times_s[row] < hung.end_s]
        true, of_resets = 0, 0
        for a, b in pairwise(came):
            if any(a < row <= b for row in one.resets):
                seconds = int(one.times_s[b] - one.times_s[a])
                of_resets += step(int(one.totals[a, way]), int(one.totals[b, way]), seconds, one.width)[0]
            else:
                true += int(one.increments[a + 1 : b + 1, way].sum())
        assert sum(each.passes + each.shared for each in hours.values()) - of_resets == true
