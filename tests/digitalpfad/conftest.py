"""Real child processes on private ports and folders; each test waits for conditions, never for time to pass."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.process import Supervisor
from tests.fixtures.databases.database import url_of


def processes_with(text: str) -> list[int]:
    """Processes whose command line or working folder mentions ``text``, but this one."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            where = str((folder / "cwd").readlink())
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue  # ended meanwhile
        if (text in command or text in where) and state != "Z" and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


@contextmanager
def new_folder() -> Generator[Path]:
    """An empty folder with a short name that other accounts may pass through."""
    with tempfile.TemporaryDirectory(prefix="dp-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A new_folder() for one test."""
    with new_folder() as made:
        yield made


@pytest.fixture
def data(folder: Path) -> DataDir:
    return DataDir.at(folder / "data").create()


@pytest.fixture
def demo(demo_trail: None, database_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings of a system with the demonstration trail in a database of the run's own server."""
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def supervisor(reports: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(reports.append, threading.Event())
    yield made
    made.stop_all()
