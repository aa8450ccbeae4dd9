"""The accessibility statement says what was tested, what the content lacks today, and what is known to be missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from api.languages.texts import texts
from api.webapp.known_gaps import KNOWN_GAPS
from api.webapp.views.legal_pages import accessibility
from geodata.content.versions import Author, Slot
from geodata.model.operator import Operator
from geodata.model.plain_language import PlainLanguage
from geodata.store.catalogue import content_versions, municipality
from geodata.store.catalogue.station import load_stations
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers

ME = Author("Büro")


def test_what_a_towns_texts_lack_is_counted_from_the_texts_of_today(hikers: Hikers) -> None:
    def page() -> str:
        return hikers.get("/barrierefreiheit").text

    assert "ein Film in Deutscher Gebärdensprache: an 10 von 10" in page()
    assert "durch eine Prüfgruppe: an 10 von 10" in page()
    assert "ein Text in Leichter Sprache" not in page(), "each station has one"
    with hikers.database.transaction() as connection:
        plain = PlainLanguage(checked_by="Prüfgruppe", checked_on=date(2026, 5, 12))
        text = replace(load_stations(connection)[PONDS].contents["de_simple"], plain=plain)
        content_versions.save(connection, Slot.of(PONDS, text), text, ME, publish=True)
    wait_until(lambda: "durch eine Prüfgruppe: an 9 von 10" in page(), what="the checked text to be counted")
    with hikers.database.transaction() as connection:
        content_versions.save(connection, Slot.of(PONDS, text), None, ME, publish=True)
    wait_until(lambda: "ein Text in Leichter Sprache: an 1 von 10" in page(), what="the missing text to be counted")


@pytest.mark.parametrize("variant", ["de", "de_simple", "en"])
def test_the_statement_has_what_the_law_asks_for(hikers: Hikers, variant: str) -> None:
    with hikers.database.transaction() as connection:
        ombuds = Operator(name="Stadt Lemgo", accessibility_ombuds="Ombudsstelle NRW\nombuds@nrw.example")
        municipality.set_operator(connection, "lemgo", ombuds)
    path = f"/barrierefreiheit?lang={variant}"
    wait_until(lambda: "ombuds@nrw.example" in hikers.get(path).text, what="the operator's lines")
    page = hikers.get(path).text
    assert "kind=barrier" in page, "the form"
    for gap in KNOWN_GAPS:
        assert gap.words[variant].what in page
        assert gap.words[variant].why in page
    tested = accessibility.build(None, "", variant, texts(variant)).tested
    assert tested.day in page
    assert f"{tested.pages} " in page
    if variant != "de_simple":
        for said in (
            tested.version,
            tested.axe,
            "BITVNRW",
            "EN 301 549",
            {"de": "teilweise", "en": "partially"}[variant],
        ):
            assert said in page
        assert ("geprüft ist" in page or "has not been tested yet" in page) is not tested.is_of_this_version


def test_a_town_elsewhere_names_its_own_law(hikers: Hikers) -> None:
    with hikers.database.transaction() as connection:
        municipality.set_operator(connection, "lemgo", Operator(accessibility_law="NBGG und NBITVO"))
    wait_until(lambda: "NBGG und NBITVO" in hikers.get("/barrierefreiheit").text, what="the town's law")
    assert "BITVNRW" not in hikers.get("/barrierefreiheit").text


def test_nobody_claims_that_people_have_tested_it() -> None:
    assert any("Mensch mit Behinderung" in gap.words["de"].what for gap in KNOWN_GAPS)
    assert all({"de", "de_simple", "en"} <= gap.words.keys() for gap in KNOWN_GAPS)
