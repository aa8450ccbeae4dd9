"""Stations on the staff pages: added, moved, renumbered, retired, restored; a printed code always stays."""

from __future__ import annotations

import httpx
import pytest

from geodata.model.staff import Role
from geodata.model.station import Station
from geodata.store.access import audit
from geodata.store.catalogue.station import load_stations
from tests.dashboards.office import Office, hire

LIST = "/staff/trails/stadtwald/stations"
NEW = {"lat": "52.0515", "lon": "8.920", "number": "8", "title": "Neue Buche", "lead": "Sie ist alt."}


@pytest.fixture
def editor(office: Office) -> httpx.Client:
    hire(office.database, "eva", Role.EDITOR)
    return office.signed_in("eva")


def stored(office: Office) -> dict[str, Station]:
    with office.database.transaction() as connection:
        return load_stations(connection)


def test_a_new_station_gets_a_code_of_its_own_and_its_words(office: Office, editor: httpx.Client) -> None:
    before = stored(office)
    answer = editor.post(LIST, data=NEW)
    assert answer.status_code == 303
    (code,) = stored(office).keys() - before.keys()
    assert answer.headers["location"] == f"{LIST}/{code}?said=added"
    new = stored(office)[code]
    assert (new.number, new.title(), new.contents["de"].lead) == (8, "Neue Buche", "Sie ist alt.")
    assert 1000 < new.along_m < 2500, "its place along the line is worked out"
    with office.database.transaction() as connection:
        entry = audit.newest(connection, 1)[0]
    assert (entry.action, entry.object, entry.municipality) == ("station-add", code, "lemgo")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "4"}, "hat schon eine andere Station"),
        ({"number": "0"}, "von 1 bis 9999"),
        ({"number": "4²"}, "von 1 bis 9999"),
        ({"lat": "48.1"}, "zu weit vom Pfad"),
        ({"lat": "Baum"}, "„Baum“ ist kein Winkel"),
        ({"lon": "nan"}, "„nan“ ist kein Winkel"),
        ({"title": " "}, "einen Titel"),
        ({"title": "x" * 201}, "höchstens 200"),
    ],
)
def test_a_station_that_cannot_stand_there_is_refused_at_its_field(
    office: Office, editor: httpx.Client, changed: dict[str, str], words: str
) -> None:
    answer = editor.post(LIST, data={**NEW, **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Sie ist alt." in answer.text, "what was typed stays"
    assert len(stored(office)) == 4


def test_a_station_moves_and_keeps_code_number_and_words(office: Office, editor: httpx.Client) -> None:
    answer = editor.post(f"{LIST}/3dvb54/move", data={"lat": "52,0516", "lon": "8,9172"})
    assert answer.headers["location"] == f"{LIST}/3DVB54?said=moved"
    moved = stored(office)["3DVB54"]
    assert (moved.lat, moved.lon, moved.number, moved.title()) == (52.0516, 8.9172, 4, "Försterteiche")


def test_two_stations_swap_their_numbers_when_that_is_said(office: Office, editor: httpx.Client) -> None:
    refused = editor.post(f"{LIST}/3DVB54/number", data={"number": "5"})
    assert refused.status_code == 422
    assert "hat schon eine andere Station" in refused.text
    assert editor.post(f"{LIST}/3DVB54/number", data={"number": "5", "swap": "y"}).status_code == 303
    assert {code: station.number for code, station in stored(office).items()} == {
        "K7YNX0": 1, "3DVB54": 5, "8XBJQN": 4, "R7TZ2H": 7,
    }  # fmt: skip


def test_a_retired_station_comes_back_with_a_number_that_is_free(office: Office, editor: httpx.Client) -> None:
    editor.post(f"{LIST}/3DVB54/retire")
    assert stored(office)["3DVB54"].retired_at is not None
    assert editor.post(f"{LIST}/3DVB54/retire").status_code == 422, "it is retired already"
    editor.post(f"{LIST}/8XBJQN/number", data={"number": "4"})
    assert editor.post(f"{LIST}/3DVB54/restore", data={"number": "4"}).status_code == 422
    assert editor.post(f"{LIST}/3DVB54/restore", data={"number": "6"}).status_code == 303
    back = stored(office)["3DVB54"]
    assert (back.retired_at, back.number) == (None, 6)


def test_whoever_moves_what_another_has_moved_sees_both_first(office: Office, editor: httpx.Client) -> None:
    page = editor.get(f"{LIST}/3DVB54").text
    version = page.split('name="version" value="')[1].split('"')[0]
    there = {"lat": "52.0516", "lon": "8.9172", "version": version}
    assert editor.post(f"{LIST}/3DVB54/move", data=there).status_code == 303
    conflict = editor.post(f"{LIST}/3DVB54/move", data={**there, "lat": "52.0514"})
    assert conflict.status_code == 409
    assert "52.0516" in conflict.text
    assert "52.0514" in conflict.text
    assert stored(office)["3DVB54"].lat == 52.0516


def test_a_station_is_found_below_its_own_trail_only(office: Office, editor: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'anderswo', municipality, line, licence FROM trail"
        )
    assert editor.post("/staff/trails/anderswo/stations/3DVB54/retire").status_code == 404
    assert stored(office)["3DVB54"].retired_at is None
