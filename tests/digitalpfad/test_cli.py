"""The command line: exit codes, one sentence per error, and what each process loads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import postgres
from digitalpfad.embedded.process import Supervisor
from geodata.actions import load_bundle
from geodata.store import migrate
from geodata.store.database import Database
from geodata.store.migrate import bundled_migrations
from tests.digitalpfad.commandline import ROOT, run, run_process
from tests.digitalpfad.conftest import new_folder


@pytest.fixture(scope="module")
def embedded() -> Iterator[dict[str, str]]:
    """Settings of a system with the demonstration trail in the database that it starts itself."""
    supervisor = Supervisor(print, threading.Event())
    with new_folder() as folder:
        data = DataDir.at(folder / "data").create()
        server = postgres.prepare(data)
        server.start(supervisor)
        try:
            migrate.migrate(server.url)
            with Database(server.url) as opened:
                load_bundle.load_if_empty(opened)
            yield {"DIGITALPFAD_DATABASE_URL": server.url, "DIGITALPFAD_DATA_DIR": str(data.path)}
        finally:
            supervisor.stop_all()


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("up", "--port", "eighty"), ("up", "--port", "99999"), ("up", "--host", "a b"),
     ("staff", "add", "anna"), ("staff", "add", "anna", "--role", "king"),
     ("quarantine", "list", "--limit", "0"), ("device", "add", "x")],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_an_error_is_one_sentence_and_the_traceback_comes_when_asked_for(folder: Path) -> None:
    unset = {"DIGITALPFAD_DATA_DIR": str(folder / "none")}
    ended = run_process("device", "list", **unset)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "No database is known: DIGITALPFAD_DATABASE_URL is not set" in ended.stderr
    assert "export DIGITALPFAD_DATA_DIR=FOLDER" in ended.stderr
    assert "Traceback" in run_process("--debug", "device", "list", **unset).stderr


def test_while_up_is_stopped_every_command_says_so_in_one_sentence(data: DataDir) -> None:
    socket_folder = data.path / "postgres"
    data.write_secret("database-url", f"postgresql://d:secret@/d?host={quote(str(socket_folder))}&port=5432")
    data.write_secret("mqtt-url", "mqtt://gateway:secret@127.0.0.1:9")
    stopped = {"DIGITALPFAD_DATA_DIR": str(data.path)}
    ended = run_process("device", "list", **stopped)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"digitalpfad: 'digitalpfad up' is not running in {data.path}")
    assert len(ended.stderr.splitlines()) == 1
    found = {one["check"]: one for one in json.loads(run("doctor", "--json", **stopped).stdout)}
    for check in ("database", "broker"):
        assert not found[check]["ok"]
        assert "systemctl start digitalpfad" in found[check]["hint"]
        assert found[check]["mend"] == found[check]["hint"], "programs that know the older name go on"


def test_a_database_that_is_away_is_told_in_one_sentence_with_the_reason() -> None:
    ended = run_process("device", "list", DIGITALPFAD_DATABASE_URL="postgresql://d:secret@127.0.0.1:9/d")
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 1)
    assert "The database cannot be reached" in ended.stderr
    assert "Connection refused" in ended.stderr


def test_the_version_is_that_of_the_package_with_the_newest_migration() -> None:
    newest = bundled_migrations()[-1].number
    said = run("--version")
    assert (said.returncode, said.stdout) == (
        0,
        f"digitalpfad {version('digitalpfad')} (database schema {newest:04})\n",
    )


def test_a_wrong_setting_stops_every_command() -> None:
    ended = run_process("settings", DIGITALPFAD_PROT="1")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Did you mean DIGITALPFAD_PORT?" in ended.stderr


@pytest.mark.parametrize("host", ["a b", "a..b", "x" * 70])
def test_a_host_that_cannot_be_is_no_surprise_to_the_doctor(folder: Path, host: str) -> None:
    ended = run("doctor", DIGITALPFAD_HOST=host, DIGITALPFAD_DATA_DIR=str(folder / "none"))
    assert ended.returncode == 1
    assert "Unexpected" not in ended.stderr
    assert host in ended.stderr + ended.stdout


def test_settings_show_value_and_source_but_no_secret() -> None:
    ended = run_process("settings", "--json", DIGITALPFAD_PORT="8099", DIGITALPFAD_MQTT_URL="mqtt://u:geheim@host")
    rows = {row["variable"]: row for row in json.loads(ended.stdout)}
    assert rows["DIGITALPFAD_PORT"] == {"variable": "DIGITALPFAD_PORT", "value": "8099", "source": "environment"}
    assert rows["DIGITALPFAD_MQTT_URL"]["value"] == "********"
    assert "geheim" not in ended.stdout


@pytest.mark.parametrize(
    ("command", "foreign"),
    [("gateway", ["fastapi", "starlette", "uvicorn", "jinja2", "segno", "geopandas", "dashboards", "api"]),
     ("web", ["geopandas", "pandas", "pyogrio", "PIL", "yaml", "paho", "nats_server", "firmware_sim",
              "geodata.trailfiles", "geodata.actions.import_trail",
              "geodata.actions.content_folder", "geodata.actions.load_bundle", "geodata.media.prepare"]),
     ("device", ["fastapi", "paho", "geopandas", "uvicorn"]),
     (None, ["fastapi", "paho", "geopandas", "pandas", "shapely", "numpy", "psycopg", "uvicorn"])],
)  # fmt: skip
def test_a_process_loads_only_what_its_command_needs(command: str | None, foreign: list[str]) -> None:
    code = f"import sys; from digitalpfad.cli import build; build({command!r}); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert set(foreign) & set(ended.stdout.split()) == set()


def test_numpy_takes_no_threads_of_its_own_in_any_process() -> None:
    multiplied = "many = numpy.ones((800, 800)); many @ many"
    code = f"import digitalpfad.cli, numpy, os; {multiplied}; print(len(os.listdir('/proc/self/task')))"
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    ended = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert ended.stdout == "1\n"


def test_the_list_of_commands_is_of_those_there_are_and_loads_none_of_them() -> None:
    code = "import sys; from digitalpfad.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    *help_lines, modules = ended.stdout.splitlines()
    commands = help_lines[help_lines.index("Commands:") + 1 :]
    listed = {line.split()[0] for line in commands}
    there = (ROOT / "digitalpfad" / "commands").rglob("*.py")
    assert listed == {
        path.stem.replace("_", "-") for path in there if "\ndef register(app: " in path.read_text(encoding="utf-8")
    }
    assert {"geopandas", "numpy", "fastapi"} & set(modules.split()) == set()
    assert not any("..." in line for line in commands), "each command's sentence is shown whole"


def test_devices_are_added_listed_and_revoked(demo: dict[str, str]) -> None:
    station = json.loads(run("device", "list", "--json", **demo).stdout)[0]["station"]
    added = run("device", "add", "new-01", "--station", station.lower(), "--json", **demo)
    assert json.loads(added.stdout)["topic"] == "digitalpfad/v1/stadtwald/new-01/event/telemetry"
    assert len(json.loads(added.stdout)["password"]) >= 22
    again = run("device", "add", "new-01", "--station", station, **demo)
    assert (again.returncode, again.stdout) == (2, "")
    assert run("device", "add", "new-02", "--station", "000000", **demo).returncode == 2
    assert run("device", "add", "New 02", "--station", station, **demo).returncode == 2
    assert "new-01" in run("device", "list", **demo).stdout
    assert run("device", "revoke", "new-01", **demo).returncode == 0
    assert "new-01" not in run("device", "list", **demo).stdout
    assert "new-01" in run("device", "list", "--all", **demo).stdout
    assert run("device", "revoke", "nobody", **demo).returncode == 2
    assert run("device", "tail", "nobody", **demo).returncode == 2


def test_staff_get_a_one_time_password_and_a_name_only_once(demo: dict[str, str]) -> None:
    added = json.loads(run("staff", "add", " Anna ", "--role", "ranger", "--json", **demo).stdout)
    assert (added["name"], added["role"]) == ("anna", "ranger")
    assert len(added["one_time_password"]) >= 16
    assert run("staff", "add", "ANNA", "--role", "viewer", **demo).returncode == 2


def test_a_forgotten_password_is_replaced_and_a_login_can_be_disabled_and_enabled(demo: dict[str, str]) -> None:
    first = json.loads(run("staff", "add", "anna", "--role", "ranger", "--json", **demo).stdout)
    again = json.loads(run("staff", "reset", "Anna", "--json", **demo).stdout)
    assert (again["name"], again["role"]) == ("anna", "ranger")
    assert again["one_time_password"] != first["one_time_password"]
    assert run("staff", "disable", "anna", **demo).returncode == 0
    (listed,) = json.loads(run("staff", "list", "--json", **demo).stdout)
    assert (listed["name"], listed["role"], listed["one_time"], listed["sessions"]) == ("anna", "ranger", True, 0)
    assert listed["disabled_at"].endswith("Z")
    assert "disabled" in run("staff", "list", **demo).stdout
    for command in ("reset", "disable", "enable"):
        assert run("staff", command, "nobody", **demo).returncode == 2
    assert "staff enable" in run("staff", "reset", "anna", **demo).stderr
    back = json.loads(run("staff", "enable", "anna", "--json", **demo).stdout)
    assert back["one_time_password"] not in {first["one_time_password"], again["one_time_password"]}
    (listed,) = json.loads(run("staff", "list", "--json", **demo).stdout)
    assert (listed["disabled_at"], listed["one_time"]) == (None, True)
    assert "staff reset" in run("staff", "enable", "anna", **demo).stderr


def test_an_invitation_is_a_link_and_roles_are_given_by_town(demo: dict[str, str]) -> None:
    made = json.loads(
        run("staff", "invite", "Nora", "--role", "editor", "--municipality", "lemgo", "--json", **demo).stdout
    )
    assert (made["name"], made["role"]) == ("nora", "editor (lemgo)")
    assert re.search(r"^https?://.+/staff/invitation/[\w-]{43}$", made["link"])
    again = run("staff", "invite", "nora", **demo).stdout.strip()
    assert again.startswith("http")
    assert again != made["link"]
    assert "invited" in run("staff", "list", **demo).stdout
    assert "staff grant" in run("staff", "invite", "nora", "--role", "admin", **demo).stderr
    assert "--role" in run("staff", "invite", "bert", **demo).stderr
    assert "admin" in run("staff", "grant", "nora", "--role", "admin", **demo).stdout
    assert run("staff", "revoke", "nora", **demo).stdout == "nora: editor (lemgo)\n"
    assert "staff disable" in run("staff", "revoke", "nora", "--municipality", "lemgo", **demo).stderr
    for wrong in (
        ("grant", "nora", "--role", "viewer", "--municipality", "nowhere"),
        ("revoke", "nora"),
        ("revoke", "bert"),
    ):
        assert run("staff", *wrong, **demo).returncode == 2


def test_an_empty_quarantine_says_so_on_stderr_and_is_an_empty_list_in_json(demo: dict[str, str]) -> None:
    assert run("quarantine", "list", **demo).stdout == ""
    assert json.loads(run("quarantine", "list", "--json", **demo).stdout) == []
    assert run("quarantine", "show", "1", **demo).returncode == 2
    nobody = run("quarantine", "list", "--device", "nope", **demo)
    assert (nobody.returncode, nobody.stderr) == (2, "digitalpfad: There is no device 'nope'.\n")
    assert run("quarantine", "list", "--device", "steg-02", **demo).returncode == 0


def test_migrating_again_changes_nothing(embedded: dict[str, str]) -> None:
    ended = run_process("migrate", **embedded)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_the_doctor_names_a_mend_for_each_failed_check_and_ends_with_1(embedded: dict[str, str]) -> None:
    broken = {**embedded, "DIGITALPFAD_MQTT_URL": "mqtt://user:geheim@127.0.0.1:1"}
    (Path(embedded["DIGITALPFAD_DATA_DIR"]) / "mqtt-password").touch(mode=0o644)
    ended = run_process("doctor", "--json", **broken)
    findings = {finding["check"]: finding for finding in json.loads(ended.stdout)}
    assert ended.returncode == 1
    assert findings["database"]["ok"]
    assert findings["migrations"]["ok"]
    assert not findings["broker"]["ok"]
    assert not findings["data"]["ok"]
    assert all(finding["hint"] for finding in findings.values() if not finding["ok"])
    assert "geheim" not in ended.stdout
