"""What the page of a trail says of its facts, and what it says where nobody has entered them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.languages.texts import texts
from api.webapp.published import LastWeek
from api.webapp.views.trails import places, stretches, times, walked
from geodata.bundle.folder import bundled
from geodata.model.place import PlaceKind
from geodata.model.section import Passable, Section
from geodata.statistics.figure import Figure, FigureState
from geodata.statistics.known_time import KnownTime

DE = texts("de")
DEMO = bundled()
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WEEK = (datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 29, 23, tzinfo=UTC))


def sentence(
    count: int | None,
    state: FigureState = FigureState.COUNTED,
    coverage: float = 1.0,
    time: KnownTime | None = None,
) -> str:
    week = LastWeek(Figure(*WEEK, count, state, time or KnownTime(coverage)))
    return walked.build(week, NOW, ZoneInfo("Europe/Berlin"), DE).sentence


def test_help_comes_first_and_what_nobody_entered_is_named() -> None:
    card = places.build(DEMO.places, DE)
    assert [group.kind for group in card.groups][:2] == ["rescue_point", "road_access"]
    assert card.unknown == ""
    empty = places.build([], DE)
    assert empty.groups == ()
    assert "Rettungspunkt" in empty.unknown
    assert "Toilette" in empty.unknown


def test_a_place_says_how_far_along_and_how_far_aside_it_is() -> None:
    stop = next(place for place in DEMO.places if place.kind is PlaceKind.BUS_STOP)
    assert places.where(stop, DE) == "beim Start, 140\u00a0m vom Weg"
    assert places.where(replace(stop, along_m=1512, off_m=3), DE) == "1,5\u00a0km ab Start"


def test_a_gap_between_two_stretches_is_a_stretch_of_which_nothing_is_known() -> None:
    known = [Section(trail="t", from_m=0, to_m=100, pram=Passable.YES), Section(trail="t", from_m=400, to_m=500)]
    card = stretches.build(known, 600, DE)
    assert card is not None
    assert [row.reach for row in card.rows] == [
        "Start bis 100\u00a0m", "100\u00a0m bis 400\u00a0m", "400\u00a0m bis 500\u00a0m", "500\u00a0m bis 600\u00a0m",
    ]  # fmt: skip
    assert card.rows[1].ground == "Untergrund nicht bekannt"
    assert card.bands[1].sums == "geht gut: 100\u00a0m, nicht bekannt: 500\u00a0m"
    assert [part.state for part in card.bands[1].parts] == ["yes", "unknown", "unknown", "unknown"]
    assert "niemand die Stufen gezählt" in card.steps


def test_steps_of_a_part_are_no_sum_of_the_whole() -> None:
    counted = Section(trail="t", from_m=0, to_m=300, steps=34)
    part, whole = stretches.build([counted], 600, DE), stretches.build([counted], 300, DE)
    assert part is not None
    assert part.steps == "Mindestens 34 Stufen. Auf einem Teil des Wegs hat niemand die Stufen gezählt."
    assert whole is not None
    assert whole.steps == "34 Stufen auf dem ganzen Weg."


def test_places_of_which_nothing_more_is_known_stand_in_one_line() -> None:
    benches = next(group for group in places.build(DEMO.places, DE).groups if group.kind == "bench")
    assert [line.name for line in benches.lines] == ["Bank am Teich", "", "Bank im Park"]
    assert benches.lines[1].note == "Weiter Blick."
    assert benches.others.replace("\u00a0", " ") == (
        "an 5 weiteren Stellen: 360 m, 910 m, 2,1 km, 2,8 km, 4,6 km ab Start"
    )


def test_a_short_stretch_has_two_ends_that_differ() -> None:
    card = stretches.build([Section(trail="t", from_m=2560, to_m=2600)], 4000, DE)
    assert card is not None
    assert card.rows[1].reach == "2,56\u00a0km bis 2,60\u00a0km"


def test_a_trail_of_which_nothing_is_known_has_no_table() -> None:
    assert stretches.build([], 4000, DE) is None


def test_children_take_half_as_long_again() -> None:
    assert times.of(60, DE) == times.WalkingTimes("eine Stunde", "1 Std. 30 Min.")


def test_a_figure_says_its_coverage_and_a_hidden_one_only_that_it_might_tell_of_somebody() -> None:
    assert sentence(458) == "458 Mal ging jemand an einem Zähler vorbei."
    assert sentence(40, coverage=0.5).endswith(" Gezählt wurde in 50\u00a0% der Zeit.")
    silent = sentence(40, time=KnownTime(0.5, 0.3, at_least=True))
    assert silent.startswith("Mindestens 40 Mal ging jemand an einem Zähler vorbei.")
    assert silent.endswith(" Gezählt wurde in 50\u00a0% der Zeit. In weiteren 30\u00a0% schwieg ein Zähler.")
    hidden = sentence(None, FigureState.HIDDEN)
    assert hidden == "Für diese Woche nennen wir keine Zahl: Sie könnte von einzelnen Menschen erzählen."
    assert sentence(0) == "Niemand ging vorbei."
    assert "eine Lücke, keine Null" in sentence(None, FigureState.NO_DATA, 0.0)


def test_without_a_figure_the_page_says_why() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert "zählt kein Zähler" in walked.build(None, NOW, berlin, DE).sentence
    assert "Noch ist keine Woche" in walked.build(LastWeek(None), NOW, berlin, DE).sentence
    assert "nicht erreichbar" in walked.build(LastWeek(None, is_reachable=False), NOW, berlin, DE).sentence
