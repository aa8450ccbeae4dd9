"""When closures hold and which stations they affect, against rules and geometry worked out another way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Polygon

from geodata.conditions.closures import (
    TOLERANCE_M,
    Closure,
    Season,
    affected_stations,
    closed_line,
    is_active,
    next_change,
    period,
    periods,
)
from geodata.errors import InvalidInput
from geodata.geometry.line import TrailGeometry
from geodata.model.station import Station

BERLIN = ZoneInfo("Europe/Berlin")
GEOD = Geod(ellps="GRS80")
SPAN = (datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2032-01-01"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def local_date_by_rule(at: datetime) -> date:
    """Central European time by the directive's words: last Sundays of March and October, 01:00 UTC."""

    def last_sunday(month: int) -> datetime:
        day = datetime(at.year, month, 31, 1, tzinfo=UTC)
        return day - timedelta(days=(day.weekday() + 1) % 7)

    summer = last_sunday(3) <= at < last_sunday(10)
    return (at + timedelta(hours=2 if summer else 1)).date()


moments = st.datetimes(*SPAN, timezones=st.just(UTC))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(lambda day: (day.month, day.day)) | st.just((2, 29))


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    try:
        return Season(draw(days), draw(days))
    except InvalidInput:
        assume(False)
        raise


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    begin = draw(moments)
    until = begin + draw(st.timedeltas(timedelta(seconds=1), timedelta(days=1500))) if draw(st.booleans()) else None
    return Closure(trail="t", valid_from=begin, valid_until=until, season=draw(st.none() | seasons()))


def closed_by_rule(closure: Closure, at: datetime) -> bool:
    if at < closure.valid_from or (closure.valid_until and at >= closure.valid_until):
        return False
    if closure.season is None:
        return True
    day = today = local_date_by_rule(at)
    while (day.month, day.day) != closure.season.first:
        day -= timedelta(days=1)
    while day != today:  # from the season's last beginning on, has its last day gone by?
        tomorrow = day + timedelta(days=1)
        leap_end = closure.season.last == (2, 29) and (tomorrow.month, tomorrow.day) == (3, 1)
        if (day.month, day.day) == closure.season.last or leap_end:
            return False
        day = tomorrow
    return True


@given(closures(), moments)
@settings(deadline=None)
def test_a_closure_holds_exactly_on_its_days(closure: Closure, at: datetime) -> None:
    assert is_active(closure, at, BERLIN) == closed_by_rule(closure, at)


@given(closures(), moments)
@settings(deadline=None)
def test_nothing_changes_before_the_next_change_and_then_it_does(closure: Closure, at: datetime) -> None:
    now = is_active(closure, at, BERLIN)
    change = next_change(closure, at, BERLIN)
    end = change or at + timedelta(days=800)
    assert end > at
    steps = (end - at) / 40
    assert all(is_active(closure, at + i * steps, BERLIN) == now for i in range(40))
    assert is_active(closure, end - timedelta(microseconds=1), BERLIN) == now
    if change is not None:
        assert is_active(closure, change, BERLIN) != now


@given(closures(), moments)
@settings(deadline=None)
def test_the_period_is_the_one_that_holds_or_else_comes_next(closure: Closure, at: datetime) -> None:
    found = period(closure, at, BERLIN)
    assert is_active(closure, at, BERLIN) == (found is not None and found.start <= at)
    if found is None:
        assert not any(is_active(closure, at + timedelta(days=i), BERLIN) for i in range(0, 800, 3))


@pytest.mark.parametrize(
    ("at", "closed"),
    [
        ("2027-03-28T00:59:59", False),  # 01:59:59 winter time; the clock jumps from 2 to 3
        ("2027-03-28T01:00:00", True),  # 03:00 summer time
        ("2026-10-25T00:00:00", True),  # 02:00 for the first time
        ("2026-10-25T01:29:59", True),  # 02:29:59 for the second time
        ("2026-10-25T01:30:00", False),
    ],
)
def test_a_closure_begins_and_ends_right_while_the_clock_changes(at: str, closed: bool) -> None:
    spring = Closure(trail="t", valid_from=berlin("2027-03-28T03:00"))
    autumn = Closure(trail="t", valid_from=utc("2026-01-01"), valid_until=berlin("2026-10-25T02:30").replace(hour=1))
    closure = spring if at.startswith("2027") else autumn
    assert is_active(closure, utc(at), BERLIN) is closed


def test_a_season_follows_the_local_midnight_on_both_days_of_the_clock_change() -> None:
    only_these = Season((3, 28), (10, 25))
    closure = Closure(trail="t", valid_from=utc("2020-01-01"), season=only_these)
    (spans,) = [[p for p, _ in zip(periods(closure, utc("2026-05-01"), BERLIN), range(2), strict=False)]]
    assert spans[0].end == utc("2026-10-25T23:00")  # 25 October has 25 hours
    assert spans[1].start == utc("2027-03-27T23:00")  # 28 March has 23
    assert not is_active(closure, utc("2026-10-25T23:00"), BERLIN)
    assert is_active(closure, utc("2026-10-25T22:59:59"), BERLIN)


def test_the_nesting_season_comes_back_every_year() -> None:
    nesting = Closure(trail="t", valid_from=utc("2026-01-01"), season=Season((3, 1), (7, 31)))
    at = utc("2030-08-01T00:00")
    assert not is_active(nesting, at, BERLIN)
    assert next_change(nesting, at, BERLIN) == berlin("2031-03-01T00:00")
    assert next_change(nesting, berlin("2031-03-01T00:00"), BERLIN) == berlin("2031-08-01T00:00")


def test_a_season_across_new_year_is_one_period() -> None:
    winter = Closure(trail="t", valid_from=utc("2026-01-01"), season=Season((12, 15), (2, 29)))
    found = period(winter, berlin("2027-01-01T00:00"), BERLIN)
    assert found is not None
    assert (found.start, found.end) == (berlin("2026-12-15T00:00"), berlin("2027-03-01T00:00"))
    assert is_active(winter, berlin("2028-02-29T23:59"), BERLIN)


def test_an_open_end_never_ends() -> None:
    closure = Closure(trail="t", valid_from=utc("2026-01-01"))
    assert is_active(closure, utc("2126-01-01"), BERLIN)
    assert next_change(closure, utc("2026-06-01"), BERLIN) is None


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda: Season((2, 30), (3, 1)), "02-30"),
        (lambda: Season((2, 29), (3, 1)), "Write 03-01"),
        (lambda: Season((3, 1), (2, 28)), "less than a whole year"),
        (lambda: Season((1, 1), (12, 31)), "Leave the season out"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), valid_until=utc("2026-01-02")), "a time after"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), stretch=(3, 3)), "two different places"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), stretch=(3, 4), area=SQUARE), "one of the two"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), area=BOW_TIE), "does not cross itself"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_mend(make, names: str) -> None:
    with pytest.raises(InvalidInput, match=names):
        make()


SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@st.composite
def trails(draw: st.DrawFn) -> LineString:
    """Rings of 1 to 8 km, closed or open, that never come near themselves; somewhere between Spain and Norway."""
    middle = (draw(st.floats(-5, 20)), draw(st.floats(40, 65)))
    radii = draw(st.lists(st.floats(200, 1200), min_size=6, max_size=14))
    closed = draw(st.booleans())
    turn = 360 if closed else 250
    spots = [GEOD.fwd(*middle, turn * i / len(radii), radius)[:2] for i, radius in enumerate(radii)]
    return LineString([*spots, spots[0]] if closed else spots)


def stations_on(geometry: TrailGeometry, shares: list[float]) -> list[Station]:
    alongs = [share * geometry.length_m for share in shares]
    places = [geometry.point_at(along) for along in alongs]
    return [
        Station(code=f"{i}", trail="t", number=i + 1, lon=lon, lat=lat, along_m=along)
        for i, (along, (lon, lat)) in enumerate(zip(alongs, places, strict=True))
    ]


shares = st.lists(st.floats(0, 0.9999), min_size=3, max_size=8, unique=True)


def along_apart(line: LineString, station: Station, closed: set[int], step_m: float, loop: bool) -> float:
    """Metres from a station to the nearest closed step of a walk, counted in steps of the ground."""
    total = len(walk(line, step_m))
    here = round(station.along_m / step_m)
    ways = (abs(here - step) for step in closed)
    return min(min(way, total - way) if loop else way for way in ways) * step_m


def walk(line: LineString, step_m: float) -> list[tuple[float, float]]:
    """Points every ``step_m`` on the ellipsoid, from the line's start to its end."""
    points: list[tuple[float, float]] = []
    carry = 0.0
    for a, b in pairwise(line.coords):
        azimuth, _, length = GEOD.inv(a[0], a[1], b[0], b[1])
        while carry < length:
            points.append(GEOD.fwd(a[0], a[1], azimuth, carry)[:2])
            carry += step_m
        carry -= length
    return points


@given(trails(), shares, st.tuples(st.floats(0, 1), st.floats(0, 1)))
@settings(deadline=None, max_examples=60)
def test_a_stretch_affects_exactly_the_stations_one_meets_walking_it(
    line: LineString, where: list[float], ends: tuple[float, float]
) -> None:
    geometry, step = TrailGeometry(line), 2.0
    stretch = (ends[0] * geometry.length_m, ends[1] * geometry.length_m)
    assume(abs(stretch[0] - stretch[1]) > 5)
    stations = stations_on(geometry, where)
    closure = Closure(trail="t", valid_from=utc("2026-01-01"), stretch=stretch)
    steps = len(walk(line, step))
    first, last = (round(end / step) for end in (stretch if geometry.is_loop else sorted(stretch)))
    if geometry.is_loop:
        closed = {i % steps for i in range(first, last + 1 if last >= first else last + steps + 1)}
    else:
        closed = {min(i, steps - 1) for i in range(first, last + 1)}
    affected = {station.code for station in affected_stations(closure, geometry, stations)}
    for station in stations:
        apart = along_apart(line, station, closed, step, geometry.is_loop)
        if abs(apart - TOLERANCE_M) > 3 * step:  # nearer to the edge than the walk's steps tell
            assert (station.code in affected) == (apart < TOLERANCE_M), (apart, station.along_m, stretch)


@given(trails(), shares, st.floats(0, 1), st.floats(30, 600), st.lists(st.floats(0.4, 1), min_size=5, max_size=9))
@settings(deadline=None, max_examples=60)
def test_an_area_affects_exactly_the_stations_in_it_or_beside_it(
    line: LineString, where: list[float], share: float, size_m: float, radii: list[float]
) -> None:
    geometry = TrailGeometry(line)
    middle = geometry.point_at(share * geometry.length_m)
    corners = [GEOD.fwd(*middle, 360 * i / len(radii), size_m * radius)[:2] for i, radius in enumerate(radii)]
    closure = Closure(trail="t", valid_from=utc("2026-01-01"), area=Polygon(corners))
    stations = stations_on(geometry, where)
    affected = {station.code for station in affected_stations(closure, geometry, stations)}
    border = walk(LineString([*corners, corners[0]]), 2.0)
    for station in stations:
        off = min(GEOD.inv(station.lon, station.lat, point[0], point[1])[2] for point in border)
        inside = winds_around((station.lon, station.lat), corners)
        if inside or abs(off - TOLERANCE_M) > 1.5:
            assert (station.code in affected) == (inside or off < TOLERANCE_M), (inside, off)


def winds_around(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    """Even-odd rule: how many sides a ray to the east crosses."""
    x, y = point
    crossed = 0
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossed += 1
    return crossed % 2 == 1


def test_the_edge_of_a_wide_area_is_straight_in_degrees_as_geojson_says() -> None:
    geometry = TrailGeometry(LineString([(8.9, 52.0), (8.91, 52.0)]))
    north = [(9.2, 52.1), (8.6, 52.1)]
    for beside_m, is_affected in ((9, True), (12, False)):
        edge = 52.0 + beside_m / 111_200
        area = Polygon([(8.6, edge), (9.2, edge), *north])
        station = Station(code="AAAAAA", trail="t", number=1, lon=8.9, lat=52.0, along_m=0)
        closure = Closure(trail="t", valid_from=utc("2026-01-01"), area=area)
        assert (affected_stations(closure, geometry, [station]) == [station]) is is_affected


def test_a_stretch_across_the_start_of_a_loop_is_one_line_and_affects_both_sides() -> None:
    corners = [(8.9, 52.05), (8.906, 52.05), (8.906, 52.054), (8.9, 52.054), (8.9, 52.05)]
    geometry = TrailGeometry(LineString(corners))
    stations = stations_on(geometry, [0.05, 0.5, 0.95])
    closure = Closure(
        trail="t", valid_from=utc("2026-01-01"), stretch=(0.9 * geometry.length_m, 0.1 * geometry.length_m)
    )
    assert [station.number for station in affected_stations(closure, geometry, stations)] == [1, 3]
    closed = closed_line(closure, geometry, LineString(corners))
    assert isinstance(closed, LineString)
    length = GEOD.line_length([x for x, *_ in closed.coords], [y for _, y, *_ in closed.coords])
    assert length == pytest.approx(0.2 * geometry.length_m, rel=1e-6)


def test_a_stretch_from_the_start_of_a_loop_to_its_end_is_all_of_it() -> None:
    line = LineString([(8.9, 52.05), (8.906, 52.05), (8.906, 52.054), (8.9, 52.054), (8.9, 52.05)])
    geometry = TrailGeometry(line)
    whole = Closure(trail="t", valid_from=utc("2026-01-01"), stretch=(0, geometry.length_m))
    stations = stations_on(geometry, [0, 0.3, 0.7])
    assert affected_stations(whole, geometry, stations) == stations
    assert closed_line(whole, geometry, line).equals(line)


def test_a_retired_station_is_never_affected() -> None:
    geometry = TrailGeometry(LineString([(8.9, 52.05), (8.95, 52.05)]))
    gone = Station(code="x", trail="t", number=1, lon=8.91, lat=52.05, retired_at=utc("2026-01-01"))
    assert affected_stations(Closure(trail="t", valid_from=utc("2026-01-01")), geometry, [gone]) == []
