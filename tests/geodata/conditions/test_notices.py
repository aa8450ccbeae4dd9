"""Notices: the whole truth table, and no flapping."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.notices import Level, NoticeReason, NoticeRule, Override, Verdict, judge, measured_level
from geodata.errors import InvalidInput
from geodata.model.observation import Observation, Quality

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FRESH_S, EXPIRES_S = 300, 3600


RULE = NoticeRule(
    id="steg",
    trail="t",
    station=None,
    device="d",
    observed_property="surface_wetness",
    thresholds={Level.CAUTION: 40, Level.WARNING: 70},
    hysteresis=10,
    expires_s=EXPIRES_S,
)


def rule(**changes) -> NoticeRule:
    return replace(RULE, **changes)


def seen(age_s: float, value: float | None, quality: Quality = Quality.OK) -> Observation:
    return Observation(1, NOW - timedelta(seconds=age_s), value, quality)


VALUES = {"dry": 5, "just below caution": 35, "damp": 50, "just below warning": 65, "wet": 90}
AGES = {"fresh": 60, "stale": 400, "expired": 3700}
PREVIOUS = {"none": 5, "caution": 50, "warning": 90, "unknown": None}
OVERRIDES = {
    "no override": None,
    "suppressed": (Level.NONE, 60),
    "set to caution": (Level.CAUTION, 60),
    "set to warning": (Level.WARNING, 60),
    "override over": (Level.WARNING, 0),
}
# By hand: what a fresh good value means after what was before.
MEASURED = {
    ("dry", "none"): "none", ("dry", "caution"): "none", ("dry", "warning"): "none", ("dry", "unknown"): "none",
    ("just below caution", "none"): "none", ("just below caution", "caution"): "caution",
    ("just below caution", "warning"): "caution", ("just below caution", "unknown"): "caution",
    ("damp", "none"): "caution", ("damp", "caution"): "caution", ("damp", "warning"): "caution",
    ("damp", "unknown"): "caution",
    ("just below warning", "none"): "caution", ("just below warning", "caution"): "caution",
    ("just below warning", "warning"): "warning", ("just below warning", "unknown"): "warning",
    ("wet", "none"): "warning", ("wet", "caution"): "warning", ("wet", "warning"): "warning",
    ("wet", "unknown"): "warning",
}  # fmt: skip
# After a flagged value only what was before counts, and that is at most a caution unless it was a warning.
FLAGGED = {"none": "caution", "caution": "caution", "warning": "warning", "unknown": "caution"}


def expected(value: str, age: str, quality: Quality, override: str, previous: str) -> tuple[str, str]:
    """The truth table in words."""
    if override in {"suppressed", "set to caution", "set to warning"}:
        return {"suppressed": "none"}.get(override, override.removeprefix("set to ")), "set"
    if age == "expired":  # all values are older than the warning may live
        return "caution", "silent"
    if quality is not Quality.OK:
        return FLAGGED[previous], "silent" if age == "stale" else "flagged"
    if age == "fresh":
        return MEASURED[value, previous], "measured"
    return max(MEASURED[value, previous], "caution", key=["none", "caution", "warning"].index), "silent"


TABLE = list(product(VALUES, AGES, Quality, OVERRIDES, PREVIOUS))


@pytest.mark.parametrize("quality", Quality)
@pytest.mark.parametrize("age", AGES)
def test_every_line_of_the_truth_table(age: str, quality: Quality) -> None:
    lines = [line for line in TABLE if line[1] == age and line[2] is quality]
    assert len(lines) == 5 * 5 * 4
    for value, _, _, override, previous in lines:
        result = None if quality is Quality.MISSING else VALUES[value]
        recent = [seen(AGES[age], result, quality)]
        before = PREVIOUS[previous]
        if before is not None:
            recent.append(seen(AGES[age] + 100, before))
        named = OVERRIDES[override]
        manual = named and Override(
            rule="steg",
            level=named[0],
            since=NOW - timedelta(hours=1),
            until=NOW + timedelta(seconds=named[1]),
            by="anna",
        )
        verdict = judge(rule(), recent, FRESH_S, manual, NOW)
        wanted = expected(value, age, quality, override, previous)
        assert (verdict.level.name.lower(), verdict.reason.value) == wanted, (value, age, quality, override, previous)


def test_a_sensor_that_never_spoke_leads_to_caution() -> None:
    assert judge(rule(), [], FRESH_S, None, NOW) == Verdict(Level.CAUTION, NoticeReason.SILENT)


def test_a_value_is_told_only_while_it_was_measured_just_now() -> None:
    assert judge(rule(), [seen(60, 5)], FRESH_S, None, NOW).value == 5
    assert judge(rule(), [seen(400, 5)], FRESH_S, None, NOW).value is None
    assert judge(rule(), [seen(60, 5, Quality.SUSPECT)], FRESH_S, None, NOW).value is None


def test_only_a_fresh_good_value_or_a_person_gives_the_all_clear() -> None:
    for value, age, quality, override, previous in TABLE:
        level, reason = expected(value, age, quality, override, previous)
        if level == "none":
            assert reason == "set" or (age == "fresh" and quality is Quality.OK), (value, age, quality, previous)


def test_an_override_begins_and_ends_at_its_moment() -> None:
    manual = Override(rule="steg", level=Level.NONE, since=NOW, until=NOW + timedelta(hours=1), by="anna")
    wet = [seen(0, 90)]
    assert judge(rule(), wet, 1e9, manual, NOW - timedelta(seconds=1)).level is Level.WARNING
    assert judge(rule(), wet, 1e9, manual, NOW).level is Level.NONE
    assert judge(rule(), wet, 1e9, manual, NOW + timedelta(hours=1)).level is Level.WARNING


series = st.lists(st.floats(-20, 120), min_size=1, max_size=60)


def timed(values: list[float]) -> list[tuple[datetime, float]]:
    return [(NOW + timedelta(minutes=i), value) for i, value in enumerate(values)]


@given(
    st.sampled_from([40.0, 70.0]), st.lists(st.floats(-4.9, 4.9), min_size=2, max_size=60), st.booleans(), st.booleans()
)
def test_noise_smaller_than_the_hysteresis_changes_the_level_at_most_once(
    threshold: float, noise: list[float], below: bool, wet_before: bool
) -> None:
    thresholds = {Level.CAUTION: 70, Level.WARNING: 40} if below else {Level.CAUTION: 40, Level.WARNING: 70}
    changed = rule(below=below, thresholds=thresholds)
    values = timed([100 if wet_before else 0, *(threshold + wobble for wobble in noise)])
    levels = [measured_level(changed, values[: i + 1]) for i in range(1, len(values))]
    assert sum(a != b for a, b in pairwise(levels)) <= 1


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_a_held_level_stays_as_long_as_it_is_held(values: list[float]) -> None:
    gusts = rule(hold_s=600)
    points = timed(values)
    for i, (moment, _) in enumerate(points):
        within = [value for time, value in points[: i + 1] if moment - time < timedelta(seconds=600)]
        if any(value >= 70 for value in within):
            assert measured_level(gusts, points[: i + 1]) is Level.WARNING


def decisive(changed: NoticeRule, values: list[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    """What the store remembers: of each threshold the last value that reached it and the last that left it."""
    kept = {values[-1]}
    for threshold in changed.thresholds.values():
        for decides in (changed.reaches, changed.leaves):
            kept |= set([value for value in values if decides(value[1], threshold)][-1:])
    return sorted(kept)


@given(series, st.booleans(), st.sampled_from([0, 180, 600]), st.floats(0, 25))
def test_the_decisive_values_say_the_same_as_the_whole_series(
    values: list[float], below: bool, hold_s: int, hysteresis: float
) -> None:
    thresholds = {Level.CAUTION: 70, Level.WARNING: 40} if below else {Level.CAUTION: 40, Level.WARNING: 70}
    changed = rule(below=below, hold_s=hold_s, hysteresis=hysteresis, thresholds=thresholds)
    points = timed(values)
    assert measured_level(changed, decisive(changed, points)) == measured_level(changed, points)


@given(series, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(values: list[float], chance: Random) -> None:
    recent = [seen(60 * i, value) for i, value in enumerate(values)]
    shuffled = chance.sample(recent, len(recent)) + recent[:3]
    assert judge(rule(), shuffled, FRESH_S, None, NOW) == judge(rule(), recent, FRESH_S, None, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"thresholds": {}},
        {"thresholds": {Level.CAUTION: 70, Level.WARNING: 40}},
        {"thresholds": {Level.CAUTION: 40, Level.WARNING: 70}, "below": True},
        {"thresholds": {Level.NONE: 40}},
        {"hysteresis": -1},
    ],
)
def test_thresholds_that_cannot_work_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="of notice steg"):
        rule(**changes)
