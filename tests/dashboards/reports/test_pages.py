"""Staff read reports, answer them, and nothing in them becomes code."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID, uuid4

import pytest

from dashboards.reports import pages as reports
from geodata.model.report import NewReport, ReportKind, ReportPicture, ReportPlace, ReportState
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.database import Database
from geodata.store.reports import intake, reading
from tests.dashboards.office import Office, hire

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e"


def told(database: Database, text: str = "Eine Fichte liegt quer.", contact: str | None = None) -> UUID:
    """A report about the ponds, with a picture."""
    identity = uuid4()
    place = ReportPlace(municipality="lemgo", trail="stadtwald", station="3DVB54", lon=8.9168, lat=52.0516)
    with database.transaction() as connection:
        report = NewReport(id=identity, kind=ReportKind.TREE, place=place, text=text, contact=contact)
        intake.keep(connection, report, ReportPicture(width=1, height=1, data=b"\xff\xd8jpeg"))
    return identity


def test_a_report_is_in_the_list_answered_closed_and_written_down(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    identity = told(office.database, contact="anna@wald.example")
    ranger = office.signed_in("ute")
    assert "1 Meldung wartet, die älteste seit" in ranger.get("/staff/").text
    assert f'href="/staff/reports/{identity}"' in ranger.get("/staff/reports").text
    page = ranger.get(f"/staff/reports/{identity}").text
    for part in ("Station 4 · Försterteiche", "anna@wald.example", "geo:52.051600,8.916800", "52,05160° N"):
        assert part in page
    answer = ranger.post(
        f"/staff/reports/{identity}", data={"state": "done", "answer": "Er ist weg.", "note": "Akte 7"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/reports/{identity}?notice=saved")
    assert "Gespeichert." in ranger.get(answer.headers["location"]).text
    with office.database.transaction() as connection:
        report = reading.find(connection, identity)
        entry = audit.newest(connection, 1)[0]
    assert report is not None
    assert (report.state, report.answer, report.note, report.closed_at is not None) == (
        ReportState.DONE, "Er ist weg.", "Akte 7", True,
    )  # fmt: skip
    assert (entry.actor, entry.action, entry.object) == ("ute", "report-change", f"{identity} done")
    assert str(identity) not in ranger.get("/staff/reports").text
    assert str(identity) in ranger.get("/staff/reports?closed=1").text
    assert "Meldung wartet" not in ranger.get("/staff/").text


def test_a_tree_across_the_way_leads_to_the_form_that_closes_it(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    identity = told(office.database)
    ranger = office.signed_in("ute")
    link = re.search(
        r'href="(/staff/trails/stadtwald/closures/new[^"]*)"', ranger.get(f"/staff/reports/{identity}").text
    )
    assert link
    form = ranger.get(unescape(link[1])).text
    assert re.findall(r'<option value="(\d)" selected>', form) == ["4", "5"]
    assert "Ein Baum liegt quer" in form
    ranger.post(f"/staff/reports/{identity}", data={"state": "done", "answer": "Er ist weg.", "note": ""})
    assert "closures/new" not in ranger.get(f"/staff/reports/{identity}").text, "nothing is left to close"


def test_the_oldest_report_is_found_however_many_came_after_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_MOST", 2)
    hire(office.database, "ute", Role.VIEWER)
    identities = [told(office.database, f"Baum {number}") for number in range(5)]
    staff = office.signed_in("ute")
    page, found = staff.get("/staff/reports").text, list[str]()
    assert "Neuere Meldungen" not in page
    for _ in range(3):
        found += re.findall(r'href="/staff/reports/([0-9a-f-]{36})"', page)
        older = re.search(r'href="([^"]*)">Ältere Meldungen', page)
        page = staff.get(older[1].replace("&amp;", "&")).text if older else ""
    assert found == [str(identity) for identity in reversed(identities)]
    assert page == ""
    assert "Ältere Meldungen gibt es nicht" in staff.get("/staff/reports?page=9").text
    assert staff.get("/staff/reports?page=0").status_code == 400
    assert "Noch ist keine Meldung abgeschlossen" in staff.get("/staff/reports?closed=1").text


@pytest.mark.parametrize(
    ("fields", "told_"),
    [
        ({"state": "burnt"}, "Bitte wählen Sie einen Zustand."),
        ({"state": "done", "answer": "x" * 2001}, "Bitte kürzen Sie den Text"),
        ({"state": "rejected", "answer": " "}, "Bitte schreiben Sie in einem Satz, warum"),
        ({"state": "done", "answer": "a\u202eb"}, "unsichtbare Zeichen"),
    ],
)
def test_what_cannot_be_kept_is_said_politely_and_stays_in_the_form(
    office: Office, fields: dict[str, str], told_: str
) -> None:
    hire(office.database, "ute", Role.EDITOR)
    identity = told(office.database)
    page = office.signed_in("ute").post(f"/staff/reports/{identity}", data={"note": "Bitte prüfen"} | fields)
    assert page.status_code == 422
    assert told_ in page.text
    assert "Bitte prüfen</textarea>" in page.text
    with office.database.transaction() as connection:
        report = reading.find(connection, identity)
    assert report is not None
    assert report.state is ReportState.NEW


def test_no_text_of_a_report_becomes_code(office: Office) -> None:
    hire(office.database, "ute", Role.ADMIN)
    identity = told(office.database, SCRIPT, contact='"><script>@wald.example')
    admin = office.signed_in("ute")
    admin.post(f"/staff/reports/{identity}", data={"state": "in-work", "answer": "</textarea><script>", "note": "<b>"})
    for path in ("/staff/reports", f"/staff/reports/{identity}", "/staff/audit", "/staff/"):
        page = admin.get(path)
        assert not re.search(r"<script>|<img src=x|<b>", page.text), path
        assert "\u202e" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_viewer_sees_and_changes_nothing(office: Office) -> None:
    hire(office.database, "vera")
    identity = told(office.database)
    viewer = office.signed_in("vera")
    page = viewer.get(f"/staff/reports/{identity}").text
    assert "Eine Fichte liegt quer." in page
    assert f'action="/staff/reports/{identity}' not in page
    for path in ("", "/delete", "/delete-picture"):
        assert viewer.post(f"/staff/reports/{identity}{path}", data={"state": "done"}).status_code == 403


def test_a_picture_is_shown_and_can_be_deleted_alone_or_with_its_report(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    identity = told(office.database)
    editor = office.signed_in("ute")
    picture = editor.get(f"/staff/reports/{identity}/picture")
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert editor.post(f"/staff/reports/{identity}/delete-picture").status_code == 303
    assert editor.get(f"/staff/reports/{identity}/picture").status_code == 404
    assert editor.post(f"/staff/reports/{identity}/delete").status_code == 303
    assert editor.get(f"/staff/reports/{identity}").status_code == 404
    with office.database.transaction() as connection:
        assert audit.newest(connection, 1)[0].action == "report-delete"
