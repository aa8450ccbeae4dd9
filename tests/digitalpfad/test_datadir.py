"""The data directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digitalpfad.datadir import DataDir
from geodata.errors import StartRefused


def test_a_second_lock_is_refused_naming_the_first_process(data: DataDir) -> None:
    with (
        data.lock(),
        pytest.raises(StartRefused, match=rf"already runs with .* \(process {os.getpid()}\)"),
        data.lock(),
    ):
        pass
    with data.lock():
        pass  # free again


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
