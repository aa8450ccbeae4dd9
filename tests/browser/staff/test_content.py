"""Texts on the staff pages in a real browser: writing, looking, publishing, pictures, and a class that hands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geodata.model.staff import Role
from geodata.store.database import Database
from tests.dashboards.content.written import PAGE, POND, TOKEN, invite, jpeg, pond, save, shown_title, versions
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NewPage = Callable[..., Page]
SIZES = pytest.mark.parametrize("size", [PHONE, DESK])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """The trail with a text at the pond and an editor."""
    seed(database)
    save(database, pond(), publish=True)
    hire(database, "ute", Role.EDITOR)
    with open_office(database) as opened:
        yield opened


def sign_in(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name").fill("ute")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def photo(folder: Path) -> Path:
    path = folder / "teich.jpg"
    path.write_bytes(jpeg())
    return path


@SIZES
@THEMES
def test_an_editor_changes_a_text_looks_at_it_and_publishes_it(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    sign_in(page, office)
    page.goto(f"{office.url}/staff/content")
    assert_accessible(page)
    page.locator(f'a.cell[href="{PAGE}"]').click()
    assert_accessible(page)
    phone = page.frame_locator("iframe")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Die Försterteiche")
    page.get_by_label("Überschrift", exact=True).fill("Am alten Damm")
    page.get_by_label("Text", exact=True).evaluate("field => { field.focus(); field.setSelectionRange(0, 8) }")
    page.get_by_role("button", name="Fett").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Am alten Damm")
    expect(page.locator("#kept")).to_contain_text("zuletzt um")
    page.get_by_role("button", name="Speichern und veröffentlichen").click()
    expect(page.locator("#notice")).to_contain_text("in wenigen Sekunden")
    assert shown_title(office.database) == "Am alten Damm"
    text = versions(office.database)[-1].text
    assert text is not None
    assert text.body.startswith("**Der Damm**"), "the button of the toolbar made it bold"
    page.get_by_role("link", name="Frühere Stände").click()
    assert_accessible(page)
    page.get_by_role("button", name="Diesen Stand zurückholen").click()
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Die Försterteiche")


def test_what_was_typed_is_there_again_after_the_tab_was_closed_and_gone_once_saved(
    office: Office, new_page: NewPage
) -> None:
    page = new_page(DESK)
    sign_in(page, office)
    page.goto(office.url + PAGE)
    page.get_by_label("Überschrift", exact=True).fill("Noch nicht fertig")
    expect(page.locator("#kept")).to_contain_text("zuletzt um")
    page.goto(office.url + PAGE)
    expect(page.locator("#restored")).to_be_visible()
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Noch nicht fertig")
    assert_accessible(page)
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator("#notice")).to_contain_text("gespeichert")
    page.goto(office.url + PAGE)
    expect(page.locator("#restored")).to_be_hidden()
    assert [one.number for one in versions(office.database)] == [1, 2]


def test_what_was_kept_can_be_thrown_away(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE)
    sign_in(page, office)
    page.goto(office.url + PAGE)
    page.get_by_label("Überschrift", exact=True).fill("Doch nicht")
    expect(page.locator("#kept")).to_contain_text("zuletzt um")
    page.goto(office.url + PAGE)
    page.get_by_role("button", name="Verwerfen").click()
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Die Försterteiche")
    page.goto(office.url + PAGE)
    expect(page.locator("#restored")).to_be_hidden()


def test_the_session_ends_while_somebody_types_and_nothing_is_lost(
    office: Office, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(DESK)
    sign_in(page, office)
    page.goto(office.url + PAGE)
    with office.database.transaction() as connection:
        connection.execute("DELETE FROM staff_session")
    page.get_by_label("Überschrift", exact=True).fill("Lang getippt")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte melden Sie sich an")
    sign_in(page, office)
    page.goto(office.url + PAGE)
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Lang getippt")
    watch.forgive("401", is_sure=False)


@SIZES
@THEMES
def test_two_who_write_at_once_choose_what_to_keep(
    office: Office, new_page: NewPage, watch: Watch, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    sign_in(page, office)
    page.goto(office.url + PAGE)
    save(office.database, pond(lead="Von Bert."), by="bert")
    page.get_by_label("Überschrift", exact=True).fill("Von Ute")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("bert hat gespeichert")
    assert_accessible(page)
    page.get_by_role("button", name="Zusammenführen und ansehen").click()
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Von Ute")
    expect(page.get_by_label("Ein Satz vorweg")).to_have_value("Von Bert.")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator("#notice")).to_contain_text("gespeichert")
    assert [one.saved_by for one in versions(office.database)] == ["ute", "bert", "ute"]
    watch.forgive("409", is_sure=False)


@SIZES
@THEMES
def test_a_picture_is_uploaded_and_its_point_is_pressed(
    office: Office, new_page: NewPage, tmp_path: Path, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    sign_in(page, office)
    page.goto(f"{office.url}{PAGE}/media")
    assert_accessible(page)
    card = page.locator('[data-media="picture"]')
    card.get_by_text("Hinzufügen").click()
    card.get_by_label("Datei").set_input_files(photo(tmp_path))
    card.get_by_label("Alle, die man erkennt").check()
    card.get_by_label("Bildbeschreibung").fill("Ein Teich")
    card.get_by_label("Wer hat es gemacht?").fill("Ute")
    card.get_by_label("Lizenz").select_option("CC-BY-4.0")
    card.get_by_label("Jahr").fill("2026")
    card.get_by_role("button", name="Hochladen").click()
    picture = card.locator(".focus")
    expect(picture).to_be_visible()
    box = picture.locator("img").bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.2})
    expect(card.get_by_label("Von links in Prozent")).to_have_value("90")
    expect(card.get_by_label("Von oben in Prozent")).to_have_value("20")
    assert_accessible(page)
    card.get_by_role("button", name="Speichern").click()
    expect(card.get_by_label("Von links in Prozent")).to_have_value("90")


@SIZES
@THEMES
def test_a_child_writes_looks_and_sends_and_an_editor_takes_it_over(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    invite(office.database)
    child = new_page(size, theme)
    child.goto(f"{office.url}/staff/contribution/{TOKEN}")
    assert_accessible(child)
    child.get_by_role("link", name="Försterteiche").click()
    child.get_by_label("Wie heißt dein Text?").fill("Elf Frösche")
    child.get_by_label("Ein Satz vorweg: Worum").fill("Wir haben gezählt.")
    child.get_by_label("Dein Text", exact=True).fill("Es waren **elf**.")
    child.get_by_role("button", name="Ansehen").click()
    expect(child.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Elf Frösche")
    assert_accessible(child)
    child.get_by_role("button", name="Abschicken").click()
    expect(child.get_by_role("status")).to_contain_text("angekommen")

    page = new_page(size, theme)
    sign_in(page, office)
    page.goto(f"{office.url}/staff/content")
    page.get_by_role("link", name="Beiträge von Klassen").click()
    assert_accessible(page)
    page.get_by_role("link", name="Elf Frösche").click()
    assert_accessible(page)
    page.get_by_role("button", name="Als Entwurf übernehmen").click()
    expect(page.locator("#notice")).to_contain_text("Entwurf")
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Elf Frösche")
    assert page.url.endswith(f"/staff/content/stations/{POND}/children?notice=accepted")
