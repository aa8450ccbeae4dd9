"""Words for what is there, as tables, GIS layers and GPS devices write them."""

from __future__ import annotations

import pytest

from geodata.facts.words import direction_of, is_unknown, kind_in_name, kind_of, passable_of, surface_of
from geodata.model.place import PlaceKind
from geodata.model.section import Passable, Surface
from geodata.model.trail import TrailDirection


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("WC", PlaceKind.TOILET),
        ("Restroom", PlaceKind.TOILET),
        ("Sitzbänke", PlaceKind.BENCH),
        ("BAENKE", PlaceKind.BENCH),
        ("bus_stop", PlaceKind.BUS_STOP),
        ("highway=emergency_access_point", PlaceKind.RESCUE_POINT),
        ("Rettungspunkte", PlaceKind.RESCUE_POINT),
        ("Parking Area", PlaceKind.PARKING),
        ("Aussicht", None),
        ("", None),
    ],
)
def test_a_word_for_a_kind_is_understood_in_any_spelling(text: str, kind: PlaceKind | None) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Bushaltestelle Waldhof", (PlaceKind.BUS_STOP, "Waldhof")),
        ("Rettungspunkt: LIP-1234", (PlaceKind.RESCUE_POINT, "LIP-1234")),
        ("WC", (PlaceKind.TOILET, "")),
        ("Bank 3", (PlaceKind.BENCH, "3")),
        ("Bank der Klasse 4b", None),
        ("Hütte der Waldarbeiter", None),
        ("Alte Eiche", None),
        ("Busch", None),
    ],
)
def test_a_name_says_a_kind_only_where_it_can_be_nothing_else(name: str, found: tuple[PlaceKind, str] | None) -> None:
    assert kind_in_name(name) == found


def test_words_for_ground_wheels_and_directions_are_those_of_people_and_of_openstreetmap() -> None:
    assert surface_of("wassergebundene Decke") is Surface.FINE_GRAVEL
    assert surface_of("ground") is Surface.EARTH
    assert surface_of("Marmor") is None
    assert [passable_of(text) for text in ("ja", "eingeschraenkt", "limited", "nein")] == [
        Passable.YES,
        Passable.LIMITED,
        Passable.LIMITED,
        Passable.NO,
    ]
    assert direction_of("gegen den Uhrzeigersinn") is TrailDirection.ANTICLOCKWISE
    assert direction_of("beide Richtungen") is TrailDirection.EITHER


def test_a_dash_and_unknown_are_no_answer_and_a_no_is_one() -> None:
    assert all(map(is_unknown, ("", " – ", "?", "k. A.", "unbekannt")))
    assert not is_unknown("nein")
