"""What a watch takes for evidence, what it learns from, and what a visit changes."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.counting.sign_case import CaseOutcome
from geodata.statistics.signs.watch import LEAST_DAYS, SignDay, SignWatch, after, after_visit


def learnt(passes: int = 60, scans: int = 5, days: int = 60) -> SignWatch:
    """After days on which ``scans`` of ``passes`` scanned."""
    return silence(SignWatch(), days, SignDay(passes, scans))


def silence(watch: SignWatch, days: int, day: SignDay = SignDay(60, 0)) -> SignWatch:  # noqa: B008 - never changes
    """After so many more days like ``day``, on which nobody scans unless it says so."""
    for _ in range(days):
        watch = after(watch, day)
    return watch


def test_three_silent_days_are_evidence_and_say_what_of() -> None:
    watch = silence(learnt(), 3)
    assert watch.is_silent
    assert (watch.days, watch.passes, watch.scans) == (3, 180, 0)
    assert watch.expected == pytest.approx(15, rel=0.05)


@pytest.mark.parametrize("passes", [600, 5000, 10**6])
def test_two_days_are_no_alarm_however_many_passed_nor_on_the_day_after(passes: int) -> None:
    watch = silence(learnt(), LEAST_DAYS - 1, SignDay(passes, 0))
    assert watch.evidence > 6
    assert not watch.is_silent
    assert not after(watch, SignDay(60, 5)).is_silent


def test_a_silence_of_many_days_takes_more_evidence_than_one_of_three() -> None:
    assert SignWatch(evidence=4.5, days=3).is_silent
    assert not SignWatch(evidence=4.5, days=8).is_silent


@given(st.lists(st.integers(0, 20), max_size=30))
def test_days_of_which_the_counter_knows_nothing_change_nothing(scans: list[int]) -> None:
    before = watch = learnt()
    for each in scans:
        watch = after(watch, SignDay(None, each))
    assert watch == before


def test_nobody_on_the_way_is_no_evidence_against_the_sign() -> None:
    assert silence(learnt(), 30, SignDay(0, 0)) == learnt()


def test_a_station_of_which_little_is_known_is_not_judged() -> None:
    assert not silence(learnt(scans=1, days=20), 30).is_silent


def test_a_dead_sign_is_not_taken_as_the_new_normal() -> None:
    watch = learnt()
    told = silence(watch, 100)
    assert told.is_silent
    assert told.ratio == watch.ratio


def test_days_of_a_silence_that_is_not_told_yet_wait_to_be_learnt() -> None:
    watch = learnt(passes=10, scans=1)
    silent = silence(watch, 12, SignDay(3, 0))
    assert not silent.is_silent
    assert silent.days > 7
    assert silent.ratio == pytest.approx(watch.ratio)


def test_a_school_class_teaches_little_about_other_days() -> None:
    watch = learnt()
    for day in range(30):
        watch = after(watch, SignDay(85, 25) if day % 10 == 9 else SignDay(60, 5))
    assert watch.ratio == pytest.approx(learnt().ratio, rel=0.12)


@pytest.mark.parametrize("kind", ["free", "work-wet"])
def test_a_kind_of_day_has_its_own_ratio_once_it_is_known(kind: str) -> None:
    watch = SignWatch()
    for _ in range(30):
        watch = after(after(watch, SignDay(60, 6, "work-dry")), SignDay(60, 1, kind))
    assert silence(watch, 1, SignDay(60, 1, kind)).evidence == 0
    assert silence(watch, 1, SignDay(60, 1, "work-dry")).evidence > 1


def test_a_scan_takes_evidence_away() -> None:
    watch = after(learnt(), SignDay(60, 0))
    assert 0 < after(watch, SignDay(60, 1)).evidence - watch.evidence < watch.evidence
    assert after(watch, SignDay(60, 3)).evidence < watch.evidence


def test_with_another_counter_the_ratio_is_learnt_anew() -> None:
    watch = silence(SignWatch(), 60, SignDay(60, 5, counters=(1,)))
    moved = silence(watch, 20, SignDay(600, 5, counters=(1, 2)))
    assert not moved.is_silent
    assert moved.ratio == pytest.approx(5 / 600, rel=0.01)
    assert silence(watch, 20, SignDay(600, 5, counters=(1,))).is_silent


def test_what_was_remembered_before_counters_were_is_gone_on_with() -> None:
    old = {
        "kinds": {"work": {"scans": 150.0, "passes": 1800.0}, "free": {"scans": 60.0, "passes": 700.0}},
        "excess": 20.0, "squares": 900.0, "waiting": [{"passes": 60.0, "scans": 5, "kind": "work"}] * 7,
        "evidence": 2.5, "days": 1, "passes": 60.0, "expected": 5.0, "scans": 0,
    }  # fmt: skip
    watch = msgspec.convert(old, SignWatch)
    told = silence(watch, 2, SignDay(60, 0, "work", (7,)))
    assert (told.is_silent, told.days) == (True, 3)
    assert msgspec.convert(msgspec.to_builtins(told), SignWatch) == told


def test_after_a_visit_all_begins_anew_and_a_sign_elsewhere_is_learnt_anew() -> None:
    watch = silence(learnt(), 4)
    mended = after_visit(watch, CaseOutcome.MENDED, was_silent=True)
    changed = after_visit(watch, CaseOutcome.CHANGED, was_silent=True)
    assert (mended.is_silent, changed.is_silent) == (False, False)
    assert (mended.ratio, changed.ratio) == (watch.ratio, None)
    assert mended.waiting == ()


def test_an_alarm_for_nothing_makes_the_next_one_harder_and_a_mere_report_does_not() -> None:
    watch = silence(learnt(), 3)
    cautious = after_visit(watch, CaseOutcome.IN_ORDER, was_silent=True)
    reported = after_visit(watch, CaseOutcome.IN_ORDER, was_silent=False)
    just_enough = replace(watch, evidence=4.5)
    assert just_enough.is_silent
    assert not replace(just_enough, caution=cautious.caution).is_silent
    assert replace(just_enough, caution=reported.caution).is_silent
    year = silence(cautious, 365, SignDay(60, 5)).caution
    assert year == pytest.approx(cautious.caution / 2, rel=0.03)
    assert silence(cautious, 6).is_silent, "a cautious watch tells a dead sign too, some days later"


def test_a_report_is_borne_out_by_less_than_an_alarm_takes() -> None:
    watch = silence(learnt(), 1)
    assert (watch.is_silent, watch.bears_out_reports) == (False, True)
    assert not learnt().bears_out_reports
