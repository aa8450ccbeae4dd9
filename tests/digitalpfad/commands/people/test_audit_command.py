"""Every command that changes something writes it into the audit log, and `digitalpfad audit list` shows it."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from typer.main import get_command

from digitalpfad import cli
from geodata.store.database import Database
from geodata.vocabulary.audit import Action
from tests.digitalpfad.commandline import run
from tests.digitalpfad.commands.conditions.test_notice_import import RULE
from tests.geodata.statistics.weather.test_dwd_file import product

ME = pwd.getpwuid(os.geteuid()).pw_name

READS = {
    "annotation list", "audit list", "broker sessions", "closure list", "content check", "content export",
    "content history", "content list", "content show", "count factors", "count list", "counter list", "counter show",
    "device check", "device completeness", "device list", "device tail", "doctor", "figures check", "figures compare",
    "figures estimate", "figures log", "figures report", "maintenance show", "municipality list",
    "municipality records", "municipality show", "notice export", "notice list",
    "property list", "quarantine list", "quarantine show", "report list", "settings", "sign-case list",
    "signs build", "staff list", "station list", "trail export", "trail list", "weather list",
}  # fmt: skip
NO_CHANGE_BY_PEOPLE = {
    "backup": "reads the database in a transaction that may not write",
    "gateway": "a service: it stores what devices send",
    "maintenance off": "a file of this machine, which holds while the database is away",
    "maintenance on": "a file of this machine, which holds while the database is away",
    "migrate": "the database keeps which migration came when, in schema_migration",
    "up": "a service; the logins that it makes are written down (tests/digitalpfad/up/test_first_login.py)",
    "web": "a service: it writes down what staff do",
}
WRITES: dict[str, Action] = {
    "staff add": Action.STAFF_ADD,
    "staff reset": Action.STAFF_RESET,
    "staff disable": Action.STAFF_DISABLE,
    "staff enable": Action.STAFF_ENABLE,
    "staff invite": Action.STAFF_INVITE,
    "staff grant": Action.STAFF_GRANT,
    "staff revoke": Action.STAFF_GRANT,
    "device add": Action.DEVICE_ADD,
    "device password": Action.DEVICE_PASSWORD,
    "device move": Action.DEVICE_MOVE,
    "device edit": Action.DEVICE_EDIT,
    "device revoke": Action.DEVICE_REVOKE,
    "counter mount": Action.COUNTER_MOUNT,
    "counter end": Action.COUNTER_END,
    "counter set": Action.COUNTER_SET,
    "figures rebuild": Action.FIGURES_REBUILD,
    "figures undo": Action.FIGURES_UNDO,
    "figures revise": Action.FIGURES_REVISE,
    "sign-case close": Action.SIGN_CASE_CLOSE,
    "closure add": Action.CLOSURE_ADD,
    "closure end": Action.CLOSURE_END,
    "notice import": Action.NOTICE_IMPORT,
    "notice set": Action.NOTICE_SET,
    "notice end": Action.NOTICE_END,
    "notice remove": Action.NOTICE_REMOVE,
    "property add": Action.PROPERTY_ADD,
    "property edit": Action.PROPERTY_EDIT,
    "property rename": Action.PROPERTY_RENAME,
    "quarantine replay": Action.QUARANTINE_REPLAY,
    "station add": Action.STATION_ADD,
    "station renumber": Action.STATION_RENUMBER,
    "station move": Action.STATION_MOVE,
    "station retire": Action.STATION_RETIRE,
    "station restore": Action.STATION_RESTORE,
    "content import": Action.CONTENT_IMPORT,
    "content publish": Action.CONTENT_PUBLISH,
    "municipality set": Action.MUNICIPALITY_SET,
    "weather import": Action.WEATHER_IMPORT,
    "annotation add": Action.ANNOTATION_ADD,
    "annotation publish": Action.ANNOTATION_PUBLISH,
    "annotation withdraw": Action.ANNOTATION_WITHDRAW,
    "annotation remove": Action.ANNOTATION_REMOVE,
    "housekeeping": Action.HOUSEKEEPING,
    "figures close": Action.FIGURES_CLOSE,
    "figures settings": Action.FIGURES_SETTINGS,
    "trail import": Action.TRAIL_IMPORT,
    "trail hide": Action.TRAIL_HIDE,
    "trail retire": Action.TRAIL_RETIRE,
    "trail show": Action.TRAIL_SHOW,
    "trail remove": Action.TRAIL_REMOVE,
    "trail stamps": Action.TRAIL_STAMPS,
    "trail direction": Action.TRAIL_DIRECTION,
    "broker end-session": Action.BROKER_END_SESSION,
    "count add": Action.COUNT_SESSION_ADD,
    "count delete": Action.COUNT_SESSION_DELETE,
    "restore": Action.RESTORE,
}
ON_PAGES = {
    Action.LOGIN, Action.LOGOUT, Action.LOGOUT_EVERYWHERE, Action.PASSWORD_CHANGE, Action.PAGE,
    Action.REPORT_CHANGE, Action.REPORT_DELETE, Action.INVITATION_ACCEPT, Action.SESSION_END, Action.TOTP_ADD,
    Action.TOTP_REMOVE, Action.PASSKEY_ADD, Action.PASSKEY_REMOVE, Action.RECOVERY_CODES, Action.FACTORS_REMOVE,
    Action.BACKUP, Action.BACKUP_DOWNLOAD, Action.CARE_TASK_ADD, Action.CARE_TASK_DONE, Action.CARE_TASK_REMOVE,
    Action.CARE_VISIT, Action.CLOSURE_CHANGE, Action.CLOSURE_CONFIRM, Action.CONTENT_RESTORE,
    Action.CONTENT_SAVE, Action.CONTRIBUTION_DECIDE, Action.CONTRIBUTION_LINK, Action.CONTRIBUTION_LINK_END,
    Action.DEVICE_REPLACE, Action.MAIL_WISH, Action.MAINTENANCE_BEGIN, Action.MAINTENANCE_CONFIRM,
    Action.MAINTENANCE_END, Action.NOTICE_CHANGE, Action.QUARANTINE_REOPEN, Action.QUARANTINE_SETTLE,
}  # fmt: skip
"""What staff do on their pages alone: tests/dashboards sees their entries."""
SHOWN_ELSEWHERE = {
    "broker end-session", "count add", "count delete", "figures rebuild", "figures revise", "figures undo", "restore",
    "sign-case close",
}  # fmt: skip
"""Need a broker, a counter, passes or a backup: the tests of these commands see their entries."""


def leaves(command: Any, name: str = "") -> Iterator[str]:
    """Every command below ``command`` as it is typed."""
    inner: dict[str, Any] | None = getattr(command, "commands", None)
    for word, one in (inner or {}).items():
        yield from leaves(one, f"{name} {word}".strip())
    if inner is None:
        yield name


def entries(demo: dict[str, str], *more: str) -> list[dict]:
    return json.loads(run("audit", "list", "--json", *more, **demo).stdout)


def commands(folder: Path) -> list[tuple[str, str]]:
    """Each changing command with arguments that work on the demonstration, and the object that it names."""
    (folder / "notices.json").write_text(json.dumps([RULE]), encoding="utf-8")
    (folder / "klima.txt").write_text(product(["1234;20260101;1;1;1;1;0.0;0;2.5;0;1;1;1;4.5;80;8;1;0;eor"]))
    (folder / "klasse/05-teiche").mkdir(parents=True)
    (folder / "klasse/05-teiche/children.md").write_text(
        "---\ntitle: Frösche\nlead: Quak.\nsource: Klasse 4b\n---\nHier quakt es.\n"
    )
    edge = "--trail stadtwald --reason Sturm --from 2026-01-23T08:00 --open-end"
    return [
        ("staff add anna --role editor", "anna (editor)"),
        ("staff reset Anna", "anna"),
        ("staff disable anna", "anna"),
        ("staff enable anna", "anna"),
        ("staff invite nora --role viewer --municipality lemgo", "nora (viewer (lemgo))"),
        ("staff grant nora --role editor", "nora (viewer (lemgo), editor)"),
        ("staff revoke nora --municipality lemgo", "nora (editor)"),
        ("device add fuehler --station 3DVB54", "fuehler"),
        ("device password fuehler", "fuehler"),
        ("device move fuehler --trail stadtwald", "fuehler: stadtwald"),
        ("device edit fuehler --name Pegel", "fuehler"),
        ("device revoke fuehler", "fuehler"),
        ("counter mount zaehler-06 --technology radar --at 2026-11-01T08:00", "zaehler-06"),
        ("counter set zaehler-06 --width 16", "zaehler-06"),
        ("counter end zaehler-06", "zaehler-06"),
        (f"closure add {edge}", "stadtwald: 1"),
        ("closure end 1", "1"),
        (f"notice import {folder}/notices.json --trail stadtwald", "stadtwald: neue-regel"),
        ("notice set neue-regel --level caution --until 2036-01-01T00:00", "neue-regel: caution"),
        ("notice end neue-regel", "neue-regel"),
        ("notice remove neue-regel", "neue-regel"),
        ("property add co2 --unit [ppm] --label-de C --label-en C --minimum 1 --maximum 9", "co2"),
        ("property edit co2 --audience hikers --trail stadtwald", "co2: stadtwald"),
        ("property rename co2 carbon_dioxide", "co2: carbon_dioxide"),
        ("quarantine replay --device pond", "device pond"),
        ("station add stadtwald --number 90 --lon 8.9165 --lat 52.0516 --title Neu", ""),
        ("station renumber 3DVB54=91", "3DVB54=91"),
        ("station move 3DVB54 --lon 8.9165 --lat 52.0516", "3DVB54"),
        ("station retire 3DVB54", "3DVB54"),
        ("station restore 3DVB54", "3DVB54"),
        (f"content import stadtwald {folder}/klasse", "stadtwald"),
        ("content publish stadtwald", "stadtwald"),
        ("municipality set lemgo --phone 123", "lemgo"),
        (f"weather import lemgo {folder}/klima.txt", "lemgo: 1234"),
        ("annotation add --trail stadtwald --first 2026-05-01 --last 2026-05-02 --text Fest", "1"),
        ("annotation publish 1", "1"),
        ("annotation withdraw 1", "1"),
        ("annotation remove 1", "1"),
        ("housekeeping", ""),
        ("figures close --until 2026-01-01", "2026-01-01"),
        ("figures settings lemgo --k 8", "lemgo"),
        (f"trail export stadtwald {folder}/pfad.gpx", "-"),
        (f"trail import {folder}/pfad.gpx --trail stadtwald", "stadtwald"),
        ("trail stamps stadtwald --needed 7", "stadtwald"),
        ("trail direction stadtwald either", "stadtwald"),
        ("trail hide stadtwald", "stadtwald"),
        ("trail retire stadtwald", "stadtwald"),
        ("trail show stadtwald", "stadtwald"),
        ("trail remove stadtwald", "stadtwald"),
    ]


def test_every_command_is_known_to_read_or_to_write_and_every_action_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(cli._COMPLETION, "complete_bash")  # loads all of them
    app: typer.Typer = cli.build(None)
    known = READS | NO_CHANGE_BY_PEOPLE.keys() | WRITES.keys()
    assert set(leaves(get_command(app))) == known
    assert set(WRITES.values()) | ON_PAGES == set(Action)


def test_every_command_that_changes_something_leaves_one_entry_with_its_object(
    demo: dict[str, str], tmp_path: Path
) -> None:
    tried: set[str] = set()
    before = len(entries(demo))
    for typed, named in commands(tmp_path):
        done = run(*typed.split(), **demo)
        assert done.returncode in {0, 3}, f"{typed}: {done.stderr}"
        command = next((one for one in WRITES if f"{typed} ".startswith(f"{one} ")), "")
        if not command:
            continue
        tried.add(command)
        newest, *rest = entries(demo)
        assert (newest["action"], newest["origin"], newest["actor"]) == (WRITES[command], "command-line", ME), typed
        assert newest["object"] == named or (not named and command == "station add"), typed
        assert len(rest) == before, f"{typed} left more than one entry"
        before += 1
    assert tried == WRITES.keys() - SHOWN_ELSEWHERE


@pytest.mark.parametrize(
    "typed",
    [
        "staff add anna\nbert --role nobody",
        "device revoke nobody",
        "trail hide nowhere",
        "trail remove stadtwald --dry-run",
        "quarantine replay --dry-run",
        "housekeeping --dry-run",
        "closure end 7",
        "content publish stadtwald",
        "audit list",
    ],
)
def test_what_changes_nothing_leaves_no_entry(demo: dict[str, str], typed: str) -> None:
    run(*typed.split(" "), **demo)
    assert entries(demo) == []


def test_the_list_is_one_line_an_entry_and_begins_where_it_is_asked_to(demo: dict[str, str]) -> None:
    assert "Im Protokoll steht kein" in run("audit", "list", **demo, LC_ALL="de_DE.UTF-8").stderr
    run("staff", "add", "an\nna", "--role", "viewer", **demo)
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database, database.transaction() as connection:
        connection.execute("UPDATE audit SET at = '2026-01-01T12:00Z', last_at = '2026-01-01T12:00Z'")
    run("staff", "add", "bert", "--role", "viewer", **demo)
    lines = run("audit", "list", **demo).stdout.splitlines()
    assert len(lines) == 3, "a heading and two entries"
    assert lines[2].split() == [
        "2026-01-01",
        "12:00:00",
        "command-line",
        ME,
        "staff-add",
        "an",
        "na",
        "(viewer)",
        "done",
        "1",
        "–",
    ]
    assert [one["object"] for one in entries(demo, "--since", "2026-01-02")] == ["bert (viewer)"]
    assert [one["object"] for one in entries(demo, "--limit", "1")] == ["bert (viewer)"]
    assert entries(demo)[1]["at"] == "2026-01-01T12:00:00Z"
    wrong = run("audit", "list", "--since", "yesterday", **demo)
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_a_change_that_cannot_be_written_down_does_not_happen(demo: dict[str, str]) -> None:
    with psycopg.connect(demo["DIGITALPFAD_DATABASE_URL"]) as connection:
        connection.execute("ALTER TABLE audit ADD CONSTRAINT no_room CHECK (action <> 'staff-add')")
    assert run("staff", "add", "anna", "--role", "viewer", **demo).returncode == 1
    assert json.loads(run("staff", "list", "--json", **demo).stdout) == []
