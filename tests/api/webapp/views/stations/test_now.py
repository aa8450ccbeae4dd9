"""A value, the line beside it, the words below it and the week never contradict each other."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.catalogue.latest import LatestValue
from api.languages.texts import texts
from api.webapp.values.hours import Past
from api.webapp.values.sentences import sentence
from api.webapp.views.stations import now as now_view
from api.webapp.views.stations import week
from api.webapp.views.stations.now import ReadingRow
from geodata.conditions.silence import stale_after_s
from geodata.model.device import Device
from geodata.model.observation import Bucket, ObservedProperty, PropertyKind, Quality
from geodata.model.properties import STANDARD_PROPERTIES

BERLIN, DE = ZoneInfo("Europe/Berlin"), texts("de")
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
PROPERTIES = {prop.id: prop for prop in STANDARD_PROPERTIES}
Seen = tuple[datetime, float, Quality]


def hours_of(observations: list[Seen]) -> list[Bucket]:
    """What the rollup holds of these observations."""
    by_hour: dict[datetime, list[Seen]] = {}
    for seen in sorted(observations):
        by_hour.setdefault(seen[0].replace(minute=0, second=0), []).append(seen)
    return [bucket_of(hour, inside) for hour, inside in by_hour.items()]


def bucket_of(hour: datetime, inside: list[Seen]) -> Bucket:
    good = [value for _, value, quality in inside if quality is Quality.OK]
    suspect = len(inside) - len(good)
    if not good:
        return Bucket(hour, 0, None, None, None, None, None, suspect)
    mean = min(max(sum(good) / len(good), min(good)), max(good))
    return Bucket(hour, len(good), mean, min(good), max(good), good[0], good[-1], suspect)


@st.composite
def readings(draw: st.DrawFn) -> tuple[LatestValue, Past, datetime]:
    """A value as the keeper knows it, and hours that were read earlier, later, or while the database was away."""
    prop = PROPERTIES[draw(st.sampled_from(["air_temperature", "water_level", "air_pressure", "rain"]))]
    interval_s = draw(st.sampled_from([60, 600, 3600, 7200, 86_400]))
    now = NOON + timedelta(seconds=draw(st.integers(0, 3599)))
    values = st.sampled_from([0.0, 0.04, 0.05, 0.06, 7.94, 7.95, 8.04, 15.96]) | st.floats(0, 900)
    times = st.integers(-300, 60 * 60 * 24 * 8) | st.integers(-300, 60 * 60 * 2)
    qualities = st.sampled_from([Quality.OK, Quality.OK, Quality.OK, Quality.SUSPECT])
    ago = draw(st.dictionaries(times, st.tuples(values, qualities), min_size=1, max_size=60))
    observations = [(now - timedelta(seconds=back), value, quality) for back, (value, quality) in ago.items()]
    newest = sorted(observations)[-draw(st.integers(1, min(3, len(observations)))) :][0]
    read_until = now - timedelta(seconds=draw(st.sampled_from([-300, 0, 30, 4000, 90_000])))
    hours = hours_of([seen for seen in observations if seen[0] <= read_until])
    device = Device(id="d", trail="t", station="S", interval_s=interval_s, kind="climate")
    age_s = max(int((now - newest[0]).total_seconds()), 0)
    stale = age_s > stale_after_s(device)
    value = newest[1] if newest[2] is Quality.OK and not stale else None
    latest = LatestValue(
        observed_property=prop, device=device, value=value, measured_at=newest[0], age_s=age_s, quality=newest[2],
        stale=stale,
    )  # fmt: skip
    return latest, Past(hours), now


def row_of(latest: LatestValue, past: Past, now: datetime) -> ReadingRow:
    return now_view.reading(latest, past, {}, now, BERLIN, DE)


def points_of(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def number_in(words: str) -> float:
    found = re.search(r"[−\d.,]+", words)
    assert found is not None
    return float(found[0].replace(".", "").replace(",", ".").replace("−", "-"))


@given(readings())
def test_the_line_ends_with_the_value_beside_it_and_its_words_reach_it(found: tuple[LatestValue, Past, datetime]):
    latest = found[0]
    row, prop = row_of(*found), latest.observed_property
    if latest.value is None:
        assert row.value == ""
        assert row.line is None or row.line.end is None
        assert not re.search(r"\d", row.sentence)
        return
    assert row.sentence == sentence(prop, round(latest.value, prop.decimals), "climate", DE)
    if row.line is None:
        return
    assert row.line.end is not None
    x, y = row.line.end
    drawn = points_of(row.line.path) + list(row.line.dots)
    assert max(drawn) == (x, y), "nothing is drawn behind the value"
    shown = number_in(row.value)
    if prop.kind is PropertyKind.INCREMENT:
        total = number_in(row.line_words.split("zusammen")[1])
        assert total >= shown
        return
    last = [value for value in row.line.values if value is not None][-1]
    assert number_in(f"{round(last, prop.decimals)}".replace(".", ",")) == shown
    low, high = (
        (row.line_words.split("zwischen")[1].split(" und "))
        if "zwischen" in row.line_words
        else [row.line_words.split("immer")[1]] * 2
    )
    assert number_in(low) <= shown <= number_in(high)


@given(readings())
def test_what_people_read_as_equal_is_drawn_level_and_what_they_read_as_more_is_never_drawn_lower(
    found: tuple[LatestValue, Past, datetime],
):
    row, decimals = row_of(*found), found[0].observed_property.decimals
    if row.line is None:
        return
    values = [round(value, decimals) for value in row.line.values if value is not None]
    heights = [-y for _, y in sorted(points_of(row.line.path) + list(row.line.dots))]
    assert len(values) == len(heights)
    for value, height in zip(values, heights, strict=True):
        for other, other_height in zip(values, heights, strict=True):
            assert not (value == other and height != other_height)
            assert not (value > other and height < other_height)


@given(readings())
def test_the_week_says_the_same_value_as_the_reading_and_holds_it(found: tuple[LatestValue, Past, datetime]):
    latest, past, now = found
    shown = week.build(latest, past, now, BERLIN, DE)
    if shown is None:
        return
    if latest.value is None or shown.amounts:
        assert shown.now == ""
    else:
        assert shown.now == row_of(*found).value
        assert number_in(shown.low) <= number_in(shown.now) <= number_in(shown.high)
    assert len(shown.rows) == len(shown.days) == 7


@pytest.mark.parametrize(("interval_s", "gaps"), [(600, 0), (7200, 0)])
def test_a_device_that_reports_as_seldom_as_it_should_has_no_gaps(interval_s: int, gaps: int):
    now = NOON + timedelta(minutes=1)  # the hour has just begun, its value is still to come
    step = timedelta(hours=max(interval_s // 3600, 1))
    seen = [(now - timedelta(minutes=31) - i * step, 8.0, Quality.OK) for i in range(30)]
    latest = LatestValue(
        observed_property=PROPERTIES["air_temperature"], device=Device(id="d", trail="t", interval_s=interval_s),
        value=8.0, measured_at=seen[0][0], age_s=1860, quality=Quality.OK, stale=False,
    )  # fmt: skip
    line = row_of(latest, Past(hours_of(seen)), now).line
    assert line is not None
    assert line.gaps == gaps


def test_rain_is_summed_by_the_hour_and_told_as_a_sum():
    now = NOON + timedelta(minutes=30)
    seen = [(now - timedelta(minutes=10 * i), 0.2, Quality.OK) for i in range(12)]
    prop: ObservedProperty = PROPERTIES["rain"]
    latest = LatestValue(
        observed_property=prop, device=Device(id="d", trail="t", interval_s=600), value=0.2,
        measured_at=seen[0][0], age_s=0, quality=Quality.OK, stale=False,
    )  # fmt: skip
    assert row_of(latest, Past(hours_of(seen)), now).line_words == (
        "Letzte 24 Stunden: zusammen 2,4\u00a0mm. 21 Stunden ohne Messung."
    )
