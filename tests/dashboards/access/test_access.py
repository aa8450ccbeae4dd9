"""Every route × every role, and what every staff answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from dashboards.access import invitations, roles
from dashboards.app import ROUTERS
from geodata.actions.planned.rows import PlanOutcome, packed
from geodata.content.versions import Author, Slot
from geodata.media.prepare import prepare_bytes
from geodata.model.media import Picture
from geodata.model.staff import Grant, Role
from geodata.model.trail import TrailContent
from geodata.store.access import staff
from geodata.store.catalogue import content_versions, media
from geodata.store.database import Database
from tests.dashboards.care.walked import walked
from tests.dashboards.content.written import POND, handed_in, invite, jpeg, pond, save
from tests.dashboards.machine import BACKUP
from tests.dashboards.office import Office, hire
from tests.dashboards.reports.test_pages import told

EVERYBODY: tuple[Role | None, ...] = (None, *Role)
STREAM = "GET /live"
UPLOAD = "6f1c6f0e-3f0b-4b0e-8a39-0f4d9a2f2f11"


def _routes(app: FastAPI) -> Iterator[BaseRoute]:
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        yield from inner.routes if inner is not None else [route]


def _keys(routes: Iterator[BaseRoute]) -> list[str]:
    keys: list[str] = []
    for route in routes:
        if isinstance(route, Mount):
            keys.append(f"GET {route.path}")
        else:
            assert isinstance(route, APIRoute), f"{route} has no gate before it"
            keys += [f"{method} {route.path}" for method in sorted(route.methods or ())]
    return keys


def test_every_route_has_an_entry_and_every_entry_a_route(office: Office) -> None:
    keys = _keys(_routes(office.app))
    assert sorted(keys) == sorted(roles.ACCESS)
    assert len(keys) == len(set(keys)) > 10
    assert sum(len(router.routes) for router in ROUTERS) == len(keys) - 1


def counted_by_hand(database: Database) -> UUID:
    """A session beside the pond's device, which hangs there as a counter."""
    session = uuid4()
    with database.transaction() as connection:
        connection.execute(
            "WITH stream AS (INSERT INTO datastream (device, observed_property) VALUES ('pond', 'passes_in_total')"
            " RETURNING id), hung AS (INSERT INTO counter_mounting (device, trail) VALUES ('pond', 'stadtwald')"
            " RETURNING id), channel AS (INSERT INTO counter_channel (mounting, direction, total)"
            " SELECT hung.id, 'in', stream.id FROM hung, stream)"
            " INSERT INTO count_session (id, mounting, started_at, ended_at, counted_by)"
            " SELECT %s, id, now() - interval '2 h', now() - interval '1 h', 'ute' FROM hung",
            [session],
        )
    return session


def invited(database: Database) -> tuple[int, str]:
    """A person who has an invitation, and its token."""
    with database.transaction() as connection:
        person = staff.create(connection, "nora", [Grant(Role.VIEWER)], None, one_time=False)
        return person.id, invitations.invite(connection, person.id)


def with_texts(database: Database) -> dict[str, str]:
    """A text with a picture, and a link by which a class has handed in one; how each is named in an address."""
    medium = prepare_bytes(jpeg(), "picture", "teich.jpg")
    with database.transaction() as connection:
        media.save(connection, medium)
    picture = Picture(media=medium.id, file="teich.jpg", alt="Teich", author="Ute", licence="CC0-1.0", year=2026)
    save(database, pond(pictures=(picture,)))
    with database.transaction() as connection:
        content_versions.save(
            connection,
            Slot(trail="stadtwald", variant="de"),
            TrailContent(variant="de", name="Stadtwald"),
            Author("ute"),
            publish=False,
        )
    token, contribution = handed_in(database, jpeg())
    return {
        "station": POND,
        "trail": "stadtwald",
        "text": "de",
        "field": "picture",
        "number": "1",
        "medium": medium.id,
        "file": "480.jpg",
        "link": str(invite(database, token="von niemandem gebraucht")),
        "contribution": str(contribution.id),
        "token": token,
        "code": POND,
    }


def things(database: Database) -> dict[str, str]:
    """One thing of each kind, and how it is named in an address; what only has a number may be missing."""
    person, invitation = invited(database)
    return {
        "device": "pond",
        "report": str(told(database)),
        "session": str(counted_by_hand(database)),
        "case": "7",
        "annotation": "7",
        "backup": BACKUP,
        "person": str(person),
        "invitation": invitation,
        "login": "7",
        "passkey": "7",
        "address": "nowhere",
        "closure": str(closed(database)),
        "notice": "steg",
        "maintenance": "7",
        "visit": str(walked(database)),
        "task": "7",
        "entry": "7",
        "upload": UPLOAD,
        "sheet": "nfc.csv",
        **with_texts(database),
    }


def address(path: str, names: dict[str, str]) -> str:
    """``path`` of the matrix with things in it."""
    if path == "/static":
        return "/staff/static/staff.css"
    path = path.replace("/invitation/{token}", f"/invitation/{names['invitation']}")
    return "/staff" + re.sub(r"{(\w+)(?::path)?}", lambda named: names[named[1]], path)


def closed(database: Database) -> int:
    """A closure of the whole trail, the rule of a notice, and a trail file."""
    with database.transaction() as connection:
        row = connection.execute(
            "WITH made AS (INSERT INTO closure (trail, valid_from) VALUES ('stadtwald', now() - interval '1 h')"
            " RETURNING id) INSERT INTO closure_content (closure, variant, reason) SELECT id, 'de', 'Sturm' FROM made"
            " RETURNING closure"
        ).fetchone()
        connection.execute(
            "INSERT INTO notice_rule (id, trail, device, observed_property, caution, hysteresis, expires_s)"
            " VALUES ('steg', 'stadtwald', 'boardwalk', 'surface_wetness', 30, 5, 60)"
        )
        connection.execute(
            "INSERT INTO trail_upload (id, municipality, file_name, content, outcome, state, uploaded_by)"
            " VALUES (%s, 'lemgo', 'weg.gpx', '', %s, '', 'ute')",
            [UPLOAD, packed(PlanOutcome(findings=[]))],
        )
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_role_gets_exactly_what_the_matrix_says(office: Office, role: Role | None) -> None:
    if role is not None:
        hire(office.database, "anna", role)
    visitor, names = office.visitor(), things(office.database)
    in_order = sorted(roles.ACCESS, key=lambda route: (not route.startswith("GET"), "/devices" in route))
    for (
        route
    ) in in_order:  # what is looked at is there until everything was looked at; a device may be revoked at the end
        allowed = roles.ACCESS[route]
        if role is not None and not visitor.cookies:  # at first, and after signing out: sign-ins are counted
            visitor = office.signed_in("anna")
        method, path = route.split(" ")
        path = address(path, names)
        if route == STREAM and role is not None:
            with visitor.stream(method, path) as stream:
                assert stream.status_code == 200
            continue
        answer = visitor.request(method, path)
        if "{address" in route:
            assert answer.status_code == 404
            assert ('href="/staff/devices"' in answer.text) == (role is not None), "the menu leads on"
        elif role in allowed:
            assert answer.status_code in {200, 303, 409, 422}, route
            assert "next=" not in answer.headers.get("location", ""), route
        elif role is None and method == "GET" and route != STREAM:
            assert (answer.status_code, answer.headers["location"][:12]) == (303, "/staff/login"), route
        else:
            assert answer.status_code == (401 if role is None else 403), route


@pytest.mark.parametrize("route", ["GET /devices", "GET /static"])
def test_a_route_without_an_entry_fails_the_walk(office: Office, monkeypatch: pytest.MonkeyPatch, route: str) -> None:
    monkeypatch.delitem(roles.ACCESS, route)
    with pytest.raises(AssertionError):
        test_every_route_has_an_entry_and_every_entry_a_route(office)


def test_a_route_without_an_entry_is_open_to_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hire(office.database, "anna", Role.ADMIN)
    visitor = office.signed_in("anna")
    monkeypatch.delitem(roles.ACCESS, "GET /devices/{device}")
    answer = visitor.get("/staff/devices/pond")
    assert answer.status_code == 403
    assert "Pegel am Teich" not in answer.text
    assert "Dafür reicht Ihre Berechtigung nicht" in answer.text


def test_a_role_that_the_matrix_leaves_out_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(roles.ACCESS, "GET /quarantine", frozenset({Role.ADMIN}))
    hire(office.database, "anna", Role.VIEWER)
    hire(office.database, "chef", Role.ADMIN)
    visitor = office.signed_in("anna")
    assert visitor.get("/staff/quarantine").status_code == 403
    assert "/staff/quarantine" not in visitor.get("/staff/").text, "no dead entry in the menu"
    assert office.signed_in("chef").get("/staff/quarantine").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/staff/", "/staff/login", "/staff/devices", "/staff/devices/nobody", "/staff/nowhere", "/staff/?trail=nowhere"],
)
def test_every_page_is_strict_and_kept_by_nobody(office: Office, path: str) -> None:
    hire(office.database, "anna")
    for visitor in (office.visitor(), office.signed_in("anna")):
        headers = visitor.get(path).headers
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] in {"same-origin", "no-referrer"}
        assert "access-control-allow-origin" not in headers


def test_the_style_may_be_kept_and_says_what_it_is(office: Office) -> None:
    page = office.visitor().get("/staff/login").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = office.visitor().get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/staff/nowhere", 404, "Diese Seite gibt es nicht"),
        ("/staff/devices/nobody", 404, "Diese Seite gibt es nicht"),
        ("/staff/?trail=nowhere", 404, "Diese Seite gibt es nicht"),
        ("/staff/logout", 404, "Diese Seite gibt es nicht"),
    ],
)
def test_errors_are_pages_in_plain_german(office: Office, path: str, status: int, sentence: str) -> None:
    hire(office.database, "anna")
    answer = office.signed_in("anna").get(path)
    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_without_the_database_every_page_says_so_and_lets_nobody_in(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    office.database.close()
    for answer in (
        visitor.get("/staff/"),
        visitor.get("/staff/devices/pond"),
        office.visitor().post("/staff/login", data={"name": "anna", "password": "x"}),
    ):
        assert answer.status_code == 503
        assert "Das System antwortet gerade nicht" in answer.text


def test_an_unexpected_error_tells_nothing_of_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    monkeypatch.setattr("geodata.store.ingest.quarantine.newest", broken)
    answer = visitor.get("/staff/quarantine")
    assert answer.status_code == 500
    assert "Hier ist etwas schiefgegangen" in answer.text
    assert "secret" not in answer.text
