"""What somebody says in an emergency is on every station's page, without script and without network."""

from __future__ import annotations

import re

import pytest

from api.webapp.language import choose
from api.webapp.views.frame import Frame
from api.webapp.views.stations.whereabouts import degrees, phone_of
from geodata.model.operator import Operator
from tests.api.webapp.reading import words
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers


def help_of(html: str) -> str:
    return html.split('aria-labelledby="hilfe"')[1].split("</section>", maxsplit=1)[0]


def test_a_station_says_where_it_is_and_whom_to_call(hikers: Hikers) -> None:
    part = help_of(hikers.get(f"/s/{PONDS}").text)
    said = words("</head>" + part)
    assert 'href="tel:112"' in part
    assert "Station 4, Die Försterteiche Digitalpfad Stadtwald, Lemgo" in said
    assert re.search(r"Zwischen Station 3 und 5, \d+ m hinter Station 3\.", said)
    assert re.search(r"52,05\d \d\d° Nord, 8,91\d \d\d° Ost", said.replace("\u202f", " "))
    assert re.search(r'href="geo:52\.05\d{3},8\.91\d{3}"', part)
    assert re.search(r"Rettungspunkt DEMO-2 : \d+ m (weiter|zurück)", said)
    assert re.search(r"Zufahrt für Autos Forstweg an den Teichen \(erfunden\) : \d+ m weiter", said)
    assert "Verlass dich im Notfall nicht auf diese Angaben." in said
    english = words("</head>" + help_of(hikers.get(f"/s/{PONDS}?lang=en").text))
    assert re.search(r"Between stations 3 and 5, \d+ m after station 3\.", english)


@pytest.mark.parametrize("voice", ["children", "de_simple"])
def test_helpers_are_told_the_name_on_the_sign_whatever_voice_is_read(hikers: Hikers, voice: str) -> None:
    said = words("</head>" + help_of(hikers.get(f"/s/{PONDS}?lang={voice}").text))
    assert "Station 4, Die Försterteiche Digitalpfad Stadtwald, Lemgo" in said.replace(" ,", ",")
    assert "Die Försterteiche" in words(hikers.get(f"/t/stadtwald/help?lang={voice}").text)
    assert "Station 4 · Die Försterteiche" in words(hikers.get(f"/s/{PONDS}/report?lang={voice}").text)


def test_in_another_language_the_german_name_is_said_first(hikers: Hikers) -> None:
    part = help_of(hikers.get(f"/s/{PONDS}?lang=en").text)
    assert re.search(r'Station 4, <span lang="de">Die Försterteiche</span> \([A-Z]', part)


def test_the_first_station_of_a_loop_lies_behind_the_last(hikers: Hikers) -> None:
    assert re.search(r"Zwischen Station 10 und 2, \d", words("</head>" + help_of(hikers.get(f"/s/{OAKS}").text)))


def test_the_forest_office_is_called_before_the_town() -> None:
    office = Operator(name="Stadt Lemgo", phone="05261 213-0", forest_office="Forstamt", forest_phone="05261 99")
    phone = phone_of(office, "Lemgo")
    assert phone is not None
    assert (phone.name, phone.href) == ("Forstamt", "tel:0526199")


@pytest.mark.parametrize(("value", "text"), [(8.91677, "8,916\u202f77° Ost"), (-0.5, "0,500\u202f00° West")])
def test_degrees_are_written_as_they_are_read_out(value: float, text: str) -> None:
    assert degrees(value, Frame.of(choose("de", ""), "/"), "Ost", "West") == text


@pytest.mark.parametrize(
    ("number", "href"),
    [("05261 213-0", "tel:052612130"), ("+49 (0) 5261 / 213 0", "tel:+4952612130"), ("", None), ("fehlt", None)],
)
def test_a_telephone_can_be_pressed_however_it_is_written(number: str, href: str | None) -> None:
    phone = phone_of(Operator(name="Forstamt", phone=number), "Lemgo")
    assert (phone.href if phone else None) == href


def test_the_trail_leads_to_help_for_all_its_stations(hikers: Hikers) -> None:
    assert 'href="/t/stadtwald/help"' in hikers.get("/t/stadtwald").text
    html = hikers.get("/t/stadtwald/help").text
    assert 'href="tel:112"' in html
    assert f'href="/s/{PONDS}#hilfe"' in html
    assert "DEMO-2" in words(html)
    assert "Where are you?" in hikers.get("/t/stadtwald/help?lang=en").text
    assert hikers.get("/T/Stadtwald/Help").headers["location"] == "/t/stadtwald/help"
    assert hikers.get("/t/nirgends/help").status_code == 404
