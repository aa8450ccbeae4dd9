"""The editor: drafts stay inside, publishing has its reasons, two who write at once lose nothing."""

from __future__ import annotations

import pytest

from geodata.model.content import StationContent
from geodata.model.staff import Role
from geodata.store.access import audit
from tests.dashboards.content.written import PAGE, POND, POND_DE, WHOLE, pond, reasons, save, shown_title, versions
from tests.dashboards.office import Office, hire
from tests.fixtures.process.waiting import wait_until

TRAIL_PAGE = "/staff/content/trails/stadtwald/en"


def test_what_is_saved_is_a_draft_and_nobody_outside_sees_it(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    answer = ute.post(PAGE, data={**WHOLE, "title": "Neu am Teich", "begun_with": "0"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?notice=saved")
    assert [(one.number, one.saved_by, one.published_at) for one in versions(office.database)] == [(1, "ute", None)]
    assert shown_title(office.database) == "Försterteiche", "still that of before"
    assert "Neu am Teich" in ute.get(PAGE).text
    assert "Draußen sieht ihn noch niemand" in ute.get(answer.headers["location"]).text


def test_what_is_published_is_shown_and_written_down(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    answer = office.signed_in("ute").post(PAGE, data={**WHOLE, "begun_with": "0", "then": "publish"})
    assert answer.headers["location"] == f"{PAGE}?notice=published"
    assert shown_title(office.database) == WHOLE["title"]
    with office.database.transaction() as connection:
        entries = [(one.action, one.object, one.municipality) for one in audit.newest(connection, 2)]
    assert entries == [
        ("content-publish", f"{POND} de", "lemgo"),
        ("content-save", f"{POND} de", "lemgo"),
    ]


def test_what_lacks_something_stays_a_draft_and_says_so_at_the_field(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    broken = {"title": "Teich", "lead": "Ein Satz.", "body": "## A\n\n#### B\n\n<b>fett</b>", "question": "Warum?"}
    answer = ute.post(PAGE, data={**broken, "begun_with": "0", "then": "publish"})
    assert answer.headers["location"] == f"{PAGE}?notice=refused"
    assert shown_title(office.database) == "Försterteiche"
    page = ute.get(PAGE).text
    assert reasons(page) == {"source-missing", "question-without-answer", "heading-level-jump", "raw-html"}
    at_body = page.split('id="body-found"')[1].split("</div>")[0]
    assert reasons(at_body) == {"heading-level-jump", "raw-html"}
    assert "fehlen noch 4 Sachen" in page


def test_a_text_may_be_of_the_trail_itself_in_another_language(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    german = {"title": "Stadtwald", "lead": "Ein Weg.", "body": "Schön."}
    ute.post("/staff/content/trails/stadtwald/de", data={**german, "begun_with": "0", "then": "publish"})
    english = {"title": "Town forest", "lead": "A walk.", "body": "Nice."}
    answer = ute.post(TRAIL_PAGE, data={**english, "begun_with": "0", "then": "publish"})
    assert answer.headers["location"] == f"{TRAIL_PAGE}?notice=published"
    wait_until(lambda: office.keeper.current.catalogue.trails["stadtwald"].name("en") == "Town forest", 10, "the name")
    assert ute.get("/staff/content/trails/stadtwald/children").status_code == 404, "a voice of stations alone"


def test_the_second_of_two_who_write_at_once_sees_both_versions(office: Office) -> None:
    save(office.database, pond(), publish=True)
    hire(office.database, "ute", Role.EDITOR)
    hire(office.database, "bert", Role.EDITOR)
    ute, bert = office.signed_in("ute"), office.signed_in("bert")
    ute.post(PAGE, data={**WHOLE, "lead": "Vier Teiche.", "begun_with": "1"})
    changed = "Der Damm ist sehr alt.\n\nHier quaken Frösche."
    answer = bert.post(PAGE, data={**WHOLE, "body": changed, "lead": "Fünf Teiche.", "begun_with": "1"})
    assert answer.status_code == 409
    for text in ("Vier Teiche.", "Fünf Teiche.", "sehr alt", "ute hat gespeichert"):
        assert text in answer.text
    assert len(versions(office.database)) == 2, "nothing is written over"
    mine = bert.post(PAGE, data={**WHOLE, "body": changed, "lead": "Fünf Teiche.", "begun_with": "2"})
    assert mine.status_code == 303
    assert [one.saved_by for one in versions(office.database)] == ["ute", "ute", "bert"]


def test_merging_shows_what_both_did_and_saves_nothing_yet(office: Office) -> None:
    save(office.database, pond())
    save(office.database, pond(body="Der Damm ist alt.\n\nHier quaken zwei Frösche."), by="anna")
    hire(office.database, "bert", Role.EDITOR)
    bert = office.signed_in("bert")
    mine = {**WHOLE, "lead": "Ganz neu.", "body": "Der Damm ist uralt.\n\nHier quaken Frösche."}
    answer = bert.post(PAGE, data={**mine, "begun_with": "1"})
    merged = answer.text.split('value="look"')[0].rpartition("<form")[2]
    assert "Der Damm ist uralt.\n\nHier quaken zwei Frösche." in merged
    assert "Ganz neu." in merged
    looked = bert.post(PAGE, data={**mine, "begun_with": "2", "then": "look"})
    assert looked.status_code == 200
    assert "Ganz neu." in looked.text
    assert len(versions(office.database)) == 2


def test_the_same_text_twice_is_one_version(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    for begun in ("0", "0", "1"):
        assert ute.post(PAGE, data={**WHOLE, "begun_with": begun}).status_code == 303
    assert len(versions(office.database)) == 1


def test_a_fault_in_a_field_keeps_all_that_was_typed(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    page = f"/staff/content/stations/{POND}/de.winter"
    answer = office.signed_in("ute").post(
        page, data={**WHOLE, "title": "Eis", "show_from": "Dezember", "show_until": "28.2."}
    )
    assert answer.status_code == 422
    assert "Bitte schreiben Sie Tag und Monat" in answer.text
    for typed in ("Eis", "Dezember", "28.2.", "Hier quaken Frösche."):
        assert typed in answer.text


def test_a_text_of_a_season_has_its_days(office: Office) -> None:
    save(office.database, pond(), publish=True)
    hire(office.database, "ute", Role.EDITOR)
    page = f"/staff/content/stations/{POND}/de.winter"
    data = {**WHOLE, "title": "Eis", "show_from": "1.12.", "show_until": "29.2.", "begun_with": "0", "then": "publish"}
    assert office.signed_in("ute").post(page, data=data).headers["location"] == f"{page}?notice=published"
    with office.database.transaction() as connection:
        row = connection.execute("SELECT show_from, show_until FROM station_content WHERE season = 'winter'").fetchone()
    assert row == ("12-01", "02-29")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RANGER])
def test_whoever_may_only_read_sees_the_text_and_no_button(office: Office, role: Role) -> None:
    save(office.database, pond())
    hire(office.database, "anna", role)
    anna = office.signed_in("anna")
    page = anna.get(PAGE).text
    assert WHOLE["title"] in page
    assert "Speichern" not in page
    assert anna.post(PAGE, data=WHOLE).status_code == 403
    assert anna.post(f"{PAGE}/preview", data=WHOLE).status_code == 403


def test_the_longest_text_that_may_be_published_can_be_saved(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    body = "Ü " * 9_998 + "Ende"
    answer = office.signed_in("ute").post(PAGE, data={**WHOLE, "body": body, "begun_with": "0", "then": "publish"})
    assert answer.headers["location"] == f"{PAGE}?notice=published"
    text = versions(office.database, POND_DE)[-1].text
    assert isinstance(text, StationContent)
    assert text.body == body


def test_what_nobody_can_see_is_refused_by_name(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    answer = office.signed_in("ute").post(PAGE, data={**WHOLE, "title": "Teich\u202e"})
    assert answer.status_code == 422
    assert "unsichtbare Zeichen" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/staff/content/stations/3DVB54/nowhere",
        "/staff/content/stations/3DVB54/de.",
        "/staff/content/stations/000000/de",
        "/staff/content/trails/nowhere/de",
        "/staff/content/trails/stadtwald/de.winter",
        "/staff/content?trail=nowhere",
    ],
)
def test_a_text_that_cannot_be_is_not_there(office: Office, path: str) -> None:
    hire(office.database, "ute", Role.EDITOR)
    assert office.signed_in("ute").get(path).status_code == 404
