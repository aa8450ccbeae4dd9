"""Trails that are hidden, given up or removed: lists forget them, and every printed code goes on answering."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from geodata.actions import edit_station, edit_trail
from geodata.actions.load_bundle import load_if_empty
from geodata.conditions.closures import Closure, ClosureContent
from geodata.model.trail import TrailState
from geodata.store.catalogue import closure, trail_state
from geodata.vocabulary import codes
from tests.api.webapp.second_town import FIRST, SECOND, TRAIL, add_kalletal
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers, a_day

LISTS = ("/", "/api/v1/trails", "/api/v1/stations", "/api/v1/closures", "/api/v1/closures.ics")


@pytest.fixture
def town(hikers: Hikers) -> Hikers:
    add_kalletal(hikers.database)
    with hikers.database.transaction() as connection:
        texts = {"de": ClosureContent(variant="de", reason="Hangrutsch")}
        closure.add(connection, Closure(trail=TRAIL, valid_from=datetime(2026, 1, 1, tzinfo=UTC), contents=texts))
    wait_until(lambda: "Weserblick" in hikers.get("/").text, what="the second trail")
    return hikers


def set_state(town: Hikers, state: TrailState) -> None:
    with town.database.transaction() as connection:
        edit_trail.set_state(connection, TRAIL, state, datetime.now(UTC))
    wait_until(lambda: town.keeper.current.catalogue.trails[TRAIL].state is state, what="the pages to know the state")


def listed(town: Hikers) -> dict[str, bool]:
    texts = {path: town.get(path).text for path in LISTS}
    return {path: any(word in text for word in ("eserblick", "Hangrutsch", FIRST)) for path, text in texts.items()}


@pytest.mark.parametrize("state", [TrailState.HIDDEN, TrailState.RETIRED])
def test_no_list_names_a_trail_that_is_hidden_or_given_up_and_showing_it_brings_it_back(
    town: Hikers, state: TrailState
) -> None:
    assert all(listed(town).values())
    set_state(town, state)
    assert not any(listed(town).values())
    assert town.get(f"/api/v1/stations?trail={TRAIL}").json()["numberMatched"] == 0
    near = town.get("/api/v1/stations?near=9.03,52.13&limit=1").json()["features"][0]
    assert near["properties"]["trail"] == "stadtwald"
    set_state(town, TrailState.SHOWN)
    assert all(listed(town).values())


def test_a_hidden_trail_answers_whoever_stands_before_its_sign(town: Hikers) -> None:
    set_state(town, TrailState.HIDDEN)
    for path in (f"/s/{FIRST}", f"/t/{TRAIL}"):
        page = town.get(path)
        assert page.status_code == 200
        assert "Blick 2" in page.text, "the other station is linked"
        assert 'name="robots" content="noindex"' in page.text
        assert "Hangrutsch" in page.text, "a closure is a matter of safety"


def test_a_station_of_a_trail_that_is_given_up_says_what_stood_there_and_the_nearest_living_one(town: Hikers) -> None:
    set_state(town, TrailState.RETIRED)
    page = town.get(f"/s/{FIRST}")
    assert page.status_code == 200
    assert "Diesen Pfad gibt es nicht mehr." in page.text
    assert re.search(r"Er wurde aufgegeben: \d+\. \w+ \d{4}\.", page.text)
    assert "Hier steht Bank 1." in page.text
    assert "Luftlinie" in page.text
    assert SECOND not in page.text
    assert f"/t/{TRAIL}" not in page.text
    assert "Diesen Pfad gibt es nicht mehr." in town.get(f"/t/{TRAIL}").text
    answer = town.get(f"/api/v1/stations/{FIRST}").json()["properties"]
    assert answer["retired_at"] is not None
    assert answer["nearest"]["code"] not in {FIRST, SECOND}
    assert town.get(f"/api/v1/trails/{TRAIL}").json()["properties"]["retired_at"] is not None


def test_a_removed_code_says_so_and_is_drawn_for_no_other_station(
    town: Hikers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town.database.transaction() as connection:
        edit_trail.remove(connection, TRAIL)
    wait_until(lambda: town.get(f"/s/{FIRST}").status_code == 410, what="the pages to know the removal")
    page = town.get(f"/s/{FIRST.lower()}").text
    assert "Dieses Schild gilt nicht mehr" in page
    assert "Luftlinie" in page
    assert town.get(f"/t/{TRAIL}").status_code == 404
    problem = town.get(f"/api/v1/stations/{FIRST}")
    assert (problem.status_code, problem.json()["code"]) == (410, FIRST)
    assert "kalletal" not in town.keeper.current.catalogue.municipalities
    drawn = iter([FIRST, SECOND, "KA3MXS"])
    monkeypatch.setattr(codes, "new_code", lambda _: next(drawn))
    with town.database.transaction() as connection:
        place = town.keeper.current.catalogue.stations[PONDS]
        code = edit_station.add(connection, "stadtwald", number=99, lonlat=(place.lon, place.lat), title="Neu")
    assert code == "KA3MXS"


def test_the_same_trail_brings_its_own_codes_back(town: Hikers) -> None:
    with town.database.transaction() as connection:
        edit_trail.remove(connection, TRAIL)
    add_kalletal(town.database)
    wait_until(lambda: "Blick 1" in town.get(f"/s/{FIRST}").text, what="the station to be back")
    with town.database.transaction() as connection:
        assert trail_state.load_removed(connection) == {}


def test_a_demonstration_goes_with_its_values_and_a_real_trail_with_values_stays(town: Hikers) -> None:
    town.observe(a_day("pegel-04", "water_level", [40.0, 41.0], datetime.now(UTC)))
    with town.database.transaction() as connection:
        assert edit_trail.remove(connection, "stadtwald").observations == 2
    wait_until(lambda: "Stadtwald" not in town.get("/").text, what="the demonstration to go")
    with town.database.transaction() as connection:
        row = connection.execute("SELECT (SELECT count(*) FROM observation), (SELECT count(*) FROM device)").fetchone()
    assert row == (0, 0)
    assert town.get(f"/s/{PONDS}").status_code == 410
    assert load_if_empty(town.database) is None, "there is a real trail"
    with town.database.transaction() as connection:
        connection.execute("UPDATE trail SET surveyed = true")
        connection.execute("INSERT INTO device (id, trail, station) VALUES ('box', %s, %s)", [TRAIL, FIRST])
        connection.execute(
            "INSERT INTO quarantine (digest, reason, detail, topic, payload, device, received_at)"
            " VALUES ('x', 'unreadable', 'x', 't', 'x', 'box', now())"
        )
    with pytest.raises(edit_trail.RemovalRefused, match="trail retire weserblick"), town.database.transaction() as c:
        edit_trail.remove(c, TRAIL)


def test_a_trail_whose_signs_were_scanned_is_not_removed(town: Hikers) -> None:
    town.get(f"/s/{FIRST}?via=sign")
    wait_until(lambda: _scans(town) == 1, what="the scan to be counted")
    with pytest.raises(edit_trail.RemovalRefused, match="scanned 1 times"), town.database.transaction() as connection:
        edit_trail.remove(connection, TRAIL)


def _scans(town: Hikers) -> int:
    with town.database.transaction() as connection:
        return trail_state.holdings(connection, TRAIL).sign_scans


def test_a_trail_that_was_looked_at_while_hidden_is_removed_when_somebody_says_that_no_sign_hangs(
    town: Hikers,
) -> None:
    set_state(town, TrailState.HIDDEN)
    town.get(f"/s/{FIRST}")
    wait_until(lambda: _scans(town) == 1, what="the look to be counted")
    with (
        pytest.raises(
            edit_trail.RemovalRefused, match=r"opened 1 times as if from their signs.* no-sign-hangs removes"
        ),
        town.database.transaction() as connection,
    ):
        edit_trail.remove(connection, TRAIL)
    with town.database.transaction() as connection:
        held = edit_trail.remove(connection, TRAIL, no_sign_hangs=True)
    assert (held.sign_scans, held.hidden_scans) == (1, 1)
    wait_until(lambda: town.get(f"/s/{FIRST}").status_code == 410, what="the code to be known as gone")


def test_nobody_can_say_that_no_sign_hangs_of_a_trail_scanned_while_it_was_shown(town: Hikers) -> None:
    with town.database.transaction() as connection:
        connection.execute(
            "INSERT INTO scan_hour (station, hour, variant, entry, count)"
            " VALUES (%s, now() - interval '2 hours', 'de', 'sign', 3)",
            [FIRST],
        )
    set_state(town, TrailState.HIDDEN)
    with (
        pytest.raises(edit_trail.RemovalRefused, match="scanned 3 times: they hang somewhere"),
        town.database.transaction() as connection,
    ):
        edit_trail.remove(connection, TRAIL, no_sign_hangs=True)
