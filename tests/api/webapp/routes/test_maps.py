"""The map page and its document: the same stations and states, in each voice, with an ETag."""

from __future__ import annotations

import re

from tests.fixtures.web.hikers import PONDS, Hikers

MAP = "/t/stadtwald/map"


def test_the_document_holds_the_line_its_length_and_every_station(hikers: Hikers) -> None:
    answer = hikers.get(f"{MAP}.json?lang=en")
    document = answer.json()
    geometry = hikers.keeper.current.geometries["stadtwald"]
    assert document["trail"]["properties"] == {"length_m": round(geometry.length_m, 1), "is_loop": True}
    line = document["trail"]["geometry"]["coordinates"]
    assert line[0] == line[-1]
    assert all(len(vertex) == 2 for vertex in line)
    numbers = [one["properties"]["number"] for one in document["stations"]["features"]]
    assert numbers == list(range(1, 11))
    fourth = document["stations"]["features"][3]["properties"]
    assert (fourth["code"], fourth["href"], fourth["is_closed"]) == (PONDS, f"/s/{PONDS}?lang=en", False)
    assert document["words"]["ask"] == "Where am I?"
    again = hikers.get(f"{MAP}.json?lang=en", if_none_match=answer.headers["etag"])
    assert again.status_code == 304


def test_the_page_lists_what_the_document_draws(hikers: Hikers) -> None:
    html = hikers.get(f"{MAP}?lang=de").text
    codes = re.findall(r'<li data-code="(\w{6})"', html)
    document = hikers.get(f"{MAP}.json?lang=de").json()
    assert codes == [one["properties"]["code"] for one in document["stations"]["features"]]
    assert 'data-document="/t/stadtwald/map.json?lang=de"' in html
    for address in re.findall(r'data-(?:where|sentences|canvas|style|signs|engine|worker)="([^"]+)"', html):
        answer = hikers.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


def test_every_place_beside_the_way_is_in_the_document_and_in_the_list_in_one_order(hikers: Hikers) -> None:
    places = hikers.get(f"{MAP}.json?lang=en").json()["places"]["features"]
    named = [": ".join(filter(None, (one["properties"]["label"], one["properties"]["name"]))) for one in places]
    html = hikers.get(f"{MAP}?lang=en").text
    rows = re.findall(r'<li data-place="(\d+)">.*?<b>(.*?)</b>', html, re.DOTALL)
    assert [int(i) for i, _ in rows] == list(range(len(places)))
    assert [re.sub(r"<[^>]+>", "", text) for _, text in rows] == named
    assert named[:2] == ["Rescue point: DEMO-1", "Rescue point: DEMO-2"]
    assert places[0]["geometry"]["coordinates"] == [8.905204, 52.047369]
    assert '<span lang="de">DEMO-1</span>' in html


def test_a_name_that_says_its_kind_is_not_told_twice(hikers: Hikers) -> None:
    html = hikers.get("/t/stadtwald/map?lang=de").text
    assert "<b>Rettungspunkt: <span>DEMO-1</span></b>" in html
    assert "<b><span>WC am Parkplatz (erfunden)</span></b>" in html
    assert "<b><span>Schutzhütte an den Teichen (erfunden)</span></b>" in html
    assert '<b>Shelter: <span lang="de">Schutzhütte' in hikers.get("/t/stadtwald/map?lang=en").text


def test_a_station_in_the_middle_is_one_of_this_trail(hikers: Hikers) -> None:
    assert '<li data-code="3DVB54" class="here">' in hikers.get(f"{MAP}?at=3dvb54").text
    for other in ("", "000000", "nonsense", "3DVB55"):
        assert 'class="here"' not in hikers.get(f"{MAP}?at={other}").text


def test_trail_and_station_lead_to_the_large_map(hikers: Hikers) -> None:
    assert '<a class="alone" href="/t/stadtwald/map">Große Karte</a>' in hikers.get("/t/stadtwald").text
    assert f'href="/t/stadtwald/map?at={PONDS}">Große Karte</a>' in hikers.get(f"/s/{PONDS}").text


def test_an_address_typed_in_capitals_leads_to_the_map(hikers: Hikers) -> None:
    answer = hikers.get("/T/STADTWALD/MAP")
    assert answer.is_redirect
    assert answer.headers["location"].endswith(MAP)
    assert hikers.get("/t/nowhere/map").status_code == 404
    assert hikers.get("/t/nowhere/map.json").status_code == 404


def test_browsers_that_read_brotli_get_the_small_form_and_others_the_same_script(hikers: Hikers) -> None:
    address = re.findall(r'data-engine="([^"]+)"', hikers.get(MAP).text)[0]
    small, plain = hikers.get(address, accept_encoding="br;q=1.0, gzip"), hikers.get(address, accept_encoding="br;q=0")
    assert small.headers["content-encoding"] == "br"
    assert int(small.headers["content-length"]) < 250_000
    assert "content-encoding" not in plain.headers
    assert small.content == plain.content
    assert "Accept-Encoding" in small.headers["vary"]
    assert hikers.get(address, if_none_match=small.headers["etag"], accept_encoding="br").status_code == 304
