"""The pages of stamps as the server makes them: the same for everyone, whatever a phone has collected."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from geodata.model.trail import TrailState
from geodata.store.catalogue import trail_state
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers

PASS = "/t/stadtwald/stamps"


def test_the_pass_has_a_field_with_number_and_title_for_each_station(hikers: Hikers) -> None:
    html = hikers.get(PASS).text
    assert re.findall(r'data-code="(\w+)"', html)[:1] == [OAKS]
    assert html.count("data-code=") == 10
    drawings = re.findall(r'<svg class="slice".*?stroke-width="3.5" d="([^"]+)"', html)
    assert len(drawings) == len(set(drawings)) == 11, "each station's own, and the badge"


def test_the_pages_are_the_same_bytes_each_time(hikers: Hikers) -> None:
    for path in (PASS, "/t/stadtwald/certificate", "/scan"):
        first, again = hikers.get(path), hikers.get(path)
        assert first.status_code == 200
        assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
        assert hikers.get(path, if_none_match=first.headers["etag"]).status_code == 304


def test_the_number_of_the_town_stands_on_the_pass(hikers: Hikers) -> None:
    assert "Hast du alle offenen Stationen" in hikers.get(PASS).text
    with hikers.database.transaction() as connection:
        trail_state.set_stamps_needed(connection, "stadtwald", 7)
    wait_until(lambda: "Für 7 Stempel gibt es das Abzeichen." in hikers.get(PASS).text)
    assert 'data-needed="7"' in hikers.get(PASS).text


def test_an_unknown_trail_has_no_pass_and_one_given_up_says_so(hikers: Hikers) -> None:
    assert hikers.get("/t/nowhere/stamps").status_code == 404
    with hikers.database.transaction() as connection:
        trail_state.set_state(connection, "stadtwald", TrailState.RETIRED, datetime.now(UTC))
    wait_until(lambda: "Diesen Pfad gibt es nicht mehr" in hikers.get(PASS).text)


def test_a_near_code_stays_a_sign_that_was_typed(hikers: Hikers) -> None:
    assert f'href="/s/{PONDS}?via=sign"' in hikers.get("/s/3DVB45?via=sign").text
    assert f'href="/s/{PONDS}"' in hikers.get("/s/3DVB45").text


def test_a_task_without_the_phone_stands_on_the_page_and_in_the_interface(hikers: Hikers) -> None:
    assert "Ohne Handy" in hikers.get(f"/s/{PONDS}").text
    assert "Leg das Handy weg und setz dich" in hikers.get(f"/s/{PONDS}").text
    assert "Handy weg. Setz dich zu deinen Großen" in hikers.get(f"/s/{PONDS}?lang=children").text
    content = hikers.get(f"/api/v1/stations/{PONDS}?lang=en").json()["properties"]["content"]
    assert content["task"].startswith("Put the phone away")
    without = next(
        code for code in hikers.keeper.current.catalogue.stations if "Ohne Handy" not in hikers.get(f"/s/{code}").text
    )
    assert hikers.get(f"/api/v1/stations/{without}").json()["properties"]["content"]["task"] == ""
