"""The hikers' pages in the languages and voices that a reader chooses."""

from __future__ import annotations

import re
from dataclasses import replace

from geodata.bundle.folder import bundled
from geodata.model.content import StationContent
from tests.api.webapp.reading import change, soon_shows
from tests.fixtures.web.hikers import PONDS, Hikers


def test_the_language_is_the_chosen_one(hikers: Hikers):
    for query, accept, lang, part in (
        ("", "de", "de", "Schau genau hin"),
        ("", "en-GB", "en", "Look closely"),
        ("?lang=de_simple", "en", "de-simple", "Schauen Sie genau"),
        ("?lang=en", "de", "en", "Look closely"),
    ):
        answer = hikers.get(f"/s/{PONDS}{query}", accept_language=accept)
        assert f'<html lang="{lang}">' in answer.text
        assert part in answer.text
        assert answer.headers["content-language"] == lang
        assert "Accept-Language" in answer.headers["vary"]


def test_every_link_within_the_site_keeps_the_chosen_language(hikers: Hikers):
    for path in ("/", "/t/stadtwald", f"/s/{PONDS}", "/datenschutz"):
        html = hikers.get(f"{path}?lang=de_simple").text.split("</nav>", 2)[2]  # after the choice of languages
        links = [link for link in re.findall(r'href="(/[^"]*)"', html) if not link.startswith(("/static", "/data/"))]
        assert links
        assert all("lang=de_simple" in link for link in links), links


def test_a_text_that_is_missing_in_a_language_is_german_and_marked_so(hikers: Hikers):
    content = StationContent(
        variant="de", title="Nur deutsch", lead="Kurz.", body="Lang.", question="Was?", answer="Das."
    )
    change(hikers.database, lambda station: replace(station, contents={"de": content}))
    html = soon_shows(hikers, f"/s/{PONDS}?lang=en", "Nur deutsch")
    assert '<h1 tabindex="-1" lang="de">Nur deutsch</h1>' in html
    assert '<p lang="de">Was?</p>' in html


def test_the_children_have_a_voice_where_somebody_wrote_it(hikers: Hikers):
    silent = next(station for station in bundled().stations if "children" not in station.contents)
    for path in (f"/s/{silent.code}", f"/s/{silent.code}?lang=children"):
        html = hikers.get(path).text
        assert "Für Kinder</a>" not in html
        assert "Für Erwachsene" not in html
        assert ("nicht in der Fassung «Für Kinder»" in html) == path.endswith("children")
        assert silent.contents["de"].title in html
    html = hikers.get(f"/s/{PONDS}").text
    assert f'href="/s/{PONDS}?lang=children">Für Kinder</a>' in html
    assert "Für Kinder" not in hikers.get(f"/s/{PONDS}?lang=en").text


def test_the_childrens_voice_is_german_with_a_way_back_and_asks_something_that_needs_no_server(hikers: Hikers):
    answer = hikers.get(f"/s/{PONDS}?lang=children")
    assert answer.headers["content-language"] == "de"
    assert '<html lang="de">' in answer.text
    assert '<h1 tabindex="-1">Wer wohnt im Teich?</h1>' in answer.text
    assert f'href="/s/{PONDS}?lang=de">Für Erwachsene</a>' in answer.text
    assert "<details><summary" in answer.text.replace(' class="button quiet"', "")
    assert "Drei sind gut, fünf sind großartig." in answer.text
    assert "?lang=children" in answer.text.split("Weiter geht es")[1]  # the next station in the same voice
