"""The table of stations and languages says what is in the database."""

from __future__ import annotations

import re
from dataclasses import replace

from geodata.content.versions import Author, Slot
from geodata.media.prepare import prepare_bytes
from geodata.model.media import Picture
from geodata.model.staff import Role
from geodata.store.catalogue import content_versions
from geodata.store.catalogue import media as media_store
from tests.dashboards.content.written import POND, WHOLE, jpeg, pond, save
from tests.dashboards.office import STATIONS, Office, hire


def cells(page: str) -> dict[str, str]:
    """State of each text by what ends its address."""
    found = re.findall(r'<a class="cell (\w+)" href="/staff/content/(?:stations|trails)/([^"]+)">', page)
    return {address: state for state, address in found}


def test_each_cell_is_what_the_database_says(office: Office) -> None:
    database = office.database
    save(database, pond("en"), publish=True)
    save(database, pond(), publish=True)
    save(database, pond("children"))
    save(database, pond("de_simple"), publish=True)
    save(database, pond("de_simple", lead="Anders."))
    with database.transaction() as connection:
        content_versions.save(connection, Slot(station="K7YNX0", variant="de"), pond(), Author("ute"), publish=True)
        content_versions.save(connection, Slot(station="K7YNX0", variant="de"), None, Author("ute"), publish=True)
    hire(database, "anna")
    found = cells(office.signed_in("anna").get("/staff/content").text)
    assert found[f"{POND}/de"] == "shown"
    assert found[f"{POND}/en"] == "older"
    assert found[f"{POND}/children"] == "draft"
    assert found[f"{POND}/de_simple"] == "changed"
    assert found["K7YNX0/de"] == "missing", "it was ended"
    assert found["8XBJQN/de"] == "missing"
    assert len(found) == 4 * len(STATIONS) + 3, "every station in each language, and the trail without a voice"


def test_a_draft_that_says_what_is_shown_is_no_draft(office: Office) -> None:
    save(office.database, pond(), publish=True)
    save(office.database, pond(lead="Anders."))
    save(office.database, pond())
    hire(office.database, "anna")
    assert cells(office.signed_in("anna").get("/staff/content").text)[f"{POND}/de"] == "shown"


def test_a_picture_without_words_or_rights_is_told(office: Office) -> None:
    medium = prepare_bytes(jpeg(), "picture", "teich.jpg")
    with office.database.transaction() as connection:
        media_store.save(connection, medium)
    bare = Picture(media=medium.id, file="teich.jpg")
    save(office.database, pond(pictures=(bare,)))
    hire(office.database, "anna", Role.EDITOR)
    anna = office.signed_in("anna")
    page = anna.get("/staff/content").text
    assert "ein Bild" in page
    assert "Bildbeschreibung fehlt" in page
    assert "Rechte fehlen" in page
    whole = replace(bare, alt="Ein Teich", author="Ute", licence="CC0-1.0", year=2026)
    save(office.database, pond(pictures=(whole,)))
    page = anna.get("/staff/content").text
    assert "Bildbeschreibung fehlt" not in page
    assert "Rechte fehlen" not in page
    assert WHOLE["title"] not in page, "stations are called what the public reads"
