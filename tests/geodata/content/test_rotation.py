"""Texts of seasons: the right one on every day, the switch at the right midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.content.seasonal import next_switch, overlap, texts_on
from geodata.errors import InvalidInput
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.vocabulary.season import Season

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: (day.month, day.day))


def text(title: str, show: Season | None = None, variant: str = "de") -> StationContent:
    season = title.lower() if show else ""
    return StationContent(variant=variant, title=title, lead="L", body="B", season=season, show=show)


def station(*seasonal: StationContent) -> Station:
    contents = {"de": text("Immer")}
    return Station(code="3DVB54", trail="w", number=1, lon=8.9, lat=52, contents=contents, seasonal=seasonal)


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    try:
        return Season(draw(DAYS), draw(DAYS))
    except InvalidInput:
        assume(False)
        raise


SPRING, WINTER = Season((3, 1), (5, 31)), Season((12, 1), (2, 29))


def test_a_season_that_spans_the_new_year_is_shown_from_its_first_to_its_last_day() -> None:
    place = station(text("Winter", WINTER))
    shown = {
        day: texts_on(place, day).contents["de"].title
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 28), date(2027, 3, 1))
    }
    assert list(shown.values()) == ["Immer", "Winter", "Winter", "Winter", "Immer"]
    assert texts_on(place, date(2028, 2, 29)).contents["de"].title == "Winter"


def test_only_the_variant_of_the_season_changes() -> None:
    place = station(text("Kinderwinter", WINTER, "children"))
    assert texts_on(place, date(2027, 1, 1)).contents.keys() == {"de", "children"}
    assert texts_on(place, date(2027, 7, 1)).contents.keys() == {"de"}


def test_outside_of_all_seasons_the_station_stays_the_same_object() -> None:
    place = station(text("Winter", WINTER))
    assert texts_on(place, date(2026, 7, 1)) is place


@given(
    seasons(),
    seasons(),
    st.integers(0, 6 * 365 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
)
def test_between_two_switches_nothing_changes_and_at_a_switch_something_does(
    one: Season, other: Season, at: datetime
) -> None:
    place = station(text("Eins", one), text("Zwei", other, "children"))

    def shown(moment: datetime) -> dict[str, StationContent]:
        return texts_on(place, moment.astimezone(BERLIN).date()).contents

    switch = next_switch([place], at, BERLIN)
    assert switch is not None
    assert switch > at
    assert switch.astimezone(BERLIN).timetz().replace(tzinfo=None).isoformat() == "00:00:00"
    assert shown(switch) != shown(switch - timedelta(microseconds=1))
    days = (switch - at).days
    assert all(shown(at + timedelta(days=passed)) == shown(at) for passed in range(days))


def test_on_the_days_on_which_the_clock_changes_the_switch_is_at_their_first_moment() -> None:
    march, october = text("Maerz", Season((3, 28), (3, 28))), text("Oktober", Season((10, 31), (10, 31)))
    begin = datetime(2027, 3, 27, 12, tzinfo=UTC)  # summer time begins on 28 March 2027, ends on 31 October
    place, switches = station(march, october), list[str]()
    for _ in range(4):
        begin = next_switch([place], begin, BERLIN) or begin
        switches.append(begin.isoformat())
    assert switches == [
        "2027-03-27T23:00:00+00:00",
        "2027-03-28T22:00:00+00:00",  # a day of 23 hours
        "2027-10-30T22:00:00+00:00",
        "2027-10-31T23:00:00+00:00",  # a day of 25 hours
    ]


def test_without_seasons_there_is_no_switch() -> None:
    assert next_switch([station()], datetime(2026, 1, 1, tzinfo=UTC), BERLIN) is None


@given(seasons(), seasons())
def test_texts_overlap_exactly_where_a_day_of_a_leap_year_lies_in_both(one: Season, other: Season) -> None:
    days = [date(2028, 1, 1) + timedelta(days=passed) for passed in range(366)]
    both = [day for day in days if one.holds(day) and other.holds(day)]
    assert overlap(text("Eins", one), text("Zwei", other)) == (both[0] if both else None)
    assert overlap(text("Eins", one), text("Zwei", other, "en")) is None
