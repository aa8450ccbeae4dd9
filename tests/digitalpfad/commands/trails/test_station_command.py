"""`digitalpfad station` as an operator types it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from digitalpfad.cli import build
from geodata.errors import InvalidInput
from tests.fixtures.databases.database import url_of


@pytest.fixture
def station(demo_trail: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", url_of(database_url))
    return Command()


class Command:
    """Runs the command in this process; its errors come as they are."""

    def __call__(self, *arguments: str) -> Result:
        result = CliRunner().invoke(build("station"), ["station", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def stations(self, *arguments: str) -> dict[str, dict[str, object]]:
        return {row["code"]: row for row in json.loads(self("list", "--json", *arguments).stdout)}


def test_the_life_of_a_station(station: Command) -> None:
    first, second, *_ = station.stations()
    before = station.stations()[first]
    station("renumber", f"{first}=2", f"{second.lower()}=1")
    assert station.stations()[first]["number"] == 2
    station("retire", first)
    assert first not in station.stations()
    assert station.stations("--all")[first]["retired_at"]
    station("restore", first)
    station("move", first, "--number", "77")
    assert station.stations()[first] == {**before, "number": 77}
    place = [*("--lon", str(before["lon"])), *("--lat", str(before["lat"]))]
    code = station("add", "stadtwald", "--number", "11", *place, "--title", "Neu").stdout.strip()
    assert station.stations("--trail", "stadtwald")[code]["title"] == "Neu"
    assert station.stations("--trail", "anderswo") == {}


def test_a_mistyped_code_changes_nothing_and_is_answered_with_what_was_meant(station: Command) -> None:
    first, *_ = station.stations()
    with pytest.raises(InvalidInput, match=f"Did you mean .*{first}"):
        station("retire", first[1] + first[0] + first[2:])
    assert first in station.stations()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("renumber", "3DVB54"), "CODE=NUMBER is '3DVB54', expected a code, = and a whole number"),
        (("move", "3DVB54", "--lon", "8.9"), "expected both or none"),
        (("add", "stadtwald", "--number", "11", "--lon", "8.9", "--lat", "52", "--title", " "), "title is ' '"),
        (
            ("renumber", "3DVB54=2"),
            r"one station of trail 'stadtwald' has, not .*\. Choose another, or renumber both at",
        ),
        (("move", "3DVB54", "--lon", "52", "--lat", "8.9"), "60 m from trail 'stadtwald'.* Give lon and lat of"),
        (("restore", "3DVB54"), r"expected a retired station\. station list all shows them all"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    station: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        station(*arguments)
