"""A page in plain language says «geprüft» of a text that was checked, and of no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geodata.content.versions import Author, Slot
from geodata.model.plain_language import PlainLanguage
from geodata.store.catalogue import content_versions
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers

ME = Author("Büro")
PLAIN = PlainLanguage(translator="Büro Leicht", checked_by="Prüfgruppe <Lemgo>", checked_on=date(2026, 5, 12))
CHECKED = "Den Text hat geprüft: Prüfgruppe &lt;Lemgo&gt;. Das war am 12. Mai 2026."
NOT_YET = "Eine Prüf-Gruppe hat diesen Text noch nicht geprüft."
PATH = f"/s/{PONDS}?lang=de_simple"


def save(hikers: Hikers, **changes: object) -> None:
    with hikers.database.transaction() as connection:
        text = replace(load_stations(connection)[PONDS].contents["de_simple"], **changes)
        content_versions.save(connection, Slot.of(PONDS, text), text, ME, publish=True)


def test_the_page_and_the_interface_say_checked_until_a_word_changes(hikers: Hikers) -> None:
    assert NOT_YET in hikers.get(PATH).text
    save(hikers, plain=PLAIN)
    wait_until(lambda: CHECKED in hikers.get(PATH).text, what="the check to show")
    assert "Diesen Text in Leichter Sprache hat geschrieben: Büro Leicht." in hikers.get(PATH).text
    told = hikers.get(f"/api/v1/stations/{PONDS}?lang=de_simple").json()["properties"]["content"]["plain_language"]
    assert told == {
        "translator": "Büro Leicht",
        "is_checked": True,
        "checked_by": "Prüfgruppe <Lemgo>",
        "checked_on": "2026-05-12",
    }
    save(hikers, lead="Ein anderer Satz.")
    wait_until(lambda: "Ein anderer Satz." in hikers.get(PATH).text, what="the changed text")
    page = hikers.get(PATH).text
    assert NOT_YET in page
    assert "Prüfgruppe" not in page
    told = hikers.get(f"/api/v1/stations/{PONDS}?lang=de_simple").json()["properties"]["content"]["plain_language"]
    assert (told["is_checked"], told["checked_by"], told["checked_on"]) == (False, None, None)


def test_a_text_changed_behind_our_back_is_not_called_checked(hikers: Hikers) -> None:
    save(hikers, plain=PLAIN)
    with hikers.database.transaction() as connection:
        connection.execute("UPDATE station_content SET body = 'Von Hand.' WHERE variant = 'de_simple'")
    wait_until(lambda: "Von Hand." in hikers.get(PATH).text, what="the text of today")
    assert NOT_YET in hikers.get(PATH).text


def test_a_trails_text_has_its_check_and_other_voices_say_nothing_of_it(hikers: Hikers) -> None:
    with hikers.database.transaction() as connection:
        text = replace(load_trails(connection)["stadtwald"].contents["de_simple"], plain=PLAIN)
        content_versions.save(connection, Slot.of("stadtwald", text), text, ME, publish=True)
    wait_until(lambda: CHECKED in hikers.get("/t/stadtwald?lang=de_simple").text, what="the check to show")
    for lang in ("de", "en", "children"):
        page = hikers.get(f"/s/{PONDS}?lang={lang}").text
        assert "geprüft" not in page
        assert "checked" not in page
    told = hikers.get(f"/api/v1/stations/{PONDS}?lang=en").json()["properties"]["content"]
    assert told["plain_language"] is None
