"""What a class hands in without an account: by its link alone, for its stations alone, shown to nobody before."""

from __future__ import annotations

import re

import httpx
import pytest

from geodata.content.contribution import MOST_OF_LINK
from geodata.model.staff import Role
from geodata.store.submissions import contributions
from tests.dashboards.content.written import (
    POND,
    POND_DE,
    TOKEN,
    handed_in,
    invite,
    jpeg,
    pond,
    save,
    shown_title,
    versions,
)
from tests.dashboards.office import Office, hire

HOME = f"/staff/contribution/{TOKEN}"
FORM = f"{HOME}/{POND}"
SENT = {"title": "Frösche", "lead": "Wir waren da.", "body": "Elf Frösche."}
CHILDREN = type(POND_DE)(station=POND, variant="children")
SCRIPT = "<script>alert(1)</script>"


def send(visitor: httpx.Client, data: dict[str, str] = SENT, picture: bytes | None = None) -> httpx.Response:
    """Send the form as a browser does, with or without a picture."""
    return visitor.post(FORM, data=data, files={"file": ("bild.jpg" if picture else "", picture or b"", "image/jpeg")})


def waiting(office: Office) -> list[str]:
    with office.database.transaction() as connection:
        return [one.title for one in contributions.waiting(connection, "stadtwald")]


def test_an_editor_makes_a_link_and_a_class_writes_with_it(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    wanted = {"contributor": "Klasse 4b", "stations": POND, "variant": "children", "licence": "CC0-1.0", "days": "10"}
    made = ute.post("/staff/content/links?trail=stadtwald", data=wanted)
    assert made.status_code == 200
    (link,) = re.findall(r"http://[^<\s]+/staff/contribution/[\w-]{32}", made.text)
    child = office.visitor()
    assert "Försterteiche" in child.get(link).text
    page = child.get(f"{link}/{POND}").text
    assert "Dein Text" in page
    answer = child.post(f"{link}/{POND}", data=SENT, files={"file": ("", b"", "application/octet-stream")})
    assert answer.status_code == 303
    assert "angekommen" in child.get(answer.headers["location"]).text
    assert waiting(office) == ["Frösche"]
    assert versions(office.database, CHILDREN) == []
    assert link.rpartition("/")[2] not in ute.get("/staff/content/links").text, "it is shown once"


def test_what_is_accepted_becomes_a_draft_with_the_class_as_its_author(office: Office) -> None:
    _, contribution = handed_in(office.database, jpeg())
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    path = f"/staff/content/contributions/{contribution.id}"
    assert "Elf Frösche." in ute.get(path).text
    assert ute.get(f"{path}/picture").content.startswith(b"\xff\xd8")
    assert "Elf Frösche." in ute.get(f"{path}/preview").text
    answer = ute.post(path, data={"decision": "accepted", "answer": ""})
    assert answer.headers["location"] == f"/staff/content/stations/{POND}/children?notice=accepted"
    (draft,) = versions(office.database, CHILDREN)
    assert (draft.saved_by, draft.published_at) == ("Klasse 4b", None)
    assert draft.text == pond(
        "children", title="Frösche", lead="Wir waren da.", body="Elf Frösche.", source="Klasse 4b",
        pictures=draft.text.pictures,  # pyright: ignore[reportOptionalMemberAccess,reportAttributeAccessIssue] - a station's
    )  # fmt: skip
    (picture,) = draft.text.pictures  # pyright: ignore[reportOptionalMemberAccess,reportAttributeAccessIssue] - a station's
    assert (picture.alt, picture.author, picture.licence) == ("Ein Frosch", "Klasse 4b", "CC-BY-4.0")
    late = ute.post(path, data={"decision": "refused", "answer": "Nein."})
    assert late.headers["location"].endswith("notice=late")
    assert "Angenommen" in office.visitor().get(HOME).text


def test_what_is_sent_back_is_read_with_its_sentence_and_written_once_more(office: Office) -> None:
    _, contribution = handed_in(office.database)
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    path = f"/staff/content/contributions/{contribution.id}"
    wordless = ute.post(path, data={"decision": "returned", "answer": " "})
    assert wordless.status_code == 422
    assert "warum" in wordless.text
    ute.post(path, data={"decision": "returned", "answer": "Bitte zählt noch einmal."})
    child = office.visitor()
    assert "Bitte zählt noch einmal." in child.get(HOME).text
    page = child.get(FORM).text
    assert "Bitte zählt noch einmal." in page
    assert "Elf Frösche." in page, "what was written stands there again"
    send(child, {**SENT, "body": "Zwölf Frösche."})
    assert "Bitte zählt noch einmal." not in child.get(FORM).text


def test_a_link_opens_its_stations_and_nothing_else(office: Office) -> None:
    invite(office.database)
    save(office.database, pond(title="Geheimer Entwurf"))
    save(office.database, pond("children", title="Auch geheim"))
    child = office.visitor()
    assert child.get(f"{HOME}/K7YNX0").status_code == 404
    assert child.post(f"{HOME}/K7YNX0", data=SENT).status_code == 404
    assert child.post(f"{HOME}/K7YNX0/preview", data=SENT).status_code == 404
    assert child.get(f"/staff/contribution/anderes/{POND}").status_code == 404
    for page in (child.get(HOME).text, child.get(FORM).text, child.post(f"{FORM}/preview", data=SENT).text):
        assert "eheim" not in page
    for path in ("/staff/content", f"/staff/content/stations/{POND}/children", "/staff/content/links"):
        assert child.get(path).headers["location"].startswith("/staff/login"), path


def test_one_class_sees_nothing_of_another(office: Office) -> None:
    handed_in(office.database)
    invite(office.database, token="das-Wort-der-anderen")
    assert "Frösche" not in office.visitor().get("/staff/contribution/das-Wort-der-anderen").text


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_a_link_that_has_ended_lets_nothing_in_and_gives_the_text_back(office: Office, how: str) -> None:
    link = invite(office.database, days=-1 if how == "expired" else 5)
    if how == "withdrawn":
        hire(office.database, "ute", Role.EDITOR)
        assert office.signed_in("ute").post(f"/staff/content/links/{link}/withdraw").status_code == 303
    child = office.visitor()
    assert child.get(HOME).status_code == 410
    assert child.get(FORM).status_code == 200
    assert send(child).status_code == 410
    assert waiting(office) == []


def test_a_link_brings_in_so_many_and_the_same_once(office: Office) -> None:
    invite(office.database, POND, "K7YNX0", "8XBJQN", "R7TZ2H")
    child = office.visitor()
    for _ in range(3):
        assert send(child).status_code == 303
    assert waiting(office) == ["Frösche"]
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO contribution (link, station, title, lead, body)"
            " SELECT link, 'K7YNX0', 'x', '', '' FROM contribution, generate_series(2, %s)",
            [MOST_OF_LINK],
        )
    full = send(child, {**SENT, "title": "Eins zu viel"})
    assert full.status_code == 429
    assert "Eins zu viel" in full.text


def test_a_picture_needs_words_and_consent_and_has_to_be_one(office: Office) -> None:
    invite(office.database)
    child = office.visitor()
    whole = {**SENT, "picture_alt": "Ein Frosch", "consent": "y"}
    for data, picture, said in (
        ({**whole, "picture_alt": ""}, jpeg(), "was auf dem Bild ist"),
        ({**whole, "consent": ""}, jpeg(), "einverstanden"),
        (whole, b"kein Bild", "lässt sich nicht lesen"),
        (whole, b"\0" * 12_000_001, "größer als 12 MB"),
    ):
        answer = send(child, data, picture)
        assert answer.status_code == 422, said
        assert said in answer.text
        assert "Elf Frösche." in answer.text
    assert waiting(office) == []
    assert send(child, whole, jpeg()).status_code == 303


def test_nothing_that_is_handed_in_can_run_as_a_script(office: Office) -> None:
    invite(office.database)
    child = office.visitor()
    evil = dict.fromkeys(("title", "lead", "body", "picture_alt"), SCRIPT) | {"consent": "y"}
    assert SCRIPT not in child.post(f"{FORM}/preview", data=evil).text
    assert send(child, evil, jpeg()).status_code == 303
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    with office.database.transaction() as connection:
        (one,) = contributions.waiting(connection, "stadtwald")
    path = f"/staff/content/contributions/{one.id}"
    for page in ("/staff/content/links", path, f"{path}/preview"):
        assert "<script>alert" not in ute.get(page).text, page
    assert "<script>alert" not in child.get(HOME).text
    ute.post(path, data={"decision": "accepted", "answer": ""})
    editor = f"/staff/content/stations/{POND}/children"
    for page in (editor, f"{editor}/preview", f"{editor}/history", f"{editor}/media"):
        assert "<script>alert" not in ute.get(page).text, page
    publish = {**dict.fromkeys(("title", "lead", "body"), SCRIPT), "source": "s", "begun_with": "1", "then": "publish"}
    assert ute.post(editor, data=publish).headers["location"].endswith("notice=refused"), "HTML is never published"
    assert shown_title(office.database) == "Försterteiche"


def test_a_link_for_no_station_or_one_of_another_trail_is_not_made(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    wanted = {"contributor": "Klasse 4b", "variant": "children", "licence": "CC0-1.0", "days": "10"}
    for stations in ({}, {"stations": "000000"}):
        answer = ute.post("/staff/content/links?trail=stadtwald", data={**wanted, **stations})
        assert answer.status_code == 422
        assert "mindestens eine Station" in answer.text
        assert "Klasse 4b" in answer.text
