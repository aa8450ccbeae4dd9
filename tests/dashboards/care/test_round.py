"""The page of the round, its history and its tasks: in trail order, for who may, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from geodata.model.care.work import WorkKind
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.access.municipality_of import KINDS
from tests.dashboards.care.walked import walked
from tests.dashboards.office import Office, hire, observe
from tests.dashboards.reports.test_pages import SCRIPT, told
from tests.fixtures.process.waiting import wait_until

ROUND = "/staff/care?trail=stadtwald"
TASKS = "/staff/care/tasks?trail=stadtwald"


def titles(page: str) -> list[str]:
    return re.findall(r'<span class="stop"><strong>([^<]+)</strong>', page)


def test_the_round_is_in_trail_order_with_what_to_bring_on_top(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    observe(office.database, "boardwalk", datetime.now(UTC), surface_wetness=72, battery_level=14)
    told(office.database)
    ute.post(TASKS, data={"text": "Schlauch wechseln", "bring": "Zange", "along_m": "1700"})
    wait_until(lambda: "Akku tauschen" in ute.get(ROUND).text, 10, "the value of the battery")
    page = ute.get(ROUND).text
    assert titles(page) == ["Unter den Eichen", "Försterteiche", "Am Weg", "Wo die Fichten standen", "Holzsteg"]
    assert "Akku tauschen: Er ist bald leer." in page
    assert re.search(r"Mitnehmen:</strong> Säge, geladener Akku, Zange|Mitnehmen:</strong> [^<]*Säge[^<]*Zange", page)
    assert "Schlauch wechseln" in page


def test_a_common_silence_stands_on_top_and_sends_nobody_to_each_device(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    for device in ("counter", "pond", "soil", "boardwalk"):
        observe(office.database, device, datetime.now(UTC) - timedelta(days=2), battery_level=80)
    page = office.signed_in("ute").get(ROUND).text
    assert "Alle 4 Geräte schweigen" in page
    assert "Gerät prüfen" not in page
    assert titles(page)[0] == "Unter den Eichen"


def test_a_viewer_reads_the_round_and_ticks_nothing(office: Office) -> None:
    hire(office.database, "anna", Role.VIEWER)
    told(office.database)
    page = office.signed_in("anna").get(ROUND).text
    assert "Meldung prüfen: Ein Baum liegt quer." in page
    assert "/staff/care/visits" not in page
    assert 'type="radio"' not in page
    assert "<form" not in office.signed_in("anna").get(TASKS).text.split("<main")[1]


def test_who_was_there_last_is_said_on_the_round_and_in_its_history(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    assert "Noch hat hier niemand eine Runde eingetragen." in ute.get(ROUND).text
    walked(office.database, datetime.now(UTC) - timedelta(days=1), "bert", SCRIPT)
    page = ute.get(ROUND).text
    assert "Letzte Runde: gestern, bert" in page
    assert "zuletzt gesehen: gestern" in page
    history = ute.get("/staff/care/rounds?trail=stadtwald").text
    for part in ("gestern, bert", "4 · Försterteiche", "am Schild bestätigt", "alles in Ordnung", "&lt;script&gt;"):
        assert part in history
    assert "<script>alert" not in history


def test_a_task_is_written_at_a_station_and_taken_back_with_its_entries_in_the_log(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    answer = ute.post(f"{TASKS}&station=3DVB54", data={"text": " Tafel  putzen ", "bring": "", "along_m": "7"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TASKS}&notice=saved")
    page = ute.get(answer.headers["location"]).text
    for part in ("Die Aufgabe steht auf der Runde.", "Tafel putzen", "Station 4 · Försterteiche"):
        assert part in page
    remove = re.findall(r'action="(/staff/care/tasks/\d+/remove)"', page)[0]
    assert ute.post(remove).status_code == 303
    assert ute.post(remove).status_code == 303, "pressed twice"
    assert "Tafel putzen" not in ute.get(ROUND).text
    with office.database.transaction() as connection:
        entries = [(e.action, e.before, e.after) for e in audit.newest(connection, 9) if e.action.startswith("care")]
    assert entries == [("care-task-remove", "Tafel putzen", ""), ("care-task-add", "", "Tafel putzen")]


def test_a_task_without_words_or_at_no_number_comes_back_with_what_was_typed(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    answer = ute.post(TASKS, data={"text": "", "bring": "Zange", "along_m": "weit"})
    assert answer.status_code == 422
    assert "Bitte schreiben Sie, was zu tun ist." in answer.text
    assert 'value="Zange"' in answer.text
    assert 'value="weit"' in answer.text


def test_the_worker_may_answer_for_the_round_and_nothing_else(office: Office) -> None:
    answer = office.visitor().get("/staff/care/worker.js")
    assert answer.headers["service-worker-allowed"] == "/staff/care"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-store"


def test_the_round_speaks_english(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    told(office.database)
    ute.post("/staff/language", data={"language": "en", "next": ROUND})
    page = ute.get(ROUND).text
    for part in ("Care round: Stadtwald", "a tree lies across the path", "Take along:", "saw"):
        assert part in page
    assert "Mitnehmen" not in page


def test_the_gate_knows_whose_each_kind_of_work_is() -> None:
    assert {kind.value for kind in WorkKind} <= KINDS.keys()
