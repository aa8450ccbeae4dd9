"""Telling of a problem in a real browser: with a picture, without JavaScript, pressed five times, refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from geodata.model.report import ReportState
from geodata.store.reports import handling
from tests.browser.reports.reporting import STORED, WAITS, fill, forgive_the_cut, offline, opened, press
from tests.fixtures.trails.media import photo
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import PONDS, Hikers
from tests.fixtures.web.reports import FORM, kept, picture_of

NewPage = Callable[..., Page]


@pytest.fixture
def forgiving(watch: Watch) -> Iterator[Watch]:
    """A watch that knows that the network was cut, or that the server refused."""
    yield watch
    forgive_the_cut(watch)


def test_a_report_is_sent_and_its_page_shows_the_answer_of_staff(hikers: Hikers, page: Page) -> None:
    page.goto(f"{hikers.url}/s/{PONDS}")
    page.get_by_role("link", name="Problem melden").click()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate(STORED) == 0, "nothing is stored before the press"
    fill(page)
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    (report,) = kept(hikers.database)
    page.wait_for_url(f"**/report/{report.id}")
    with hikers.database.transaction() as connection:
        handling.change(connection, report.id, ReportState.DONE, "Der Baum ist weg.", "", datetime.now(UTC))
    page.reload()
    expect(page.get_by_text("Der Baum ist weg.")).to_be_visible()


def test_five_presses_are_one_report(hikers: Hikers, page: Page) -> None:
    opened(page, hikers)
    fill(page)
    page.evaluate("for (let i = 0; i < 5; i++) document.querySelector('form.problem').requestSubmit()")
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_five_presses_without_javascript_are_one_report(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(hikers.url + FORM)
    fill(page)
    button = page.get_by_role("button", name="Absenden")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, click_count=5)
    page.wait_for_url("**/report/*-*")
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_a_picture_is_made_small_on_the_phone_and_loses_its_place(hikers: Hikers, page: Page, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Anna Beispiel"
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(photo(3000, 2000, exif=exif))
    opened(page, hikers)
    fill(page)
    page.get_by_label("Ein Bild dazu").set_input_files(file)
    expect(page.get_by_text("ohne Ort und Gerät")).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        press(page)
    assert int(sent.value.headers.get("content-length", "0") or 0) < 600_000
    assert b"Anna Beispiel" not in (sent.value.post_data_buffer or b"")
    expect(page.get_by_text("mit Bild")).to_be_visible()
    image = Image.open(io.BytesIO(picture_of(hikers.database, kept(hikers.database)[0].id)))
    assert image.size == (1280, 853)


def test_what_is_no_picture_is_told_at_once_and_the_words_stay(hikers: Hikers, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "brief.jpg"
    file.write_bytes(b"no picture at all")
    opened(page, hikers)
    fill(page)
    page.get_by_label("Ein Bild dazu").set_input_files(file)
    expect(page.get_by_text("Das ist kein Bild, das wir lesen können.")).to_be_visible()
    expect(page.get_by_label("Was ist los, und wo genau?")).to_have_value("Eine Fichte liegt quer.")
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert [report.has_picture for report in kept(hikers.database)] == [False]


def test_without_javascript_a_refused_picture_costs_no_word(
    hikers: Hikers, new_page: NewPage, tmp_path: Path, forgiving: Watch
) -> None:
    file = tmp_path / "brief.jpg"
    file.write_bytes(b"no picture at all")
    page = new_page(javascript=False)
    page.goto(hikers.url + FORM)
    fill(page)
    page.get_by_label("Ein Bild dazu").set_input_files(file)
    press(page)
    expect(page.get_by_text("Das ist kein Bild, das wir lesen können.")).to_be_visible()
    expect(page.get_by_label("Was ist los, und wo genau?")).to_have_value("Eine Fichte liegt quer.")
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert len(kept(hikers.database)) == 1


def test_what_the_server_refuses_for_good_is_told_with_its_reason_and_can_be_corrected(
    hikers: Hikers, page: Page, forgiving: Watch
) -> None:
    opened(page, hikers)
    page.get_by_label("Etwas anderes").check()
    offline(page, forgiving)
    press(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Nicht angenommen: Schreib in einem Satz, was ist.")).to_be_visible()
    page.get_by_role("button", name="Ändern").click()
    page.get_by_label("Was ist los, und wo genau?").fill("Die Bank fehlt.")
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    assert [report.text for report in kept(hikers.database)] == ["Die Bank fehlt."]


def test_a_text_that_is_too_long_is_told_with_its_length_and_not_cut(
    hikers: Hikers, page: Page, forgiving: Watch
) -> None:
    opened(page, hikers)
    fill(page, "x" * 2100)
    press(page)
    expect(page.get_by_text("2100")).to_be_visible()
    assert kept(hikers.database) == []
    expect(page.get_by_label("Was ist los, und wo genau?")).to_have_value("x" * 2100)


def test_the_position_goes_along_only_when_pressed(hikers: Hikers, page: Page) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 52.0516, "longitude": 8.9168, "accuracy": 12})
    opened(page, hikers)
    fill(page)
    page.get_by_role("button", name="Meinen Standort mitschicken").click()
    expect(page.get_by_text("auf 12 Meter genau")).to_be_visible()
    press(page)
    expect(page.get_by_text("Angekommen.")).to_be_visible()
    opened(page, hikers)
    fill(page, "Noch ein Baum.")
    press(page)
    page.wait_for_url("**/report/*-*")
    assert [report.place.lat for report in kept(hikers.database)] == [None, 52.0516]


def test_of_two_pictures_the_one_chosen_last_goes_along(hikers: Hikers, page: Page, tmp_path: Path) -> None:
    page.add_init_script(
        "const real = createImageBitmap; let begun = 0, made = 0;"
        "const first = new Promise(go => { window.release = go });"
        "createImageBitmap = async (...all) => { if (++begun === 1) await first; return real(...all) };"
        "const toBlob = HTMLCanvasElement.prototype.toBlob;"
        "HTMLCanvasElement.prototype.toBlob = function (done, ...all) {"
        " toBlob.call(this, blob => { done(blob); setTimeout(tell) }, ...all) };"
        "const tell = () => { document.documentElement.dataset.made = ++made };"
    )
    for name, width in (("large.jpg", 600), ("small.jpg", 300)):
        (tmp_path / name).write_bytes(photo(width, 200))
    opened(page, hikers)
    fill(page)
    for name in ("large.jpg", "small.jpg"):
        page.get_by_label("Ein Bild dazu").set_input_files(tmp_path / name)
    page.wait_for_selector("html[data-made='1']")
    page.evaluate("release()")
    page.wait_for_selector("html[data-made='2']")
    press(page)
    page.wait_for_url("**/report/*-*")
    image = Image.open(io.BytesIO(picture_of(hikers.database, kept(hikers.database)[0].id)))
    assert image.size == (300, 200)
