"""The care round: everything that is to be done, each once, in walking order."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions import care
from geodata.conditions.care import NOWHERE, CareWork, DeviceState
from geodata.conditions.closures import Closure, ClosureContent
from geodata.conditions.device_condition import Condition
from geodata.geometry.line import TrailGeometry
from geodata.model.care.visit import LastTick
from geodata.model.care.work import WorkKind, WorkOutcome
from geodata.model.counting.sign_case import CaseReason, SignCase
from geodata.model.device import Device
from geodata.model.report import Report, ReportKind, ReportPlace
from geodata.model.station import Station
from geodata.vocabulary.season import Season
from tests.dashboards.office import LINE

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(days=2)
CODES = ("K7YNX0", "3DVB54", "8XBJQN", "R7TZ2H")
GEOMETRY = TrailGeometry(LINE)


def station(code: str, number: int, along_m: float) -> Station:
    return Station(code=code, trail="stadtwald", number=number, lon=8.9, lat=52.0, along_m=along_m)


def device(name: str, **given: object) -> Device:
    return Device(id=name, trail="stadtwald", last_seen_at=EARLIER, **given)  # pyright: ignore[reportArgumentType]


METRES = st.floats(0, 9000)
STATIONS = st.lists(METRES, max_size=4).map(
    lambda places: [station(CODES[i], i + 1, along_m) for i, along_m in enumerate(places)]
)
WORKS = st.lists(
    st.builds(
        CareWork,
        kind=st.sampled_from(WorkKind),
        ref=st.uuids().map(str),
        station=st.sampled_from([*CODES, "GONE00", None]),
        along_m=st.one_of(METRES, st.just(NOWHERE)),
    )
)


@given(stations=STATIONS, works=WORKS)
def test_the_round_has_every_station_and_every_work_once_in_walking_order(
    stations: list[Station], works: list[CareWork]
) -> None:
    stops = care.plan(stations, works, {})
    assert [stop.along_m for stop in stops] == sorted(stop.along_m for stop in stops)
    assert sorted(stop.station.code for stop in stops if stop.station) == sorted(each.code for each in stations)
    planned = [work for stop in stops for work in stop.works]
    assert sorted(planned, key=lambda work: work.ref) == sorted(works, key=lambda work: work.ref)
    for stop in stops:
        if stop.station is not None:
            assert {work.station for work in stop.works} <= {stop.station.code}
        else:
            assert stop.works
            assert not {work.station for work in stop.works} & {each.code for each in stations}
            assert {work.along_m for work in stop.works} == {stop.along_m}


def test_a_common_silence_is_one_cause_and_no_visits() -> None:
    silent = [DeviceState(device(name), Condition.SILENT) for name in ("a", "b", "c")]
    never = DeviceState(Device(id="d", trail="stadtwald"), Condition.NEVER)
    found = care.of_devices([*silent, never], care.placing(GEOMETRY), {}, heard_elsewhere=True)
    assert found.common is not None
    assert [work.ref for work in found.works] == ["d"]
    one_runs = care.of_devices(
        [*silent[:2], DeviceState(device("c"), Condition.RUNNING)], care.placing(GEOMETRY), {}, heard_elsewhere=True
    )
    assert (one_runs.common, [work.ref for work in one_runs.works]) == (None, ["a", "b"])


@pytest.mark.parametrize(
    ("outcome", "changed", "is_work"),
    [
        (WorkOutcome.BATTERY, NOW, False),
        (WorkOutcome.BATTERY, EARLIER - timedelta(hours=1), True),
        (WorkOutcome.DONE, NOW, True),
    ],
)
def test_a_battery_changed_since_it_told_its_charge_is_no_work(
    outcome: WorkOutcome, changed: datetime, is_work: bool
) -> None:
    state = DeviceState(device("a"), Condition.BATTERY, battery_at=EARLIER)
    last = {"a": LastTick(outcome, changed, "ute")}
    found = care.of_devices([state], care.placing(None), last, heard_elsewhere=True)
    assert bool(found.works) is is_work


def test_a_device_beside_the_stations_has_its_place_on_the_line() -> None:
    beside = DeviceState(device("a", lon=8.917, lat=52.0515), Condition.FAILED)
    (work,) = care.of_devices([beside], care.placing(GEOMETRY), {}, heard_elsewhere=True).works
    assert work.along_m == pytest.approx(GEOMETRY.locate(8.917, 52.0515).along_m)
    assert care.placing(GEOMETRY)(None, None) == math.inf


def report(number: int, kind: ReportKind = ReportKind.TREE, **place: object) -> Report:
    return Report(
        id=UUID(int=number), kind=kind, text=f"Text {number}", received_at=NOW,
        place=ReportPlace(trail="stadtwald", **place),  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


def test_a_report_that_told_of_a_sign_is_done_with_its_case_and_its_words_stand_there() -> None:
    reports = [report(1, ReportKind.CODE, station="3DVB54"), report(2, station="3DVB54")]
    case = SignCase(
        id=7, station="3DVB54", reason=CaseReason.REPORTED, opened_at=EARLIER, evidence=None,
        reports=[UUID(int=1)], scanned_at=None,
    )  # fmt: skip
    (sign,) = care.of_signs([case], reports)
    assert (sign.ref, sign.station, sign.text) == ("7", "3DVB54", "Text 1")
    assert [work.text for work in care.of_reports(reports, care.placing(None), [case])] == ["Text 2"]


def test_only_closures_that_hold_with_an_open_end_are_asked_about() -> None:
    def closure(identity: int, **given: object) -> Closure:
        contents = {"de": ClosureContent(variant="de", reason="Sturm")}
        given = {"trail": "stadtwald", "valid_from": EARLIER, "contents": contents} | given
        return Closure(id=identity, **given)  # pyright: ignore[reportArgumentType]

    closures = [
        closure(1, stretch=(1400.0, 1600.0)),
        closure(2, valid_until=NOW + timedelta(days=9)),
        closure(3, valid_from=NOW + timedelta(days=1)),
        closure(4, season=Season((11, 1), (12, 24))),
        closure(5, stretch=(300.0, 500.0)),
    ]
    stations = [station("R7TZ2H", 7, 2800), station("3DVB54", 4, 1500)]
    works = care.of_closures(closures, GEOMETRY, stations, NOW, UTC)
    assert [(work.ref, work.station, work.text) for work in works] == [("1", "3DVB54", "Sturm"), ("5", None, "Sturm")]
    assert works[1].along_m == 300
