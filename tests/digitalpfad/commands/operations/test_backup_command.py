"""Backup, restore and housekeeping from the command line, with the embedded database running and not."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import postgres
from digitalpfad.embedded.process import Supervisor
from geodata.actions import load_bundle
from geodata.store import migrate
from geodata.store.access import audit
from geodata.store.database import Database
from tests.digitalpfad.commandline import run, run_process


@pytest.fixture
def system(data: DataDir, supervisor: Supervisor) -> dict[str, str]:
    """A running database with the bundled trail, as `up` keeps it."""
    server = postgres.prepare(data)
    server.start(supervisor)
    migrate.migrate(server.url)
    with Database(server.url) as opened:
        load_bundle.load_if_empty(opened)
    data.write_secret("database-url", server.url)
    return {"DIGITALPFAD_DATA_DIR": str(data.path)}


def test_a_backup_of_a_running_system_makes_a_new_one(
    system: dict[str, str], data: DataDir, folder: Path, supervisor: Supervisor
) -> None:
    file, elsewhere = folder / "backup.zip", {"DIGITALPFAD_DATA_DIR": str(folder / "new")}
    with data.lock():  # as `up` holds it
        written = run_process("backup", str(file), "--json", **system)
    assert written.returncode == 0, written.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run_process("backup", str(file), **system)
    assert (again.returncode, again.stdout) == (2, "")
    assert "Backups are never overwritten" in again.stderr
    refused = run_process("restore", str(file), **system, DIGITALPFAD_DATABASE_URL=(data.read("database-url") or ""))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    restored = run_process("restore", str(file), "--json", **elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["rows"] == json.loads(written.stdout)["rows"] > 50
    copied = run_process("backup", str(folder / "of-the-new.zip"), "--json", **elsewhere)  # where no `up` ever ran
    assert copied.returncode == 0, copied.stderr
    assert json.loads(copied.stdout)["rows"] == json.loads(written.stdout)["rows"] + 1, "the restore is noted"
    server = postgres.prepare(DataDir.at(folder / "new"))
    other = Supervisor(print, threading.Event())
    server.start(other)
    with Database(server.url, pool_size=1) as opened, opened.transaction() as connection:
        (noted,) = audit.newest(connection, 10)
    other.stop_all()
    assert (noted.action, noted.origin) == ("restore", "command-line")
    assert noted.object.startswith("backup.zip, written 20")
    entry, *_ = json.loads(run_process("audit", "list", "--json", **system).stdout) or [None]
    assert entry is None, "neither a backup nor a refused restore changes anything"
    supervisor.stop_all()
    second = run_process("backup", str(folder / "second.zip"), "--json", **system)  # starts the database for the while
    assert json.loads(second.stdout)["rows"] == json.loads(written.stdout)["rows"], second.stderr


def test_a_lock_that_cannot_be_used_is_not_taken_for_a_running_system(data: DataDir, folder: Path) -> None:
    (data.path / "lock").unlink()
    (data.path / "lock").mkdir()
    data.write_secret("database-url", "postgresql://nobody@127.0.0.1:9/none")
    ended = run("backup", str(folder / "b.zip"), DIGITALPFAD_DATA_DIR=str(data.path))
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert f"{data.path / 'lock'} cannot be used: Is a directory" in ended.stderr


def test_what_is_no_backup_is_refused_in_a_sentence_and_makes_nothing(folder: Path) -> None:
    (folder / "text.zip").write_text("no backup")
    for name in ("text.zip", "missing.zip"):
        ended = run("restore", str(folder / name), DIGITALPFAD_DATA_DIR=str(folder / "new"))
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert not (folder / "new").exists()
    ended = run("backup", str(folder / "b.zip"), DIGITALPFAD_DATA_DIR=str(folder / "new"))
    assert ended.returncode == 1
    assert "No database is known" in ended.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["text.zip"]


def test_housekeeping_tells_what_it_would_do_and_does_it(demo: dict[str, str]) -> None:
    told = json.loads(run("housekeeping", "--dry-run", "--json", **demo).stdout)
    done = json.loads(run("housekeeping", "--json", **demo).stdout)
    assert told == {**done, "dry_run": True}
    assert done["partitions_made"] >= 2
    assert "Everything is in order" in run("housekeeping", **demo).stderr
    wrong = run("housekeeping", **demo, DIGITALPFAD_RETENTION_RAW_DAYS="7")
    assert wrong.returncode == 2
    assert "DIGITALPFAD_RETENTION_RAW_DAYS is 7, expected 0 or at least 32 days" in wrong.stderr
