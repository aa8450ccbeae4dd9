"""Every route × every role × what belongs to another municipality: for who has no role there, it does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import uuid4

import pytest

from dashboards.access import roles
from geodata.model.staff import Role
from geodata.store.access.municipality_of import KINDS, municipality_of
from geodata.store.database import Database
from geodata.vocabulary.codes import new_code
from tests.dashboards.office import Office, hire, open_office, reject, seed
from tests.fixtures.process.waiting import wait_until

NAMED = re.compile(r"{(\w+)(?::path)?}")
OUTSIDE = {
    "address", "backup", "code", "field", "file", "login", "medium", "number", "passkey", "sheet", "text", "token",
}  # fmt: skip
"""Parameters that name nothing which belongs to a municipality by itself: one's own sessions, backups; a text is that
of a station or a trail; a token opens what its link or invitation names, whoever has it."""


@dataclass(frozen=True)
class TwoTowns:
    """The served pages over two towns, and how one thing of each kind of the other town is named in an address."""

    office: Office
    foreign: dict[str, str]

    def address(self, path: str) -> str:
        """``path`` with the other town's things in it; one that names none asks for the other town's trail."""
        if path == "/static":
            return "/staff/static/staff.css"
        filled = NAMED.sub(lambda named: self.foreign.get(named[1], "nowhere"), path)
        return f"/staff{filled}" + ("" if KINDS.keys() & NAMED.findall(path) else f"?trail={self.foreign['trail']}")


@pytest.fixture
def towns(database: Database) -> Iterator[TwoTowns]:
    seed(database)
    foreign = settle(database)
    reject(database, foreign["device"], b'{"time": 0}', "Kalletaler Zeile")
    with open_office(database) as office:
        wait_until(lambda: "steinberg" in office.keeper.current.listed, 10, "the second trail")
        yield TwoTowns(office, foreign)


def settle(database: Database) -> dict[str, str]:
    """A second town with one thing of each kind; returns their names in addresses."""
    code, report, session = new_code(Random(7)), str(uuid4()), str(uuid4())
    with database.transaction() as connection:
        run = connection.execute
        run("INSERT INTO municipality (slug, name) VALUES ('kalletal', 'Kalletal')")
        run(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'steinberg', 'kalletal', line, licence FROM trail WHERE slug = 'stadtwald'"
        )
        run("INSERT INTO trail_content (trail, variant, name) VALUES ('steinberg', 'de', 'Kalletaler Steinberg')")
        run(
            "INSERT INTO station (code, trail, number, lon, lat, along_m)"
            " VALUES (%s, 'steinberg', 1, 8.905, 52.047, 30)",
            [code],
        )
        run("INSERT INTO station_content (station, variant, title) VALUES (%s, 'de', 'Kalletaler Aussicht')", [code])
        run("INSERT INTO device (id, trail, station, name) VALUES ('fernrohr', 'steinberg', %s, 'Kalletaler')", [code])
        run(
            "INSERT INTO report (id, kind, municipality, trail, station, text)"
            " VALUES (%s, 'other', 'kalletal', 'steinberg', %s, 'Kalletaler Meldung')",
            [report, code],
        )
        run(
            "WITH stream AS (INSERT INTO datastream (device, observed_property) VALUES ('fernrohr', 'passes_in_total')"
            " RETURNING id), hung AS (INSERT INTO counter_mounting (device, trail) VALUES ('fernrohr', 'steinberg')"
            " RETURNING id), channel AS (INSERT INTO counter_channel (mounting, direction, total)"
            " SELECT hung.id, 'in', stream.id FROM hung, stream)"
            " INSERT INTO count_session (id, mounting, started_at, ended_at, counted_by)"
            " SELECT %s, id, now() - interval '2 h', now() - interval '1 h', 'ute' FROM hung",
            [session],
        )
        maintenance = run(
            "INSERT INTO device_maintenance (device, starts_at, reason, by_whom)"
            " VALUES ('fernrohr', now(), 'Kalletaler Umbau', 'ute') RETURNING id"
        ).fetchone()
        closure = run(
            "INSERT INTO closure (trail, valid_from) VALUES ('steinberg', now() - interval '1 day') RETURNING id"
        ).fetchone()
        entry = run(
            "INSERT INTO quarantine (digest, reason, detail, topic, payload, device, received_at)"
            " VALUES ('\\x01', 'time', 'Kalletaler Zeit', 't', '', 'fernrohr', now()) RETURNING id"
        ).fetchone()
        case = run(
            "INSERT INTO sign_case (station, reason, opened_at) VALUES (%s, 'reported', now()) RETURNING id", [code]
        ).fetchone()
        annotation = run(
            "INSERT INTO annotation (municipality, trail, kind, first_day, last_day, text, created_by)"
            " VALUES ('kalletal', 'steinberg', 'event', current_date, current_date, 'Kalletaler Fest', 'ute')"
            " RETURNING id"
        ).fetchone()
        person = run("INSERT INTO staff (name) VALUES ('kalletaler') RETURNING id").fetchone()
        run("INSERT INTO staff_grant (staff, municipality, role) SELECT id, 'kalletal', 'editor' FROM staff")
        link = run(
            "INSERT INTO contribution_link (token_sha256, trail, stations, variant, contributor, licence, created_by,"
            " expires_at) VALUES (repeat('0', 64), 'steinberg', %s, 'children', 'Kalletaler Klasse', 'CC0-1.0', 'ute',"
            " now() + interval '1 day') RETURNING id",
            [[code]],
        ).fetchone()
        assert link is not None
        contribution = run(
            "INSERT INTO contribution (link, station, title, lead, body) VALUES (%s, %s, 'Kalletaler Text', '', '')"
            " RETURNING id",
            [link[0], code],
        ).fetchone()
        closure = run("INSERT INTO closure (trail, valid_from) VALUES ('steinberg', now()) RETURNING id").fetchone()
        run("INSERT INTO closure_content (closure, variant, reason) SELECT id, 'de', 'Kalletaler Baum' FROM closure")
        run(
            "INSERT INTO notice_rule (id, trail, device, observed_property, caution, hysteresis, expires_s)"
            " VALUES ('steinberg-hinweis', 'steinberg', 'fernrohr', 'passes_in_total', 30, 5, 60)"
        )
        run(
            "INSERT INTO notice_text (rule, variant, caution, warning, unknown)"
            " VALUES ('steinberg-hinweis', 'de', 'Kalletal', 'Kalletal', 'Kalletal')"
        )
        run(
            "INSERT INTO trail_upload (id, municipality, file_name, content, outcome, state, uploaded_by)"
            " VALUES (%s, 'kalletal', 'Kalletal.gpx', '', '', '', 'ute')",
            [report],
        )
        visit = str(uuid4())
        run(
            "INSERT INTO care_visit (id, trail, station, visited_at, received_at, visited_by, at_sign, is_fine, note)"
            " VALUES (%s, 'steinberg', %s, now(), now(), 'ute', true, true, 'Kalletaler Runde')",
            [visit, code],
        )
        task = run(
            "INSERT INTO care_task (trail, station, text, created_by)"
            " VALUES ('steinberg', %s, 'Kalletaler Tafel putzen', 'ute') RETURNING id",
            [code],
        ).fetchone()
    assert case is not None
    assert task is not None
    assert closure is not None
    assert annotation is not None
    assert person is not None
    assert contribution is not None
    assert closure is not None
    assert maintenance is not None
    assert entry is not None
    return {
        "maintenance": str(maintenance[0]),
        "entry": str(entry[0]),
        "trail": "steinberg",
        "station": code,
        "device": "fernrohr",
        "report": report,
        "case": str(case[0]),
        "annotation": str(annotation[0]),
        "closure": str(closure[0]),
        "notice": "steinberg-hinweis",
        "upload": report,
        "session": session,
        "link": str(link[0]),
        "contribution": str(contribution[0]),
        "visit": visit,
        "task": str(task[0]),
        "municipality": "kalletal",
        "person": str(person[0]),
    }


def test_whatever_an_address_names_is_known_to_belong_to_a_municipality(towns: TwoTowns) -> None:
    named = {name for route in roles.ACCESS for name in NAMED.findall(route)}
    assert named - OUTSIDE <= KINDS.keys()
    assert towns.foreign.keys() == KINDS.keys()
    with towns.office.database.transaction() as connection:
        for kind, name in towns.foreign.items():
            assert municipality_of(connection, kind, name) == "kalletal", kind
            assert municipality_of(connection, kind, "no such thing") is None, kind


@pytest.mark.parametrize("role", Role)
def test_what_belongs_to_another_town_does_not_exist_for_any_role(towns: TwoTowns, role: Role) -> None:
    hire(towns.office.database, "anna", role, town="lemgo")
    anna = towns.office.signed_in("anna")
    for route, allowed in roles.ACCESS.items():
        method, path = route.split(" ")
        answer = anna.request(method, towns.address(path))
        if allowed is not roles.ANYONE:
            assert answer.status_code == 404, route
        assert "Kalletal" not in answer.text, route


@pytest.mark.parametrize("role", Role)
def test_no_list_tells_of_another_town(towns: TwoTowns, role: Role) -> None:
    hire(towns.office.database, "anna", role, town="lemgo")
    anna = towns.office.signed_in("anna")
    for route, allowed in roles.ACCESS.items():
        method, path = route.split(" ")
        if method != "GET" or NAMED.search(path) or allowed is roles.ANYONE or path == "/live":
            continue
        answer = anna.get(f"/staff{path}")
        expected = 403 if route in roles.FOR_INSTALLATION or role not in allowed else 200
        assert answer.status_code == expected, route
        for word in ("Kalletal", "fernrohr", "steinberg", towns.foreign["station"]):
            assert word not in answer.text, f"{route} tells of {word}"


def test_the_same_person_may_do_more_in_one_town_than_in_another(towns: TwoTowns) -> None:
    hire(towns.office.database, "anna", Role.ADMIN, town="lemgo")
    with towns.office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO staff_grant (staff, municipality, role)"
            " SELECT id, 'kalletal', 'viewer' FROM staff WHERE name = 'anna'"
        )
    anna = towns.office.signed_in("anna")
    assert anna.get(f"/staff/reports/{towns.foreign['report']}").status_code == 200
    assert anna.post(f"/staff/reports/{towns.foreign['report']}/delete").status_code == 403
    assert "Kalletaler Steinberg" in anna.get("/staff/").text


def test_naming_two_things_opens_neither_by_the_other(towns: TwoTowns) -> None:
    hire(towns.office.database, "anna", Role.ADMIN, town="lemgo")
    anna = towns.office.signed_in("anna")
    for query in (
        "trail=stadtwald&trail=steinberg",
        "trail=steinberg&trail=stadtwald",
        "trail=stadtwald&device=fernrohr",
    ):
        assert anna.get(f"/staff/figures?{query}").status_code == 404, query
