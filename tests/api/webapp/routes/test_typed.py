"""What people type from a sign leads to its station: a code, a number, or a whole address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.webapp.routes.typed import LONGEST_CODE, TypedSign, read
from geodata.actions import edit_station
from geodata.store.catalogue.station import save_station
from geodata.vocabulary import codes
from tests.api.webapp.reading import words
from tests.api.webapp.second_town import FIRST, TRAIL, add_kalletal
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import OAKS, PONDS, PUBLIC_URL, Hikers

ADDRESSES = [
    f"https://pfad.lemgo.de/s/{PONDS}",
    f"http://pfad.lemgo.de:8080/s/{PONDS}/",
    f"pfad.lemgo.de/s/{PONDS.lower()}",
    f"HTTPS://PFAD.LEMGO.DE/S/{PONDS}",
    f" pfad.lemgo.de / s / {PONDS} ",
    f"https://pfad.lemgo.de/s/{PONDS}?via=sign",
    f"https://pfad.lemgo.de/s/{PONDS}?lang=en&via=sign#karte",
    f"/s/{PONDS}",
    f"s/{PONDS}",
    "https://pfad.lemgo.de/s/3DV%20B54",
    "ｐｆａｄ.lemgo.de／s／3DVB54",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_read_with_any_host(text: str) -> None:
    assert (read(text).code.replace(" ", "").upper(), read(text).via, read(text).number) == (PONDS, "sign", None)


def test_a_scanned_tag_keeps_how_it_was_come_by() -> None:
    assert read(f"https://pfad.lemgo.de/s/{PONDS}?via=nfc") == TypedSign(PONDS, via="nfc")
    assert read(f"https://pfad.lemgo.de/s/{PONDS}?via=elsewhere").via == "sign"


@pytest.mark.parametrize("text", ["4", " 4 ", "04", "4.", "Station 4", "STATION 4", "Nr. 4", "No. 4", "#4", "４"])
def test_a_number_alone_is_that_of_a_station(text: str) -> None:
    assert read(text) == TypedSign(number=4)


@pytest.mark.parametrize("text", ["3DVB54", "123456", "1234", "4a", "IV"])
def test_all_else_is_a_code(text: str) -> None:
    assert read(text) == TypedSign(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://evil.example/login", "evil.example"),
        ("HTTP://Evil.example", "evil.example"),
        ("evil.example/login", "evil.example"),
        ("www.evil.example", "www.evil.example"),
        ("https://pfad.lemgo.de@evil.example/x", "evil.example"),
        ("https://[::1", ""),
    ],
)
def test_an_address_that_is_no_sign_keeps_its_host(text: str, host: str) -> None:
    assert read(text).host == host


@pytest.mark.parametrize("text", ["3DV.B54", "3DVB54.", "Die Försterteiche", "4.", "3D/VB54"])
def test_what_is_no_address_has_no_host(text: str) -> None:
    assert read(text).host == ""


def test_an_address_of_another_host_is_named_with_how_genuine_ones_begin(hikers: Hikers) -> None:
    answer = hikers.get(f"/s?{urlencode({'code': 'https://evil.example/<b>login'})}")
    said = words(answer.text)
    assert answer.status_code == 404
    assert "Diese Adresse ist nicht von uns Sie führt zu: evil.example" in said
    assert f"Alle echten Schilder beginnen mit {PUBLIC_URL.partition('://')[2]}/s/" in said
    assert 'href="/signs"' in answer.text
    assert 'href="/report?kind=sign"' in answer.text
    odd = hikers.get(f"/s?{urlencode({'code': 'https://<img src=x onerror=alert(1)>.example/'})}").text
    assert "<img" not in odd


def test_an_address_of_ours_that_is_no_sign_opens(hikers: Hikers) -> None:
    for text in (f"{PUBLIC_URL}/t/stadtwald", f"{hikers.url}/t/stadtwald"):
        assert hikers.get(f"/s?{urlencode({'code': text})}").headers["location"] == "/t/stadtwald", text
    doubled = hikers.get(f"/s?{urlencode({'code': f'{PUBLIC_URL}//evil.example/'})}")
    assert doubled.headers["location"] == "/evil.example/", "two strokes would lead to another host"


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(text: str) -> None:
    found = read(text)
    assert len(found.code) <= LONGEST_CODE
    assert found.via in {"nfc", "sign"}


def test_an_address_in_the_field_leads_to_the_station_and_its_page(hikers: Hikers) -> None:
    for text in ADDRESSES:
        answer = hikers.get(f"/s?{urlencode({'code': text, 'lang': 'de'})}")
        assert answer.status_code == 303, text
        address = answer.headers["location"]
        assert address.startswith("/s/"), text
        page = hikers.get(hikers.get(address).headers.get("location", address))
        assert "Die Försterteiche" in page.text, text


def test_a_number_leads_straight_there_where_one_trail_is_shown(hikers: Hikers) -> None:
    answer = hikers.get("/s?code=4&lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{PONDS}?via=sign&lang=en")
    missing = hikers.get("/s?code=77")
    assert missing.status_code == 404
    assert "Keine Station hat die Nummer 77." in missing.text


def test_a_number_is_of_the_station_that_has_it_now_and_else_of_the_one_that_had_it(hikers: Hikers) -> None:
    with hikers.database.transaction() as connection:
        edit_station.retire(connection, PONDS, datetime.now(UTC))
    wait_until(lambda: "gibt es nicht mehr" in hikers.get(f"/s/{PONDS}").text, what="the station to be given up")
    assert hikers.get("/s?code=4").headers["location"] == f"/s/{PONDS}?via=sign", "its sign still stands there"
    with hikers.database.transaction() as connection:
        connection.execute("UPDATE station SET number = 4 WHERE code = %s", [OAKS])
    wait_until(lambda: hikers.get("/s?code=4").headers.get("location") == f"/s/{OAKS}?via=sign", what="the new fourth")


def test_a_code_that_looks_like_a_number_is_a_code(hikers: Hikers) -> None:
    code = next(
        code for number in range(100) for code in [f"000{number:02}{c}" for c in "0123456789"] if codes.is_valid(code)
    )
    with hikers.database.transaction() as connection:
        station = hikers.keeper.current.catalogue.stations[PONDS]
        save_station(connection, replace(station, code=code, number=90))
    wait_until(lambda: hikers.get(f"/s/{code}").status_code == 200, what="the new station")
    assert hikers.get(f"/s?code={code}").headers["location"] == f"/s/{code}?via=sign"


def test_the_choice_of_a_number_stays_in_another_language(hikers: Hikers) -> None:
    missing = hikers.get("/s?code=77&trail=stadtwald").text
    link = re.search(r'href="([^"]*lang=en)"', missing)
    assert link is not None
    assert "77" in hikers.get(unescape(link[1])).text


def test_a_number_of_several_trails_is_a_choice_unless_a_trail_is_asked_from(hikers: Hikers) -> None:
    add_kalletal(hikers.database)
    wait_until(lambda: "Weserblick" in hikers.get("/").text, what="the second trail")
    choice = hikers.get("/s?code=Station+1")
    assert choice.status_code == 200
    assert choice.headers["cache-control"] == "no-store"
    for part in ("Weserblick", f'href="/s/{FIRST}?via=sign"', "Digitalpfad Stadtwald", f'href="/s/{OAKS}?via=sign"'):
        assert part in choice.text
    assert f'name="trail" value="{TRAIL}"' in hikers.get(f"/t/{TRAIL}").text
    assert hikers.get(f"/s?code=1&trail={TRAIL}").headers["location"] == f"/s/{FIRST}?via=sign"
    assert hikers.get("/s?code=4").headers["location"] == f"/s/{PONDS}?via=sign", "only one trail has a fourth"
    assert hikers.get(f"/s?code=4&trail={TRAIL}").status_code == 404
