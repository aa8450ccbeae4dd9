"""What the operator's page does on the machine: real commands in processes of their own."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from digitalpfad import backup_folder
from digitalpfad.config.model import Settings
from digitalpfad.process.operator_tools import CommandTools
from geodata.errors import NotFound
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.waiting import wait_until

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)


@pytest.fixture
def settings(database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", url_of(database_url))
    return Settings.model_validate({"database_url": url_of(database_url), "data_dir": folder / "data"})


def test_a_backup_is_written_beside_the_running_system_and_found_again(settings: Settings) -> None:
    tools = CommandTools(settings, lambda: NOW)
    assert tools.backups().files == []
    assert tools.begin_backup()
    wait_until(lambda: not tools.backups().is_writing, 60, "the backup")
    (written,) = tools.backups().files
    assert (tools.backups().trouble, written.name) == ("", "digitalpfad-20261130T160000Z.zip")
    path = tools.backup_file(written.name)
    assert path.stat().st_mode & 0o077 == 0, "others may not read it"
    assert path.parent.stat().st_mode & 0o077 == 0
    with ZipFile(path) as archive:
        assert archive.testzip() is None


def test_of_two_backups_at_once_one_is_refused_also_for_another_process(settings: Settings) -> None:
    tools, other = CommandTools(settings, lambda: NOW), CommandTools(settings, lambda: NOW)
    with backup_folder.held(backup_folder.made(settings)) as held:
        assert held
        assert not tools.begin_backup()
    assert tools.begin_backup()
    assert not tools.begin_backup()
    assert not other.begin_backup()
    wait_until(lambda: not tools.backups().is_writing, 60, "the backup")
    assert len(other.backups().files) == 1


def test_a_backup_that_fails_says_why_and_leaves_no_file(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")
    tools = CommandTools(settings, lambda: NOW)
    assert tools.begin_backup()
    wait_until(lambda: not tools.backups().is_writing, 60, "the backup")
    assert "Connection refused" in tools.backups().trouble
    assert [path.name for path in backup_folder.folder(settings).iterdir()] == [".lock"]
    assert tools.begin_backup(), "the next one may begin"
    wait_until(lambda: not tools.backups().is_writing, 60, "the second one")


@pytest.mark.parametrize("name", ["../lock", "nothing.zip", ".lock", "digitalpfad-20261130T160000Z.zip"])
def test_only_a_finished_backup_is_handed_out(settings: Settings, name: str) -> None:
    backup_folder.made(settings)
    with pytest.raises(NotFound):
        CommandTools(settings, lambda: NOW).backup_file(name)


def test_the_doctor_is_asked_as_on_the_command_line(settings: Settings) -> None:
    tools = CommandTools(settings, lambda: NOW)
    assert tools.checkup() is None
    tools.begin_checkup()
    assert tools.is_checking
    wait_until(lambda: not tools.is_checking, 60, "the check-up")
    found = tools.checkup()
    assert found is not None
    assert (found.at, found.trouble) == (NOW, "")
    by_name = {check.check: check for check in found.checks}
    assert by_name["database"].ok
    assert not by_name["broker"].ok, "there is none here"
    assert by_name["broker"].hint


def test_a_doctor_that_says_nothing_readable_is_told_as_trouble(settings: Settings) -> None:
    tools = CommandTools(settings, lambda: NOW, program=(sys.executable, "-c", "print('oh')"))
    tools.begin_checkup()
    wait_until(lambda: not tools.is_checking, 60, "the check-up")
    found = tools.checkup()
    assert found is not None
    assert found.checks == []
    assert found.trouble
