"""Imprint, privacy and accessibility of each municipality."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.model import operator
from geodata.model.operator import Operator
from geodata.store.catalogue import municipality
from tests.api.webapp.second_town import FIRST, TRAIL, add_kalletal
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers

PATHS = ("/impressum", "/datenschutz", "/barrierefreiheit")
OURS = Operator(
    name="Kreis Lippe",
    address="Felix-Fechenbach-Straße 5\n32756 Detmold",
    email="digital@kreis.example",
    phone="05231 1",
    supervisory_authority="LDI NRW",
)
KALLETAL = Operator(
    name="Gemeinde Kalletal", address="Rintelner Straße 3\n32689 Kalletal", email="rathaus@kalletal.example"
)


def test_a_line_that_is_not_set_leaves_no_gap_to_read(hikers: Hikers) -> None:
    for path in PATHS:
        for language in ("de", "en", "de_simple"):
            page = hikers.get(f"{path}?lang={language}")
            assert page.status_code == 200
            assert not any(word in page.text for word in ("<mark>", "eintragen", "to be filled in", "Vertreten durch"))
    assert "Lemgo" in hikers.get("/impressum").text, "the only town"


def test_each_trail_leads_to_the_legal_pages_of_its_own_municipality(hikers: Hikers) -> None:
    add_kalletal(hikers.database)
    with hikers.database.transaction() as connection:
        municipality.set_operator(connection, "kalletal", KALLETAL)
    wait_until(lambda: "Gemeinde Kalletal" in hikers.get("/impressum/kalletal").text, what="the municipality's lines")
    for page in (f"/t/{TRAIL}", f"/s/{FIRST}"):
        for path in PATHS:
            assert f'href="{path}/kalletal"' in hikers.get(page).text
    assert 'href="/impressum/lemgo"' in hikers.get(f"/s/{PONDS}").text
    assert "rathaus@kalletal.example" in hikers.get("/barrierefreiheit/kalletal").text
    assert "Kalletal" not in hikers.get("/datenschutz/lemgo").text
    for path, counts in (("/datenschutz/lemgo", True), ("/datenschutz/kalletal", False)):
        assert ("steht ein Zähler" in hikers.get(path).text) is counts, "Kalletal has no device that counts people"
    both = hikers.get("/impressum").text
    assert 'href="/impressum/kalletal"' in both
    assert 'href="/impressum/lemgo"' in both
    assert hikers.get("/impressum/nirgends").status_code == 404
    assert 'href="/impressum/kalletal?lang=en"' in hikers.get("/impressum/kalletal").text


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (Operator(), OURS),
        (KALLETAL, replace(KALLETAL, supervisory_authority="LDI NRW")),
        (Operator(supervisory_authority="LfD"), Operator(supervisory_authority="LfD")),
    ],
)  # fmt: skip
def test_one_towns_name_never_stands_beside_anothers_telephone(own: Operator, expected: Operator) -> None:
    assert operator.effective(own, OURS) == expected


def test_all_lines_but_the_telephone_are_missed() -> None:
    assert operator.missing(KALLETAL) == (
        "represented_by", "data_protection_contact", "supervisory_authority", "accessibility_ombuds",
    )  # fmt: skip
