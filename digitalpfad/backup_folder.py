"""The folder of backups: where they are written if nobody says otherwise, one at a time."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from geodata.errors import NotFound, StartRefused

_NAME = re.compile(r"digitalpfad-\d{8}T\d{6}Z\.zip")
_LOCK = ".lock"


def folder(settings: Settings) -> Path:
    """Its absolute path; it need not be there."""
    return settings.backup_dir.expanduser().resolve() if settings.backup_dir else DataDir.at(settings.data_dir).backups


def made(settings: Settings) -> Path:
    """The folder, made for its owner alone where it is missing; raises StartRefused where it cannot be."""
    path = folder(settings)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartRefused(f"The folder of backups {path} cannot be made: {error.strerror}.") from error
    return path


def new_name(now: datetime) -> str:
    """``digitalpfad-20261130T160000Z.zip``."""
    return f"digitalpfad-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"


def files(settings: Settings) -> Sequence[Path]:
    """The finished backups that new_name() named, the newest first."""
    path = folder(settings)
    if not path.is_dir():
        return []
    return sorted((file for file in path.iterdir() if _NAME.fullmatch(file.name)), reverse=True)


def find(settings: Settings, name: str) -> Path:
    """The backup of this name; raises NotFound, also for a name that would lead out of the folder."""
    found = next((file for file in files(settings) if file.name == name), None)
    if found is None:
        raise NotFound("backup", name)
    return found


@contextmanager
def held(path: Path) -> Generator[bool]:
    """Hold the folder for writing one backup, against every process of this machine; False where another holds it."""
    descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
