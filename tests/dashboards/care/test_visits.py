"""Visits come in: each once, each tick by the rules of what it is about, nothing of another trail or person."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import LiteralString
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from geodata.actions import care_visit
from geodata.model.care.visit import CareTick, CareVisit
from geodata.model.care.work import CareTask, WorkKind, WorkOutcome
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.care import tasks, visits
from geodata.store.counting import sign_cases
from tests.dashboards.office import Office, hire
from tests.dashboards.reports.test_pages import told
from tests.fixtures.process.waiting import wait_until

VISITS = "/staff/care/visits"
JSON = {"accept": "application/json"}


def send(
    visitor: httpx.Client, named: str, fields: dict[str, str], picture: bytes | None = None, **headers: str
) -> httpx.Response:
    """Post a visit as the phone does; ``named`` are things of the address behind the trail."""
    body = {"id": str(uuid4())} | fields
    files = {name: (None, value) for name, value in body.items()}
    if picture is not None:
        files["picture"] = ("a.jpg", picture, "image/jpeg")  # pyright: ignore[reportArgumentType] - httpx takes both
    address = f"{VISITS}?trail=stadtwald{named}"
    return visitor.post(address, files=files, headers=JSON | headers)


def photo() -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", (40, 30), "green").save(file, "JPEG", exif=b"Exif\0\0secret place")
        return file.getvalue()


def find(office: Office, visit: str) -> CareVisit:
    with office.database.transaction() as connection:
        found = visits.find(connection, UUID(visit))
    assert found is not None
    return found


@pytest.fixture
def ranger(office: Office) -> httpx.Client:
    hire(office.database, "ute", Role.RANGER)
    return office.signed_in("ute")


def test_a_visit_sent_twice_is_one_and_its_picture_has_no_place_in_it(office: Office, ranger: httpx.Client) -> None:
    report = told(office.database)
    fields = {"id": str(uuid4()), f"report:{report}": "done", "sign": "3dvb-54", "note": "weg"}
    first = send(ranger, f"&station=3DVB54&report={report}", fields, photo())
    again = send(ranger, f"&station=3DVB54&report={report}", fields | {"note": "anders"}, photo())
    assert (first.status_code, again.status_code) == (201, 200), first.text
    assert first.json() == again.json() == {"id": fields["id"], "late": []}
    visit = find(office, fields["id"])
    assert (visit.note, visit.at_sign, visit.has_picture, visit.visited_by) == ("weg", True, True, "ute")
    picture = ranger.get(f"{VISITS}/{visit.id}/picture")
    assert picture.headers["content-type"] == "image/jpeg"
    assert b"secret" not in picture.content
    with office.database.transaction() as connection:
        assert connection.execute("SELECT state, note FROM report").fetchall() == [("done", "ute: weg")]
        entries = audit.newest(connection, 10)
    assert [(e.action, e.before, e.after, e.municipality) for e in entries if e.actor == "ute"][:2] == [
        ("care-visit", "", f"report {report}: done\nweg", "lemgo"),
        ("report-change", "new", "done", "lemgo"),
    ]


@pytest.mark.parametrize(
    ("sign", "is_at_sign"),
    [
        ("3DVB54", True),
        ("https://wald.example/s/3DVB54?via=nfc", True),
        ("K7YNX0", False),  # of another station
        ("3DVB55", False),
        ("4", False),
        ("", False),
    ],
)
def test_only_the_code_of_the_stations_own_sign_confirms_a_visit(
    office: Office, ranger: httpx.Client, sign: str, is_at_sign: bool
) -> None:
    answer = send(ranger, "&station=3DVB54", {"sign": sign, "fine": "1"})
    assert find(office, answer.json()["id"]).at_sign is is_at_sign
    page = ranger.get("/staff/care/rounds?trail=stadtwald").text
    assert ("am Schild bestätigt" in page, "ohne Scan" in page) == (is_at_sign, not is_at_sign)


def test_what_the_address_does_not_name_is_not_ticked(office: Office, ranger: httpx.Client) -> None:
    report = told(office.database)
    answer = send(ranger, "&station=3DVB54", {f"report:{report}": "done", "note": "x"})
    assert find(office, answer.json()["id"]).ticks == []
    with office.database.transaction() as connection:
        assert connection.execute("SELECT state FROM report").fetchall() == [("new",)]


def test_a_station_of_another_trail_is_refused_and_nothing_is_kept(office: Office, ranger: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'steinberg', municipality, line, licence FROM trail"
        )
    wait_until(lambda: "steinberg" in office.keeper.current.listed, 10, "the second trail")
    files = {"id": (None, str(uuid4())), "fine": (None, "1")}
    answer = ranger.post(f"{VISITS}?trail=steinberg&station=3DVB54", files=files, headers=JSON)
    assert answer.status_code == 404
    with office.database.transaction() as connection:
        assert visits.newest(connection, "stadtwald", 9) == visits.newest(connection, "steinberg", 9) == []


def sign_case(office: Office) -> int:
    with office.database.transaction() as connection:
        return sign_cases.open_reported(connection, "3DVB54", told(office.database), datetime.now(UTC))


def own_task(office: Office) -> int:
    with office.database.transaction() as connection:
        task = CareTask(
            id=0, trail="stadtwald", station="3DVB54", along_m=None, text="Tafel putzen", bring="", created_by="ute",
            created_at=datetime.now(UTC),
        )  # fmt: skip
        return tasks.add(connection, task)


def closure(office: Office) -> int:
    with office.database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO closure (trail, valid_from) VALUES ('stadtwald', now() - interval '9 days') RETURNING id"
        ).fetchone()
    assert row is not None
    return int(row[0])


MAKERS: dict[str, tuple[Callable[[Office], object], str, LiteralString, object]] = {
    "case": (sign_case, "mended", "SELECT outcome FROM sign_case", "mended"),
    "report": (lambda office: told(office.database), "in-work", "SELECT state FROM report", "in-work"),
    "task": (own_task, "done", "SELECT done_by FROM care_task", "ute"),
    "closure": (closure, "open-again", "SELECT valid_until <= now() FROM closure", True),
    "device": (lambda _: "pond", "battery", "SELECT outcome FROM care_tick", "battery"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_a_tick_does_what_it_says(office: Office, ranger: httpx.Client, kind: str) -> None:
    make, outcome, query, expected = MAKERS[kind]
    ref = make(office)
    answer = send(ranger, f"&station=3DVB54&{kind}={ref}", {f"{kind}:{ref}": outcome})
    assert answer.json()["late"] == [], answer.text
    with office.database.transaction() as connection:
        assert connection.execute(query).fetchall() == [(expected,)]


@pytest.mark.parametrize("kind", sorted(MAKERS.keys() - {"report"}))
def test_what_somebody_else_did_meanwhile_stays_done_and_the_note_is_kept(
    office: Office, ranger: httpx.Client, kind: str
) -> None:
    make, outcome, _, _ = MAKERS[kind]
    ref, taken_at = make(office), (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    hire(office.database, "bert", Role.RANGER)
    fields = {f"{kind}:{ref}": outcome, "taken_at": taken_at}
    send(office.signed_in("bert"), f"&station=3DVB54&{kind}={ref}", fields)
    answer = send(ranger, f"&station=3DVB54&{kind}={ref}", fields | {"note": "von mir auch"})
    assert answer.json()["late"] == [f"{kind}:{ref}"]
    visit = find(office, answer.json()["id"])
    assert (visit.note, [tick.is_late for tick in visit.ticks]) == ("von mir auch", [True])
    assert "(war schon erledigt)" in ranger.get("/staff/care/rounds?trail=stadtwald").text


def test_a_report_that_was_answered_meanwhile_keeps_its_answer(office: Office, ranger: httpx.Client) -> None:
    report = told(office.database)
    ranger.post(f"/staff/reports/{report}", data={"state": "rejected", "answer": "Kein Weg von uns.", "note": ""})
    answer = send(ranger, f"&station=3DVB54&report={report}", {f"report:{report}": "done", "note": "weg"})
    assert answer.json()["late"] == [f"report:{report}"]
    with office.database.transaction() as connection:
        row = connection.execute("SELECT state, answer, note FROM report").fetchone()
    assert row == ("rejected", "Kein Weg von uns.", "")


def test_an_entry_of_somebody_else_on_the_same_phone_is_not_taken(office: Office, ranger: httpx.Client) -> None:
    answer = send(ranger, "&station=3DVB54", {"fine": "1", "by": "bert"})
    assert answer.status_code == 409
    with office.database.transaction() as connection:
        assert visits.newest(connection, "stadtwald", 9) == []


@pytest.mark.parametrize(
    ("fields", "picture", "status", "part"),
    [
        ({"note": "x" * 1001}, None, 422, "höchstens 1000 Zeichen"),
        ({"note": "a\u202eb"}, None, 422, "unsichtbare Zeichen"),
        ({}, None, 422, "was Sie gemacht haben"),
        ({"id": "7", "fine": "1"}, None, 422, "laden Sie die Seite neu"),
        ({"note": "x"}, b"GIF89a", 422, "lässt sich nicht lesen"),
        ({"device:pond": "exploded"}, None, 422, "laden Sie die Seite neu"),
    ],
)
def test_what_cannot_be_kept_is_said_in_a_sentence_and_nothing_of_it_is_kept(
    office: Office, ranger: httpx.Client, fields: dict[str, str], picture: bytes | None, status: int, part: str
) -> None:
    answer = send(ranger, "&station=3DVB54&device=pond", fields, picture)
    assert answer.status_code == status
    assert part in answer.json()["wrong"]
    with office.database.transaction() as connection:
        assert visits.newest(connection, "stadtwald", 9) == []


def test_without_scripts_the_form_is_refused_with_all_that_was_typed(office: Office, ranger: httpx.Client) -> None:
    page = ranger.get("/staff/care?trail=stadtwald").text
    action = unescape(re.findall(r'action="(/staff/care/visits\?[^"]+3DVB54[^"]*)"', page)[0])
    files = {"id": (None, str(uuid4())), "note": (None, "x" * 1001), "device:pond": (None, "battery")}
    refused = ranger.post(action, files=files)
    assert refused.status_code == 422
    assert "x" * 1001 in refused.text
    assert 'name="device:pond" value="battery" checked' in refused.text
    kept = ranger.post(action, files=files | {"note": (None, "kurz")})
    assert (kept.status_code, kept.headers["location"]) == (303, "/staff/care?trail=stadtwald&notice=saved")
    assert "Danke, das ist gespeichert." in ranger.get(kept.headers["location"]).text


def test_a_visit_sent_from_two_tabs_at_once_is_kept_once(office: Office, ranger: httpx.Client) -> None:
    task = own_task(office)
    fields = {"id": str(uuid4()), f"task:{task}": "done"}
    with ThreadPoolExecutor(6) as pool:
        named = f"&station=3DVB54&task={task}"
        statuses = sorted(answer.status_code for answer in pool.map(lambda _: send(ranger, named, fields), range(6)))
    assert statuses == [200] * 5 + [201]
    assert [tick.is_late for tick in find(office, fields["id"]).ticks] == [False]


def test_a_phones_clock_that_is_ahead_tells_no_time_to_come(office: Office, ranger: httpx.Client) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    answer = send(ranger, "&station=3DVB54", {"fine": "1", "visited_at": ahead})
    visit = find(office, answer.json()["id"])
    assert visit.visited_at == visit.received_at


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 3), min_size=4, max_size=12), by=st.lists(st.booleans(), min_size=4, max_size=4))
def test_in_whatever_order_and_how_often_visits_come_each_task_is_done_by_the_first(
    office: Office, order: list[int], by: list[bool]
) -> None:
    task = own_task(office)
    tick = [CareTick(WorkKind.TASK, str(task), WorkOutcome.DONE)]
    now = datetime.now(UTC)
    made = [
        CareVisit(
            id=uuid4(), trail="stadtwald", station="3DVB54", visited_at=now, received_at=now,
            visited_by="ute" if is_ute else "bert", at_sign=False, is_fine=False, ticks=tick,
        )
        for is_ute in by
    ]  # fmt: skip
    for i in order:
        with office.database.transaction() as connection:
            care_visit.keep(connection, made[i], None, now)
    kept = {i: find(office, str(made[i].id)) for i in order}
    assert [i for i, visit in kept.items() if not visit.ticks[0].is_late] == [order[0]]
    with office.database.transaction() as connection:
        done_by = connection.execute("SELECT done_by FROM care_task WHERE id = %s", [task]).fetchone()
    assert done_by == (made[order[0]].visited_by,)
