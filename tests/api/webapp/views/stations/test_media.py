"""Pictures, the recording and the film in sign language on a station's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from geodata.model.media import Picture
from geodata.store.catalogue.station import save_station
from geodata.store.database import Database
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.trails.media import furnish, handed_in
from tests.fixtures.web.hikers import PONDS, Hikers, hikers_on

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def furnished(demo_trail: None, database: Database) -> Iterator[Hikers]:
    """The pages, with everything at the ponds."""
    furnish(database, PONDS)
    with hikers_on(database) as running:
        yield running


def page(hikers: Hikers, query: str = "") -> str:
    return hikers.get(f"/s/{PONDS}{query}").text


def test_the_first_picture_comes_at_once_in_all_sizes_and_keeps_its_place_free(furnished: Hikers):
    html = page(furnished)
    first = handed_in()["picture"].id
    avif = ", ".join(f"/media/{first}/{width}.avif {width}w" for width in (480, 960, 1600))
    assert f'<source type="image/avif" srcset="{avif}"' in html
    (image,) = re.findall(rf'<img src="/media/{first}/960\.jpg"[^>]*>', html)
    assert 'width="960" height="621" alt="Eine Erle am Bach"' in image
    assert "loading" not in image
    assert 'fetchpriority="high"' in image
    assert html.index('class="lead"') < html.index(image) < html.index("Orkan")


def test_where_pixels_are_tiny_a_phone_takes_two_of_them_for_three(furnished: Hikers):
    sizes = re.findall(r' sizes="([^"]*)"', page(furnished))
    assert len(sizes) == 4
    assert all(each.endswith("(min-resolution: 2.5dppx) 62vw, 92vw") for each in sizes)


def test_further_pictures_stand_below_the_text_and_wait_until_they_are_seen(furnished: Hikers):
    html = page(furnished)
    (image,) = re.findall(rf'<img src="/media/{handed_in()["second"].id}/[^>]*>', html)
    assert 'alt=""' in image
    assert 'loading="lazy"' in image
    assert "fetchpriority" not in image
    assert html.index("Orkan") < html.index(image)


def test_whoever_made_a_picture_is_named_with_year_and_licence(furnished: Hikers):
    html = " ".join(page(furnished).split())
    licence = '<a href="https://creativecommons.org/licenses/by/4.0/deed.de" rel="license">CC BY 4.0</a>'
    assert f"<figcaption><p>Im März</p><p> <small>Bild: Klasse 4b, 2026, {licence}</small>" in html
    assert f"<small>Aufnahme: Klasse 4b, 2026, {licence}</small>" in html


def test_a_recording_says_how_much_it_is_before_a_press_and_has_its_words_in_writing(furnished: Hikers):
    html = page(furnished)
    sound = (
        f'<audio controls preload="none" src="/media/{handed_in()["audio"].id}/audio.mp3" aria-labelledby="anhoeren">'
    )
    assert sound in html
    assert "2 Sekunden · 3\u00a0KB" in html
    assert "<summary>Zum Mitlesen</summary>" in html
    assert "<p>Man hört <strong>ein A</strong>.</p>" in html


def test_a_film_in_sign_language_is_shown_with_its_words_where_there_is_one(furnished: Hikers):
    html = page(furnished)
    film = f'preload="none" src="/media/{handed_in()["film"].id}/video.mp4" width="128" height="96"'
    assert f"<video controls playsinline {film}" in html
    assert "<p>Anna erzählt von der Erle.</p>" in html


@pytest.mark.parametrize(("lang", "words"), [("de", "mit Erlaubnis"), ("en", "by permission")])
def test_a_permission_is_told_in_words_and_not_by_its_short_name(
    furnished: Hikers, database: Database, lang: str, words: str
):
    station = furnished.keeper.current.catalogue.stations[PONDS]
    german = station.contents["de"]
    pictures = tuple(replace(one, licence="LicenseRef-permission") for one in german.pictures)
    with database.transaction() as connection:
        save_station(connection, replace(station, contents={"de": replace(german, pictures=pictures)}))
    html = wait_until(
        lambda: text if words in (text := page(furnished, f"?lang={lang}")) else "",
        what="the words",
    )
    assert "LicenseRef" not in html


def test_what_a_station_does_not_have_is_not_mentioned(furnished: Hikers):
    html = page(furnished, "?lang=en")
    assert "Drawing: a still pond" in html
    for absent in ("<audio", "<video", "Listen", "sign language"):
        assert absent not in html
    plain = furnished.get("/s/K7YNX0?lang=de").text
    assert "Gebärdensprache" not in plain


def test_words_of_a_class_cannot_become_code(furnished: Hikers, database: Database):
    station = furnished.keeper.current.catalogue.stations[PONDS]
    picture = Picture(
        media=handed_in()["picture"].id, file=EVIL, alt=EVIL, caption=EVIL, author=EVIL, licence=EVIL, year=2026
    )
    german = replace(station.contents["de"], pictures=(picture,))
    with database.transaction() as connection:
        save_station(connection, replace(station, contents={"de": german}))

    def shown() -> str:
        text = page(furnished)
        return text if "alert(1)" in text else ""

    html = wait_until(shown, what="the words")
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_page_of_a_station_with_everything_fits_its_budget(furnished: Hikers):
    """14 KB of critical HTML and CSS: what one round trip of a slow line brings."""
    answer = furnished.get(f"/s/{PONDS}", accept_encoding="br")
    assert "<style>" in answer.text
    assert 'rel="stylesheet"' not in answer.text
    assert int(answer.headers["content-length"]) < 14_000
