"""Who copies every public answer, day after day, learns no small count from all of them together."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import pytest

from geodata.figures.publishing.closing import close_due
from geodata.statistics.disclosure.checker import Cell, Key, widths_below
from geodata.statistics.disclosure.figure import NOTHING, Counts
from geodata.store.database import Database
from tests.fixtures.databases.database import Template, copied, one_row
from tests.fixtures.web.hikers import hikers_on
from tests.geodata.figures.publishing.town import TOWN, count, found, scan
from tests.geodata.statistics.disclosure.mutants import hours_hide_nothing_but_themselves
from tests.geodata.statistics.disclosure.worlds import random_counts

K = 5
ZONE = ZoneInfo("Europe/Berlin")
FIRST, DAYS = date(2025, 11, 24), 43
COPIES = (date(2025, 11, 28), date(2025, 12, 2), FIRST + timedelta(days=DAYS - 1))
"""The last days that are closed when the attacker copies everything: within a month, after one, after a year."""
BUCKETS = ("hour", "day", "week", "month", "year")
_LENGTHS = {
    "hour": timedelta(hours=1),
    "day": timedelta(hours=25),
    "week": timedelta(days=7, hours=1),
    "month": timedelta(days=31, hours=1),
}
LATER = datetime(2030, 1, 1, tzinfo=UTC)

_Place = tuple[str, str]
_Figure = tuple[str, str, datetime, datetime]
"""Kind of the place, its id, begin and end."""


@dataclass
class Attacker:
    """What somebody knows who asks ``url`` for everything; ``trails`` are those of the list, with their stations."""

    url: str
    trails: dict[str, list[str]]
    known: dict[str, dict[_Figure, int | None]] = field(
        default_factory=lambda: dict[str, dict[_Figure, int | None]](passes={}, scans={})
    )
    """Of passes and scans each figure that is said to be: its number, None where it is hidden."""

    @property
    def stations(self) -> list[str]:
        return [code for codes in self.trails.values() for code in codes]

    @property
    def places(self) -> list[_Place]:
        kinds = {"municipality": [TOWN], "trail": list(self.trails), "station": self.stations}
        return [(kind, name) for kind, names in kinds.items() for name in names]

    def copy(self, until: date) -> None:
        """Ask all that can be asked while ``until`` is the last closed day, and remember it."""
        with httpx.Client(base_url=self.url, timeout=60) as client:
            for place in self.places:
                for bucket in BUCKETS:
                    self._copy_answers(client, place, bucket, until)
            for year in range(FIRST.year, until.year + 1):
                self._copy_open_data(client, year)
            for trail in self.trails:
                self._look_at_page(client, trail)

    def _copy_answers(self, client: httpx.Client, place: _Place, bucket: str, until: date) -> None:
        """The whole time as JSON and CSV, and windows that begin and end anywhere."""
        asked = {place[0]: place[1], "bucket": bucket}
        for first, last in ((FIRST, until), (FIRST + timedelta(days=2), until - timedelta(days=1)), (until, until)):
            window = asked | {"from": str(first), "to": str(last)}
            answer = client.get("/api/v1/statistics/visits", params=window)
            assert answer.status_code == 200, answer.text
            for each in answer.json()["buckets"]:
                span = datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"])
                for measure in self.known:
                    self._learn(measure, (*place, *span), each[measure]["count"], each[measure]["state"])
        text = client.get("/api/v1/statistics/visits", params=asked | {"format": "csv", "from": str(FIRST)}).text
        for row in csv.DictReader(io.StringIO(text)):
            span = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
            for measure in ("passes", "scans"):
                number = int(row[measure]) if row[measure] else None
                self._learn(measure, (*place, *span), number, row[f"{measure}_state"])

    def _copy_open_data(self, client: httpx.Client, year: int) -> None:
        for end in ("", "-hours"):
            answers = [client.get(f"/data/counting/{TOWN}/{year}/{name}{end}.csv") for name in ("measure", "quality")]
            if answers[0].status_code == 404:  # no counter has said anything
                continue
            lines = [csv.DictReader(io.StringIO(answer.text)) for answer in answers]
            for row, quality in zip(*lines, strict=True):
                begin, until = (
                    datetime.fromisoformat(row[name]).astimezone(UTC) for name in ("start_datetime", "end_datetime")
                )
                number = int(row["count"]) if row["count"] else None
                self._learn("passes", ("station", row["channel_id"][:6], begin, until), number, quality["state"])

    def _look_at_page(self, client: httpx.Client, trail: str) -> None:
        """No number of the pages is small, and none is new."""
        known = {number for figures in self.known.values() for number in figures.values()}
        for path in (f"/t/{trail}/visits", f"/t/{trail}"):
            page = client.get(path, params={"lang": "de"}).text
            said = re.findall(r"<td>(\d[\d.]*)(?:<|$)", page) + re.findall(r'class="total"><b>(\d[\d.]*)<', page)
            assert {int(number.replace(".", "")) for number in said} <= known

    def _learn(self, measure: str, figure: _Figure, number: int | None, state: str) -> None:
        if state == "no-data":
            assert number is None
            return
        figures = self.known[measure]
        assert figures.setdefault(figure, number) == number, "what is published was changed"
        assert (number is None) == (state == "hidden")
        assert number is None or number == 0 or number >= K

    def told(self, measure: str) -> dict[Key, float]:
        """The hidden figures that all the others bound to within less than K."""
        figures = self.known[measure]
        leaves = {figure: number for figure, number in figures.items() if _is_leaf(figure)}
        cells: dict[Key, Cell] = {figure: Cell(number) for figure, number in leaves.items()}
        for figure, number in figures.items():
            if figure not in leaves:
                cells[figure] = Cell(number, tuple(self._parts(figure, leaves)))
        return widths_below(cells, K)

    def _parts(self, figure: _Figure, leaves: dict[_Figure, int | None]) -> Iterator[_Figure]:
        """The hours of the stations that a figure is the sum of."""
        kind, name, begin, end = figure
        codes = {"municipality": self.stations, "trail": self.trails.get(name, []), "station": [name]}[kind]
        hours = (end - begin) // timedelta(hours=1)
        for code in codes:
            for hour in range(hours):
                start = begin + timedelta(hours=hour)
                leaf = ("station", code, start, start + timedelta(hours=1))
                if leaf in leaves:
                    yield leaf


def _is_leaf(figure: _Figure) -> bool:
    return figure[0] == "station" and figure[3] - figure[2] == timedelta(hours=1)


def bucket_of(key: Key) -> str:
    """How long the time is that a figure is of."""
    _, _, begin, end = key
    hours = cast("datetime", end) - cast("datetime", begin)
    return next((name for name, most in _LENGTHS.items() if hours <= most), "year")


def is_sum(key: Key) -> bool:
    """Whether it is hidden for no reason but that a part of it is: a week, and what a municipality or year counts."""
    kind, bucket = key[0], bucket_of(key)
    return bucket != "hour" and (kind == "municipality" or bucket == "week" or (kind, bucket) == ("station", "year"))


def counted(database: Database, measure: str, key: Key) -> int:
    """What a hidden figure really counts."""
    kind, name, begin, _ = key
    start = cast("datetime", begin).astimezone(ZONE).date()
    with database.transaction() as connection:
        row = one_row(
            connection,
            "SELECT count FROM withheld_count"
            " WHERE scope = %s AND code = %s AND measure = %s AND bucket = %s AND start = %s",
            kind, name, measure, bucket_of(key), start,
        )  # fmt: skip
    return int(row[0])


def late(database: Database, codes: Sequence[str], chance: np.random.Generator) -> None:
    """Data of days that are closed already: more passes and scans than were known."""
    with database.transaction() as connection:
        hours = connection.execute("SELECT channel, hour FROM passes_hour ORDER BY 1, 2").fetchall()
        for at in chance.integers(0, max(len(hours), 1), min(len(hours), 200)).tolist():
            connection.execute("UPDATE passes_hour SET passes = passes + 3 WHERE channel = %s AND hour = %s", hours[at])
        connection.execute("UPDATE scan_hour SET count = count + 2 WHERE station = %s", [codes[0]])


@contextmanager
def attacked(postgres_server: str, template: Template, seed: int) -> Generator[tuple[Attacker, Database]]:
    """The attacker after the last copy, of a town with counts of that seed."""
    chance = np.random.default_rng(seed)
    passes = {trail: random_counts(chance, DAYS, 24) for trail in ("nord", "sued")}
    scans = {trail: _scans(chance, counts) for trail, counts in passes.items()}
    with copied(postgres_server, template) as url, Database(url) as database:
        codes = found(database, {trail: len(counts) for trail, counts in passes.items()})
        for trail, counts in passes.items():
            count(database, trail, codes[trail], FIRST, counts)
            scan(database, codes[trail], FIRST, scans[trail])
        with hikers_on(database) as hikers:
            attacker = Attacker(hikers.url, codes)
            for until in COPIES:
                list(close_due(database, LATER, until=until))
                attacker.copy(until)
                late(database, codes["nord"], chance)
            yield attacker, database


def _scans(chance: np.random.Generator, passes: Counts) -> Counts:
    scans = np.where(passes == NOTHING, 0, chance.binomial(np.maximum(passes, 0), 0.3))
    scans[0, 0, 0] = 1  # the first day is one of which something is known
    return scans


def opened(attacker: Attacker, database: Database) -> list[Key]:
    """What the attacker learns: hidden figures, and sums of them that are small."""
    return [
        key
        for measure in attacker.known
        for key in attacker.told(measure)
        if not is_sum(key) or 0 < counted(database, measure, key) < K
    ]


@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 40))])
def test_no_hidden_figure_is_told_by_all_public_answers_of_three_days(
    postgres_server: str, template: Template, seed: int
) -> None:
    with attacked(postgres_server, template, seed) as (attacker, database):
        hidden = sum(number is None for figures in attacker.known.values() for number in figures.values())
        assert hidden > 100
        assert opened(attacker, database) == []


def test_where_only_small_figures_are_hidden_the_attacker_works_them_out(
    postgres_server: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours_hide_nothing_but_themselves(monkeypatch)
    with attacked(postgres_server, template, 0) as (attacker, database):
        assert opened(attacker, database)
