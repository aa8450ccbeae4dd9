"""What staff read on the start page, the devices' pages and the quarantine."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from random import Random

import httpx
import pytest

from dashboards import words
from dashboards.overview.look import look
from dashboards.services import StaffServices
from geodata.actions import edit_trail
from geodata.model.staff import Grant, Role, Staff
from geodata.model.trail import TrailState
from geodata.store.access import scan
from geodata.store.database import Database
from geodata.vocabulary.codes import new_code
from tests.dashboards.office import Office, hire, observe, open_office, reject, report
from tests.fixtures.databases.counting import CountingDatabase
from tests.fixtures.process.waiting import wait_until

SCRIPT = "<script>document.title='broken'</script><img src=x onerror=alert(1)>\u202e"


def _text(answer: httpx.Response) -> str:
    """What is read of a page, without markup, in one line."""
    assert answer.status_code == 200, answer.text
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


@pytest.fixture
def anna(office: Office) -> httpx.Client:
    hire(office.database, "anna")
    return office.signed_in("anna")


def _wait_for_series(office: Office, device: str) -> None:
    wait_until(lambda: office.keeper.current.datastreams_of_device.get(device), 10, f"the series of {device}")


def test_the_start_page_answers_its_four_questions(office: Office, anna: httpx.Client) -> None:
    now = datetime.now(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)
    with office.database.transaction() as connection:
        scan.add(connection, {("3DVB54", hour, "de", "sign"): 1200, ("K7YNX0", hour, "de", "sign"): 84})
        scan.add(connection, {("3DVB54", hour - timedelta(days=2), "de", "sign"): 9000})
    for minutes in range(1, 6):
        observe(office.database, "pond", now - timedelta(minutes=minutes), water_level=41, battery_level=87)
        observe(office.database, "soil", now - timedelta(minutes=minutes), soil_moisture=31, battery_level=12)
    reject(office.database, "pond", b"{")
    _wait_for_series(office, "soil")
    text = _text(anna.get("/staff/"))
    assert "Stadtwald · heute" in text
    assert "Gezählt, letzte Woche – letzte Woche hing kein Zähler" in text
    assert "Gegenüber dem Vorjahr – vor einem Jahr wurde nicht gezählt" in text
    assert "Aufrufe heute 1.284 am meisten: 4 Försterteiche (1.200), 1 Unter den Eichen (84)" in text
    assert "Alle Geräte zusammen senden 2 Nachrichten pro Minute." in text
    assert "Braucht einen Besuch 3 2 Geräte schweigen, 1 Akku schwach" in text
    assert "1 Nachricht nicht oder nicht ganz verwendbar Quarantäne ansehen" in text
    assert re.search(r"Stand \d\d:\d\d Uhr", text)


def test_staff_read_what_the_legal_pages_lack_and_a_trail_that_is_given_up_leaves_their_menu(
    office: Office, anna: httpx.Client
) -> None:
    assert "von Lemgo: es fehlt Name, Anschrift, Vertretung, E-Mail, Datenschutz-Kontakt" in _text(anna.get("/staff/"))
    with office.database.transaction() as connection:
        edit_trail.set_state(connection, "stadtwald", TrailState.RETIRED, datetime.now(UTC))
    wait_until(lambda: "Noch kein Pfad" in _text(anna.get("/staff/")), what="the menu to forget the trail")
    assert "Pegel am Teich" not in _text(anna.get("/staff/devices"))


def test_tasks_and_devices_stand_in_walking_direction_with_what_to_do(office: Office, anna: httpx.Client) -> None:
    now = datetime.now(UTC)
    observe(office.database, "boardwalk", now, surface_wetness=72, battery_level=20)
    observe(office.database, "pond", now - timedelta(days=1), water_level=41)
    observe(office.database, "counter", now, passes_in_total=5120)
    _wait_for_series(office, "counter")
    text = _text(anna.get("/staff/"))
    tasks = text[text.index("Was zu tun ist") : text.index("Geräte Nr.")]
    positions = [tasks.index(part) for part in ("Försterteiche", "Wo die Fichten standen", "Holzsteg")]
    assert positions == sorted(positions)
    assert "3 Aufgaben" in tasks
    assert "Unter den Eichen" not in tasks
    assert "Pegel am Teich: seit gestern," in tasks
    assert "Bodenfühler: hat sich noch nie gemeldet." in tasks
    assert "Nässe am Steg: Akku noch 20 %. Akku tauschen." in tasks
    table = text[text.index("Geräte Nr.") :]
    assert "1 Unter den Eichen Zähler Eingang gerade eben – Durchgänge heute – ● läuft" in table
    assert re.search(r"4 Försterteiche Pegel am Teich seit gestern, \d\d:\d\d Uhr still – – ▲ schweigt", table)
    assert "7 Holzsteg Nässe am Steg gerade eben 72 % Nässe der Oberfläche 20 % ◆ Akku schwach" in table


def test_a_failed_sensor_is_a_task_and_never_a_number(office: Office, anna: httpx.Client) -> None:
    observe(office.database, "soil", datetime.now(UTC), soil_moisture=None)
    _wait_for_series(office, "soil")
    text = _text(anna.get("/staff/"))
    assert "Bodenfühler gerade eben kein Wert Bodenfeuchte – ■ Sensor ausgefallen" in text
    assert "ein Sensor liefert keinen Wert" in text


def test_a_devices_page_has_its_kind_its_point_and_how_often_it_reports(office: Office, anna: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute(
            "UPDATE device SET station = NULL, lon = 8.9165, lat = 52.0516, kind = 'level', interval_s = 3600"
            " WHERE id = 'pond'"
        )
    wait_until(lambda: "neben den Stationen" in anna.get("/staff/devices/pond").text, 10, "the device beside the trail")
    text = _text(anna.get("/staff/devices/pond"))
    assert "Art level Ort 52.05160, 8.91650" in text
    assert "Meldet sich alle 1 h" in text


def test_a_revoked_device_needs_no_visit_but_stays_on_the_list(office: Office, anna: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute("UPDATE device SET revoked_at = now() WHERE id = 'soil'")
    assert "Bodenfühler" not in _text(anna.get("/staff/"))
    assert "Bodenfühler" not in _text(anna.get("/staff/devices"))
    revoked = _text(anna.get("/staff/devices?state=revoked"))
    assert "1 Gerät" in revoked
    assert "5 Bodenfühler Wo die Fichten standen ✕ abgemeldet noch nie gemeldet" in revoked


def test_several_trails_are_chosen_in_the_address(office: Office, anna: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'steinberg', municipality, line, licence FROM trail"
        )
    wait_until(lambda: "steinberg" in office.keeper.current.catalogue.trails, 10, "the new trail")
    assert "Stadtwald steinberg Stand" in _text(anna.get("/staff/?trail=stadtwald"))
    text = _text(anna.get("/staff/?trail=steinberg"))
    assert "steinberg · heute" in text
    assert "noch kein Gerät angemeldet" in text
    assert "Pegel am Teich" not in text


def test_the_start_page_reads_its_own_trail_and_no_other(office: Office, database_url: str) -> None:
    now = datetime.now(UTC)
    code = new_code(Random(1))
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'steinberg', municipality, line, licence FROM trail"
        )
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat) VALUES (%s, 'steinberg', 1, 8.9, 52.0)", [code]
        )
        connection.execute(
            "INSERT INTO device (id, trail, station)"
            " SELECT 'fern-' || i, 'steinberg', %s FROM generate_series(1, 100) AS i",
            [code],
        )
        scan.add(connection, {(code, now.replace(minute=0, second=0, microsecond=0), "de", "sign"): 7})
    wait_until(lambda: len(office.keeper.current.catalogue.devices) == 104, 10, "the new devices")
    with CountingDatabase(database_url, role="digitalpfad_web") as database:
        use = StaffServices(
            database=database, keeper=office.keeper, clock=office.clock, is_https=False, stopping=office.stopping
        )
        anna = Staff(id=1, name="anna", grants=(Grant(Role.VIEWER),))
        assert [len(look(use, anna, slug).rows) for slug in ("stadtwald", "steinberg")] == [4, 100]
        database.reset()
        assert look(use, anna, "stadtwald").scans == 0
    assert database.rows == 4 + 4  # devices, and a count each of messages, quarantine, reports and signs


def test_an_empty_installation_says_what_is_missing(database: Database) -> None:
    hire(database, "anna")
    with open_office(database) as office:
        anna = office.signed_in("anna")
        assert "Noch kein Pfad" in _text(anna.get("/staff/"))
        assert "Noch ist kein Pfad eingelesen" in _text(anna.get("/staff/devices"))
        assert "Hier liegt nichts" in _text(anna.get("/staff/quarantine"))


def test_a_device_page_shows_messages_gaps_and_its_own_quarantine(office: Office, anna: httpx.Client) -> None:
    now = datetime.now(UTC)
    observe(office.database, "pond", now - timedelta(minutes=10), water_level=40, battery_level=88)
    observe(office.database, "pond", now, water_level=41, battery_level=87)
    report(office.database, "pond", "1.4.2", "b7f3")
    reject(office.database, "pond", b'{"time": 0}', "time is 0, which lies before 2020.", "time-too-early")
    reject(office.database, "soil", b"other", "not this one")
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO device_boot VALUES ('pond', 'b7f3', '{[0,40),[42,50),[51,90)}', 0, now(), now()),"
            " ('pond', 'a1b2', '{[500,600)}', 500, now() - interval '2 days', now() - interval '1 day'),"
            " ('pond', 'a0a0', '{[3,5)}', 0, now() - interval '4 days', now() - interval '3 days')"
        )
    _wait_for_series(office, "pond")
    text = _text(anna.get("/staff/devices/pond"))
    assert "Programmstand 1.4.2" in text
    newest, older = text.index("Wasserstand 41 cm"), text.index("Wasserstand 40 cm")
    assert newest < older
    assert "87 3 40 bis 41, 50" in text
    assert "100 0 keine, vollständig" in text, "below oldest the device holds nothing any more"
    assert "2 2 1 bis 2" in text, "a boot begins at 0 or 1"
    assert "Uhr des Geräts geht nach" in text
    assert "Lassen Sie die Uhr des Geräts stellen, auch die Zeitzone." in text
    assert "time is 0, which lies before 2020." in text
    assert "not this one" not in text


def test_each_reason_in_quarantine_says_what_to_do_and_a_device_has_its_name(
    office: Office, anna: httpx.Client
) -> None:
    reject(office.database, "pond", b"{}", "detail", "unknown-property", "not-a-number", "not-a-number")
    reject(office.database, "stranger", b"{}", "detail", "unknown-device")
    page = anna.get("/staff/quarantine").text
    assert '<a href="/staff/devices/pond">Pegel am Teich</a>' in page
    assert "stranger" in page
    assert page.count(words.what_to_do("not-a-number")) == 2
    assert page.count(words.what_to_do("unknown-property")) == 1, "it is not said again below itself"


def test_everything_a_device_says_is_shown_as_text_and_nothing_else(office: Office, anna: httpx.Client) -> None:
    report(office.database, "pond", SCRIPT, SCRIPT)
    reject(office.database, "pond", SCRIPT.encode() + b"\xff\x00", SCRIPT, SCRIPT)
    with office.database.transaction() as connection:
        connection.execute("UPDATE device SET name = %s WHERE id = 'pond'", [SCRIPT])
        connection.execute(
            "INSERT INTO observed_property (id, unit, kind, minimum, maximum, label_de, label_en)"
            " VALUES ('odd', %s, 'gauge', 0, 9, %s, 'odd')",
            [SCRIPT, SCRIPT],
        )
    observe(office.database, "pond", datetime.now(UTC), odd=1)
    _wait_for_series(office, "pond")
    for path in ("/staff/", "/staff/devices", "/staff/devices/pond", "/staff/quarantine"):
        page = anna.get(path).text
        assert "<script>" not in page
        assert "<img" not in page
        assert "\u202e" not in page
        assert "&lt;script&gt;" in page


def test_the_silence_of_all_devices_stands_first_on_both_pages(office: Office) -> None:
    """One heard again, and each is told for itself."""
    hire(office.database, "ole")
    ago = datetime.now(UTC) - timedelta(hours=5)
    for device in ("counter", "pond", "soil", "boardwalk"):
        observe(office.database, device, ago, soil_moisture=20)
    visitor = office.signed_in("ole")
    for path in ("/staff/", "/staff/devices"):
        page = visitor.get(path).text
        assert "Alle 4 Geräte schweigen seit" in page
        assert page.index("Alle 4 Geräte schweigen") < page.index("Pegel am Teich")
    assert "Erst die gemeinsame Ursache finden" in visitor.get("/staff/").text
    observe(office.database, "pond", datetime.now(UTC), soil_moisture=20)
    for path in ("/staff/", "/staff/devices"):
        assert "Alle 4 Geräte" not in visitor.get(path).text
    assert "3 Geräte schweigen" in visitor.get("/staff/").text


def test_a_trail_that_is_silent_alone_is_told_so(office: Office) -> None:
    hire(office.database, "ole")
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'talweg', municipality, line, licence FROM trail"
        )
        connection.execute("INSERT INTO device (id, trail) VALUES ('tal', 'talweg')")
    for device in ("counter", "pond"):
        observe(office.database, device, datetime.now(UTC) - timedelta(hours=5), soil_moisture=20)
    observe(office.database, "tal", datetime.now(UTC), soil_moisture=20)
    visitor = office.signed_in("ole")
    wait_until(lambda: "talweg" in office.keeper.current.listed, 10, "the second trail")
    for path in ("/staff/?trail=stadtwald", "/staff/devices"):
        assert "Die Ursache liegt an diesem Pfad." in visitor.get(path).text


def test_what_only_sends_rubbish_or_has_just_come_does_not_run(office: Office) -> None:
    hire(office.database, "ole")
    with office.database.transaction() as connection:
        connection.execute("UPDATE device SET registered_at = now() WHERE id = 'counter'")
        connection.execute("INSERT INTO device_state (device, last_seen_at, unusable_at) VALUES ('pond', now(), now())")
    observe(office.database, "soil", datetime.now(UTC), soil_moisture=20)
    visitor = office.signed_in("ole")
    wait_until(lambda: "läuft</span>" in visitor.get("/staff/devices").text, 10, "the value of the fourth device")
    for path in ("/staff/", "/staff/devices"):
        page = visitor.get(path).text
        for word in ("sendet Unlesbares", "wartet auf ersten Wert", "nie gemeldet", "läuft"):
            assert word in page
