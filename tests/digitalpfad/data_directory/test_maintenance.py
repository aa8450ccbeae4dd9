"""Maintenance is a file in the data directory: told by a command, seen by the web process, and never in the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from api.http.maintenance import Maintenance
from digitalpfad.config.model import Settings
from digitalpfad.data_directory import maintenance
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.doctor.checks import _maintenance  # pyright: ignore[reportPrivateUsage]
from tests.digitalpfad.commandline import Ended, run

UNTIL = datetime(2099, 11, 23, 7, 0, tzinfo=UTC)


def command(data: Path, *arguments: str) -> Ended:
    return run("maintenance", *arguments, DIGITALPFAD_DATA_DIR=str(data), LC_ALL="C.UTF-8")


def test_the_command_begins_shows_and_ends_it_without_a_database(tmp_path: Path) -> None:
    look = maintenance.look(DataDir.at(tmp_path))
    assert look() is None
    begun = command(tmp_path, "on", "--until", "2099-11-23T08:00")
    assert "until 2099-11-23 08:00 (Europe/Berlin)" in begun.stderr
    assert look() == Maintenance(UNTIL)
    assert json.loads(command(tmp_path, "show", "--json").stdout) == {"is_on": True, "until": "2099-11-23T07:00:00Z"}
    assert "Pages say that the system" in command(tmp_path, "on").stderr
    assert look() == Maintenance(None)
    assert "Pages are shown again." in command(tmp_path, "off").stderr
    assert look() is None
    assert "There was no maintenance." in command(tmp_path, "off").stderr


def test_a_time_that_is_over_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    refused = command(tmp_path, "on", "--until", "2020-01-01")
    assert (refused.returncode, maintenance.present(DataDir.at(tmp_path))) == (2, None)
    assert "expected a time that is still to come" in refused.stderr


def test_a_damaged_file_still_closes_the_pages_and_a_missing_folder_does_not(tmp_path: Path) -> None:
    (tmp_path / "maintenance.json").write_bytes(b"\xff{")
    assert maintenance.present(DataDir.at(tmp_path)) == Maintenance(None)
    assert maintenance.present(DataDir.at(tmp_path / "nowhere")) is None


def test_the_doctor_fails_once_it_should_be_over(tmp_path: Path) -> None:
    settings, data = Settings.model_validate({"data_dir": tmp_path}), DataDir.at(tmp_path)
    assert _maintenance(settings, UNTIL).ok
    maintenance.begin(data, UNTIL)
    assert _maintenance(settings, datetime(2099, 11, 23, 6, 59, tzinfo=UTC)).ok
    late = _maintenance(settings, UNTIL)
    assert (late.ok, "digitalpfad maintenance off" in late.hint) == (False, True)
