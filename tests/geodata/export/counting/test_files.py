"""Open counting data: what Frictionless finds, what it does not, and that ours has neither."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from frictionless import Resource, Schema
from hypothesis import given
from hypothesis import strategies as st

from geodata.export.counting import rules
from geodata.export.counting.columns import TECHNOLOGIES
from geodata.export.counting.files import CHANNELS, MEASURES, QUALITIES, SITES, CountingFile
from geodata.export.counting.records import ChannelRow, MeasureRow, SiteRow
from geodata.model.counting.counter import CounterTechnology
from geodata.statistics.figure import FigureState
from geodata.statistics.known_time import KnownTime

_BERLIN = ZoneInfo("Europe/Berlin")
_SITE = SiteRow(code="7K3Q9F", name="Försterteich", trail="stadtwald", municipality="lemgo", lon=8.9, lat=52.05)
_CHANNEL = ChannelRow(site="7K3Q9F", started_at=datetime(2026, 1, 1, tzinfo=_BERLIN), technologies=("radar", "unknown"))


def _day(day: date, count: int | None = 12, state: FigureState = FigureState.COUNTED) -> MeasureRow:
    start, end = (datetime.combine(each, time(), _BERLIN) for each in (day, day + timedelta(days=1)))
    return MeasureRow(
        channel=_CHANNEL.id,
        counter="zaehler-1",
        start=start,
        end=end,
        count=count,
        state=state,
        time=KnownTime(0.75, 0.25),
    )


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def _found(measures: Sequence[MeasureRow]) -> list[str]:
    return [
        f.reason for f in rules.check(CHANNELS.write([_CHANNEL]), MEASURES.write(measures), QUALITIES.write(measures))
    ]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_offsets_give_the_days_on_which_clocks_change_their_hours(day: date, hours: int) -> None:
    (row,) = _rows(MEASURES.write([_day(day)]))
    span = datetime.fromisoformat(row["end_datetime"]) - datetime.fromisoformat(row["start_datetime"])
    assert span == timedelta(hours=hours)
    assert not row["start_datetime"].endswith("Z")


def test_nobody_counted_is_an_empty_cell_and_nobody_passed_is_a_zero() -> None:
    measures = [
        _day(date(2026, 5, 1), 0),
        _day(date(2026, 5, 2), None, FigureState.NO_DATA),
        _day(date(2026, 5, 3), None, FigureState.HIDDEN),
    ]
    assert [row["count"] for row in _rows(MEASURES.write(measures))] == ["0", "", ""]
    assert [row["state"] for row in _rows(QUALITIES.write(measures))] == ["counted", "no-data", "hidden"]


@pytest.mark.parametrize(
    ("file", "records"),
    [
        (SITES, [_SITE]),
        (CHANNELS, [_CHANNEL]),
        (MEASURES, [_day(date(2026, 3, 29)), _day(date(2026, 3, 30), None, FigureState.NO_DATA)]),
        (QUALITIES, [_day(date(2026, 3, 29)), _day(date(2026, 3, 30), None, FigureState.HIDDEN)]),
    ],
    ids=lambda value: value.name if isinstance(value, CountingFile) else "",
)
def test_frictionless_finds_each_file_valid_by_its_table_schema(
    file: CountingFile[object], records: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.csv").write_bytes(file.write(records))
    report = Resource(path="file.csv", schema=Schema.from_descriptor(file.table_schema())).validate()
    assert report.valid, report.flatten(["message"])


def test_frictionless_refuses_a_measure_without_its_channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.csv").write_bytes(MEASURES.write([_day(date(2026, 3, 29))]).replace(_CHANNEL.id.encode(), b""))
    report = Resource(path="file.csv", schema=Schema.from_descriptor(MEASURES.table_schema())).validate()
    assert not report.valid


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("2026-05-01T00:00:00+02:00", "2026-05-01T00:00:00", "counting-time"),
        (",12", ",-3", "counting-count"),
        (",12", ",NaN", "counting-count"),
        (",12", ",viele", "counting-count"),
        (_CHANNEL.id, "nobody", "counting-channel"),
        ("2026-05-02T00:00:00+02:00", "2026-04-30T00:00:00+02:00", "counting-order"),
        ("end_datetime", "end", "counting-column"),
    ],
)
def test_what_a_table_schema_lets_pass_is_told_with_its_line(was: str, becomes: str, reason: str) -> None:
    measures = MEASURES.write([_day(date(2026, 5, 1))]).decode().replace(was, becomes).encode()
    found = rules.check(CHANNELS.write([_CHANNEL]), measures)
    assert reason in {finding.reason for finding in found}
    assert all(str(finding) for finding in found)


def test_a_day_beside_its_hours_is_told_as_counted_twice() -> None:
    day = _day(date(2026, 5, 1))
    hour = MeasureRow(
        channel=day.channel,
        counter=day.counter,
        start=day.start,
        end=day.start + timedelta(hours=1),
        count=5,
        state=FigureState.COUNTED,
        time=KnownTime(1.0),
    )
    assert _found([day, hour]) == ["counting-overlap"]


@pytest.mark.parametrize("shares", ["0.800,0.250", "-0.100,0.250", "NaN,0.250", "0.750,viel", "0.750,"])
def test_shares_that_are_more_than_all_of_the_time_or_none_are_told_with_their_line(shares: str) -> None:
    measures = [_day(date(2026, 5, 1))]
    qualities = QUALITIES.write(measures).decode()
    assert "0.750,0.250" in qualities
    found = rules.check(
        CHANNELS.write([_CHANNEL]), MEASURES.write(measures), qualities.replace("0.750,0.250", shares).encode()
    )
    assert [(finding.reason, finding.place) for finding in found] == [("counting-shares", "quality:2")]


def test_a_count_that_is_a_lower_bound_says_so_in_the_file_of_quality() -> None:
    least = replace(_day(date(2026, 5, 1)), time=KnownTime(0.5, 0.5, at_least=True))
    assert [row["at_least"] for row in _rows(QUALITIES.write([least, _day(date(2026, 5, 2))]))] == ["true", "false"]


def test_a_line_of_quality_that_says_otherwise_is_told() -> None:
    measures, other = [_day(date(2026, 5, 1))], [_day(date(2026, 5, 1), None, FigureState.HIDDEN)]
    for qualities in (QUALITIES.write(other), QUALITIES.write([])):
        found = rules.check(CHANNELS.write([_CHANNEL]), MEASURES.write(measures), qualities)
        assert len(found) == 1


@given(
    st.lists(
        st.one_of(
            st.integers(0, 10_000).map(lambda n: (n, FigureState.COUNTED)),
            st.sampled_from([(None, FigureState.HIDDEN), (None, FigureState.NO_DATA)]),
        ),
        max_size=40,
    ),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_whatever_was_counted_our_files_keep_our_own_rules(
    counted: list[tuple[int | None, FigureState]], first: date
) -> None:
    measures = [_day(first + timedelta(days=i), count, state) for i, (count, state) in enumerate(counted)]
    assert _found(measures) == []


def test_an_unknown_technology_is_left_out_and_a_known_one_has_the_schemas_word() -> None:
    assert _rows(CHANNELS.write([_CHANNEL]))[0]["counter_type"] == "RADAR SENSOR"


def test_every_technology_but_the_unknown_has_the_schemas_word() -> None:
    assert set(TECHNOLOGIES) == {technology.value for technology in CounterTechnology} - {"unknown"}
