"""Devices on the staff pages: found, added, described, moved, replaced, shut out - with the rights of the web role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import bcrypt
import httpx
import pytest

from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.counting import mountings
from geodata.store.database import Database
from geodata.store.devices import credential, device_edit, device_status
from tests.dashboards.access.test_access import counted_by_hand
from tests.dashboards.office import Office, hire, observe
from tests.dashboards.served_as_web import office_as_web, text_of
from tests.fixtures.process.waiting import wait_until

NEW = {"id": "teich-2", "name": "Pegel 2", "kind": "Pegel", "interval": "900", "station": "3DVB54"}


@pytest.fixture
def office(database: Database, database_url: str) -> Iterator[Office]:
    with office_as_web(database, database_url) as opened:
        yield opened


@pytest.fixture
def anna(office: Office, database: Database) -> httpx.Client:
    hire(database, "anna", Role.ADMIN)
    return office.signed_in("anna")


def test_a_device_is_added_and_its_login_is_shown_once_and_works(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    answer = anna.post("/staff/new-device?trail=stadtwald", data=NEW)
    text = text_of(answer)
    assert "Gerät teich-2 ist angemeldet" in text
    found = re.search(r'id="password">([^<]+)<', answer.text)
    assert found is not None
    with database.transaction() as connection:
        assert bcrypt.checkpw(found[1].encode(), credential.hashes(connection)["teich-2"].encode())
        added = device_status.find(connection, "teich-2")
        assert (added.station, added.name, added.interval_s) == ("3DVB54", "Pegel 2", 900)
        entry = audit.newest(connection, 1)[0]
    assert (entry.action, entry.object, entry.municipality) == ("device-add", "teich-2", "lemgo")
    line = f"mosquitto_pub -h localhost -p 1883 -q 1 -u teich-2 -P {found[1]} -t"
    assert f"{line} digitalpfad/v1/stadtwald/teich-2/event/telemetry -m" in text
    assert found[1] not in anna.get("/staff/devices/teich-2").text
    assert office.keeper is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"id": "Teich 2"}, "Nur kleine Buchstaben"),
        ({"id": "pond"}, "'pond'"),
        ({"id": "gateway"}, "'gateway'"),
        ({"station": "R7TZ2H\u202e"}, "Bitte wählen Sie eine Station dieses Pfads"),
        ({"station": "", "lat": "52,05", "lon": ""}, "Bitte geben Sie Breite und Länge an"),
        ({"station": "", "lat": "acht", "lon": "8,9"}, "Bitte geben Sie Grad mit Komma ein"),
        ({"station": "", "lat": "48,1", "lon": "11,5"}, "m"),
        ({"name": "x" * 81}, "höchstens 80 Zeichen"),
        ({"interval": "-1"}, "wie oft sich das Gerät meldet"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_typed_is_lost(
    database: Database, anna: httpx.Client, typed: dict[str, str], said: str
) -> None:
    answer = anna.post("/staff/new-device?trail=stadtwald", data={**NEW, **typed})
    text = text_of(answer, 422)
    assert said in text
    assert 'value="Pegel"' in answer.text
    with database.transaction() as connection:
        assert not device_edit.is_known(connection, "teich-2")


def test_two_who_edit_at_once_read_of_each_other(database: Database, anna: httpx.Client) -> None:
    version = re.search(r'name="version" value="(\w+)"', anna.get("/staff/devices/pond/edit").text)
    assert version is not None
    first = {"name": "Teichpegel", "kind": "", "interval": "600", "version": version[1]}
    assert anna.post("/staff/devices/pond/edit", data=first).headers["location"] == "/staff/devices/pond?notice=saved"
    second = anna.post("/staff/devices/pond/edit", data={**first, "name": "Weiher"})
    text = text_of(second, 409)
    assert "Inzwischen hat jemand anders gespeichert" in text
    assert "Name „Teichpegel“" in text
    assert 'value="Weiher"' in second.text
    newer = re.search(r'name="version" value="(\w+)"', second.text)
    assert newer is not None
    assert (
        anna.post("/staff/devices/pond/edit", data={**first, "name": "Weiher", "version": newer[1]}).status_code == 303
    )
    with database.transaction() as connection:
        assert device_status.find(connection, "pond").name == "Weiher"


def test_a_device_is_moved_and_its_past_stays_behind(database: Database, anna: httpx.Client) -> None:
    counted_by_hand(database)
    assert anna.post("/staff/devices/pond/move?trail=stadtwald", data={"station": "R7TZ2H"}).status_code == 303
    with database.transaction() as connection:
        moved = device_status.find(connection, "pond")
        assert (moved.station, moved.earlier[-1].station) == ("R7TZ2H", "3DVB54")
        assert len(mountings.load(connection, "pond")) == 2
    beside = {"station": "", "lat": "52,0516", "lon": "8,9165"}
    assert anna.post("/staff/devices/pond/move?trail=stadtwald", data=beside).status_code == 303
    with database.transaction() as connection:
        moved = device_status.find(connection, "pond")
        assert (moved.station, moved.lat, moved.lon) == (None, 52.0516, 8.9165)
    corrected = {"station": "K7YNX0", "correct": "1"}
    assert anna.post("/staff/devices/pond/move", data=corrected).status_code == 303
    with database.transaction() as connection:
        assert device_status.find(connection, "pond").station == "K7YNX0"


def test_a_new_box_takes_over_place_name_and_notices_and_the_old_one_is_shut_out(
    database: Database, anna: httpx.Client
) -> None:
    counted_by_hand(database)
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO notice_rule (id, trail, device, observed_property, caution, hysteresis, expires_s)"
            " VALUES ('nass', 'stadtwald', 'pond', 'water_level', 50, 1, 0)"
        )
        credential.issue(connection, "pond")
    assert 'value="pond-2"' in anna.get("/staff/devices/pond/replace").text
    text = text_of(anna.post("/staff/devices/pond/replace", data={"id": "pond-2"}))
    assert "pond-2 steht jetzt an der Stelle von pond" in text
    with database.transaction() as connection:
        old, new = device_status.find(connection, "pond"), device_status.find(connection, "pond-2")
        assert old.revoked_at is not None
        assert (new.station, new.name) == ("3DVB54", "Pegel am Teich")
        assert set(credential.hashes(connection)) == {"pond-2"}
        assert mountings.load(connection, "pond")[-1].ends_at is not None
        assert device_edit.rules_of(connection, "pond-2") == [("nass", "stadtwald")]
    assert anna.post("/staff/devices/pond/replace", data={"id": "pond-3"}).status_code == 422, "it is revoked by now"


def test_a_revoked_device_has_no_login_and_nothing_left_to_change(database: Database, anna: httpx.Client) -> None:
    with database.transaction() as connection:
        credential.issue(connection, "pond")
    assert anna.post("/staff/devices/pond/revoke").status_code == 303
    with database.transaction() as connection:
        assert credential.hashes(connection) == {}
    page = anna.get("/staff/devices/pond?notice=revoked").text
    assert "Das Gerät ist abgemeldet" in page
    assert "/staff/devices/pond/move" not in page
    assert anna.get("/staff/devices/pond/edit").status_code == 404
    assert anna.post("/staff/devices/pond/password").status_code == 303


def test_work_at_a_device_silences_the_alarm_until_it_ends(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    observe(database, "pond", datetime.now(UTC) - timedelta(days=2), water_level=41)
    assert "Pegel am Teich: seit" in text_of(anna.get("/staff/"))
    wrong = {"reason": "Steg", "start": "2026-11-30T10:00", "end": "2026-11-30T09:00"}
    assert "Das Ende liegt vor dem Anfang" in text_of(anna.post("/staff/devices/pond/maintenance", data=wrong), 422)
    begun = anna.post("/staff/devices/pond/maintenance", data={"reason": "Steg wird erneuert"})
    assert begun.headers["location"] == "/staff/devices/pond?notice=maintenance"
    again = anna.post("/staff/devices/pond/maintenance", data={"reason": "noch einmal"})
    assert again.status_code == 422
    assert "noch einmal" in again.text
    text = text_of(anna.get("/staff/"))
    assert "Pegel am Teich: seit" not in text
    assert "◇ in Wartung" in text
    assert "◇ in Wartung" in text_of(anna.get("/staff/devices?state=maintenance"))
    office.clock.ahead = timedelta(days=4)
    anna = office.signed_in("anna")
    asked = anna.get("/staff/")
    assert "Pegel am Teich: in Wartung seit" in text_of(asked)
    (number,) = set(re.findall(r"/staff/maintenance/(\d+)/confirm", asked.text))
    assert anna.post(f"/staff/maintenance/{number}/confirm", data={"next": "/staff/"}).status_code == 303
    assert "Dauert sie noch an?" not in text_of(anna.get("/staff/"))
    assert anna.post(f"/staff/maintenance/{number}/end").headers["location"].endswith("notice=maintenance-ended")
    assert "Pegel am Teich: seit" in text_of(anna.get("/staff/"))


def test_the_list_is_narrowed_by_words_and_by_how_devices_are(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    observe(database, "pond", datetime.now(UTC), water_level=41, battery_level=12)
    wait_until(lambda: office.keeper.current.datastreams_of_device.get("pond"), 10, "the series")

    def names(query: str) -> list[str]:
        return re.findall(r'id="row-([\w-]+)"', anna.get(f"/staff/devices{query}").text)

    assert names("") == ["counter", "pond", "soil", "boardwalk"], "in walking direction"
    assert names("?q=STEG") == ["boardwalk"]
    assert names("?q=Förster") == ["pond"], "by the station's name"
    assert names("?q=%25") == [], "a per cent sign is one"
    assert names("?state=battery") == ["pond"]
    assert names("?state=silent") == ["counter", "soil", "boardwalk"]
    assert names("?state=running") == []
    assert names("?state=nonsense") == names("")
    assert names("?page=2") == []


def test_the_battery_s_end_stands_on_the_list_and_on_the_page(
    office: Office, database: Database, anna: httpx.Client
) -> None:
    now = datetime.now(UTC)
    for ago in range(30, -1, -1):
        observe(database, "pond", now - timedelta(days=ago), battery_level=float(35 + ago), rssi=-100.0 - (30 - ago))
    wait_until(lambda: len(office.keeper.current.datastreams_of_device.get("pond", [])) == 2, 10, "the series")
    assert "35 %, bis etwa" in text_of(anna.get("/staff/devices"))
    text = text_of(anna.get("/staff/devices/pond"))
    assert "35 %, reicht" in text
    assert "wird schlechter" in text
    assert "Lücken, die neueste zuerst" in text


def test_ten_thousand_devices_come_in_pages(office: Office, database: Database, anna: httpx.Client) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO device (id, trail) SELECT 'fern-' || i, 'stadtwald' FROM generate_series(1, 10000) AS i"
        )
    wait_until(lambda: len(office.keeper.current.catalogue.devices) == 10_004, 20, "the devices")
    text = anna.get("/staff/devices?page=3").text
    assert len(re.findall(r'id="row-', text)) == 50
    assert "Seite 3 von 201" in text
    assert "10004 Geräte" in text
