"""The hours of a day: means over hours that were counted, working days and weekends apart."""

from __future__ import annotations

from dashboards.figures import profile
from geodata.store.counting.reading import ProfileHour


def test_means_are_of_counted_hours_of_all_channels_and_weekends_are_apart() -> None:
    hours = [ProfileHour(1, 9, 12, 4), ProfileHour(5, 9, 8, 4), ProfileHour(6, 9, 30, 2), ProfileHour(7, 9, 10, 2)]
    found = profile.chart(hours, 2)
    assert found.rows[9].hour == "9 bis 10 Uhr"
    assert (found.rows[9].working_days, found.rows[9].weekend) == ("5,0", "20,0")
    assert (found.rows[8].working_days, found.rows[8].weekend) == ("nicht gezählt", "nicht gezählt")
    assert found.drawing is not None
    assert found.highest is not None
    assert found.highest[2] == "5,0"
    assert len(found.drawing.bars) == len(found.drawing.marks) == 1


def test_a_station_without_a_counted_hour_has_no_drawing() -> None:
    found = profile.chart([], 2)
    assert (found.drawing, found.highest, len(found.rows)) == (None, None, 24)
