"""A sign that nobody scans any more is told within three days, and hardly any other is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.statistics.signs.watch import SignDay, SignWatch, after, after_visit
from tests.geodata.statistics.signs.sign_worlds import WORLDS, SignWorld, false_alarms, power

HARDER = {"strongly overdispersed", "the ratio falls by a third in a year"}
"""Where days tell less, and where fewer than 8 % scan by the time that the sign dies."""


def learnt(passes: int = 60, scans: int = 5, days: int = 60) -> SignWatch:
    """After days on which ``scans`` of ``passes`` scanned."""
    watch = SignWatch()
    for _ in range(days):
        watch = after(watch, SignDay(passes, scans))
    return watch


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_of_ten_dead_signs_nine_are_told_within_three_days(world: SignWorld) -> None:
    least = 0.85 if world.name in HARDER else 0.90
    assert power(world, np.random.default_rng(20), 100) >= least


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_a_sign_in_order_is_called_silent_once_a_year_at_most(world: SignWorld) -> None:
    assert false_alarms(world, np.random.default_rng(21), 10) <= 1


def test_three_silent_days_are_evidence_and_say_what_of() -> None:
    watch = learnt()
    for _ in range(3):
        watch = after(watch, SignDay(60, 0))
    assert watch.is_silent
    assert (watch.days, watch.passes, watch.scans) == (3, 180, 0)
    assert watch.expected == pytest.approx(15, rel=0.05)


@given(st.lists(st.integers(0, 20), max_size=30))
def test_days_of_which_the_counter_knows_nothing_change_nothing(scans: list[int]) -> None:
    before = watch = learnt()
    for each in scans:
        watch = after(watch, SignDay(None, each))
    assert watch == before


def test_nobody_on_the_way_is_no_evidence_against_the_sign() -> None:
    watch = learnt()
    for _ in range(30):
        watch = after(watch, SignDay(0, 0))
    assert watch == learnt()


def test_a_station_of_which_little_is_known_is_not_judged() -> None:
    watch = learnt(passes=60, scans=1, days=20)
    for _ in range(30):
        watch = after(watch, SignDay(60, 0))
    assert not watch.is_silent


def test_a_dead_sign_is_not_taken_as_the_new_normal() -> None:
    watch = learnt()
    ratio = watch.ratio
    for _ in range(100):
        watch = after(watch, SignDay(60, 0))
    assert watch.is_silent
    assert watch.ratio == ratio


def test_after_a_visit_all_begins_anew_and_a_sign_elsewhere_is_learnt_anew() -> None:
    watch = learnt()
    for _ in range(4):
        watch = after(watch, SignDay(60, 0))
    mended, moved = after_visit(watch, is_as_before=True), after_visit(watch, is_as_before=False)
    assert (mended.is_silent, moved.is_silent) == (False, False)
    assert mended.ratio == watch.ratio
    assert moved.ratio is None


def test_a_scan_takes_evidence_away() -> None:
    watch = after(learnt(), SignDay(60, 0))
    assert 0 < after(watch, SignDay(60, 3)).evidence < watch.evidence
