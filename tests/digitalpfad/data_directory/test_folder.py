"""The data directory."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.up import first_data
from geodata.errors import StartRefused
from geodata.store.database import Database


def test_a_second_lock_is_refused_naming_the_first_process(data: DataDir) -> None:
    with (
        data.lock(),
        pytest.raises(StartRefused, match=rf"already runs with .* \(process {os.getpid()}\)"),
        data.lock(),
    ):
        pass
    with data.lock():
        pass  # free again


def test_who_looks_whether_it_is_held_keeps_nobody_from_taking_it(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = os.open(data.path / "lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)  # as is_held() has it for an instant
    monkeypatch.setattr(time, "sleep", lambda _: os.close(looking))
    with data.lock():
        assert data.is_held()


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(folder: Path) -> None:
    (folder / "thesis.odt").touch()
    folder.chmod(0o755)
    with pytest.raises(StartRefused, match="is not empty and no data directory"):
        DataDir.at(folder).create()
    assert folder.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in folder.iterdir()] == ["thesis.odt"]


def test_a_file_in_its_place_is_refused_in_one_sentence(folder: Path) -> None:
    (folder / "data").touch()
    with pytest.raises(StartRefused, match=r"data directory .*/data cannot be used: Not a directory"):
        DataDir.at(folder / "data").create()


def test_a_name_that_is_no_text_is_refused_in_one_sentence(folder: Path) -> None:
    with pytest.raises(StartRefused, match=r"/a\\udcff' has a name that is no UTF-8 text"):
        DataDir.at(folder / os.fsdecode(b"a\xff"))


def test_a_secret_is_made_once_and_private(data: DataDir) -> None:
    assert data.keep("secret", lambda: "one") == "one"
    assert data.keep("secret", lambda: "two") == "one"
    assert (data.path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_no_umask_opens_a_secret(data: DataDir, umask: int) -> None:
    before = os.umask(umask)
    try:
        data.write_secret("secret", "x")
    finally:
        os.umask(before)
    assert (data.path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_folder_where_the_lock_should_be_is_named_with_the_mend(data: DataDir) -> None:
    (data.path / "lock").unlink()
    (data.path / "lock").mkdir()
    with (
        pytest.raises(StartRefused, match=r"/data/lock cannot be used: Is a directory\. A file was expected: move"),
        data.lock(),
    ):
        pass


@pytest.mark.parametrize("act", [lambda data: data.read("nats.conf"), lambda data: data.write_secret("nats.conf", "")])
def test_a_folder_in_a_files_place_is_named(data: DataDir, act: Callable[[DataDir], object]) -> None:
    (data.path / "nats.conf" / "x").mkdir(parents=True)
    with pytest.raises(StartRefused, match=r"/data/nats\.conf cannot be used: Is a directory\. A file was expected"):
        act(data)


def test_a_secret_that_is_no_text_is_named(data: DataDir) -> None:
    (data.path / "mqtt-password").write_bytes(b"\xff\xfe")
    with pytest.raises(StartRefused, match="/data/mqtt-password is damaged: it is no UTF-8 text"):
        data.keep("mqtt-password", str)


@pytest.mark.parametrize("text", ["{broken", "[]", '{"pond": 1}'])
def test_damaged_passwords_of_the_simulator_are_named(data: DataDir, text: str) -> None:
    (data.path / "simulator-credentials.json").write_text(text)
    never_asked = Database("postgresql://127.0.0.1:1/none", pool_size=1, name="test")
    with pytest.raises(StartRefused, match=r"/data/simulator-credentials\.json is damaged: expected a JSON object"):
        first_data.simulator_credentials(never_asked, data)


def test_whatever_cannot_be_used_in_a_held_directory_is_named(data: DataDir) -> None:
    logs = str(data.logs / "mqtt.log")
    refusal = r"/data/log/mqtt\.log cannot be used: Permission denied\. Run this as the account that started"
    with pytest.raises(StartRefused, match=refusal), data.lock():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), logs)
    with pytest.raises(FileNotFoundError), data.lock():
        (data.path.parent / "elsewhere").read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="dropping rights needs rights")
def test_a_directory_that_may_only_be_read_is_named_with_the_mend(data: DataDir) -> None:
    data.path.chmod(0o755)
    data.logs.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(StartRefused, match=r"/data cannot be used: Permission denied\. Run this as the account"):
            data.create()
        with pytest.raises(StartRefused, match=r"/data/nats\.conf cannot be used: Permission denied\. Run this as"):
            data.write_secret("nats.conf", "x")
    finally:
        os.seteuid(0)


def test_scans_have_a_folder_whoever_made_the_directory(folder: Path) -> None:
    new = DataDir.at(folder / "new")
    assert new.scans() == new.path / "scans"
    assert (new.path / "lock").exists(), "`up` knows it again"
    (folder / "maintenance.json").write_text("{}")  # said of a web app that never ran
    scans = DataDir.at(folder).scans()
    assert scans.stat().st_mode & 0o777 == 0o700


def test_scans_have_none_in_a_folder_of_somebody_else(folder: Path) -> None:
    (folder / "thesis.odt").touch()
    with pytest.raises(StartRefused, match="is not empty and no data directory"):
        DataDir.at(folder).scans()
    assert [path.name for path in folder.iterdir()] == ["thesis.odt"]


def test_a_file_in_the_place_of_the_folder_of_scans_is_told(folder: Path) -> None:
    DataDir.at(folder).create()
    (folder / "scans").touch()
    with pytest.raises(StartRefused, match="scans cannot be used"):
        DataDir.at(folder).scans()
