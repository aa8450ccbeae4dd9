"""Backup and restore of a whole installation, with the embedded database running or not."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import AlreadyRunning, DataDir
from digitalpfad.embedded import postgres
from digitalpfad.embedded.process import Supervisor
from digitalpfad.noting import note
from geodata.errors import InvalidInput
from geodata.security import unpacking
from geodata.security.unpacking import BadArchive
from geodata.store.database import Database
from geodata.store.operations import backup
from geodata.store.operations.backup import Manifest
from geodata.store.operations.restore import restore
from geodata.vocabulary.audit import Action

_WRITTEN = "a file that 'digitalpfad backup' wrote"


def write(settings: Settings, path: Path, now: datetime, say: Callable[[str], None]) -> Manifest:
    """Write a backup to ``path``, readable by its owner alone, whole or not at all; never over another file."""
    if path.exists():
        raise InvalidInput("FILE", str(path), "a name that is not taken", "Backups are never overwritten.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise InvalidInput("FILE", str(path), "a place where a file can be written", f"{error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            with (
                _database_url(settings, say) as url,
                Database(url, pool_size=1, statement_timeout_s=0, name="digitalpfad backup") as database,
                ZipFile(file, "w", ZIP_DEFLATED) as archive,
            ):
                manifest = backup.write(database, archive, now)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def read(settings: Settings, path: Path, say: Callable[[str], None]) -> Manifest:
    """Restore a backup into an empty database; an embedded one is made where there is none."""
    try:
        with unpacking.opened(path) as archive:
            backup.read_manifest(archive)  # before a database is made for it
            with _database_url(settings, say, make=True) as url:
                manifest = restore(url, archive)
                with Database(url, pool_size=1) as database, database.transaction() as connection:
                    note(connection, Action.RESTORE, f"{path.name}, written {manifest.created_at:%FT%TZ}")
                return manifest
    except BadArchive as error:
        raise InvalidInput("FILE", str(path), _WRITTEN, f"{backup.refused(error)}") from error
    except OSError as error:
        raise InvalidInput("FILE", str(path), _WRITTEN, f"{error}.") from error


@contextmanager
def _database_url(settings: Settings, say: Callable[[str], None], *, make: bool = False) -> Generator[str]:
    """The owner's address; the embedded database runs for the while where `up` does not run it."""
    if settings.database_url is not None or not (make or DataDir.at(settings.data_dir).path.exists()):
        yield services.database_url(settings)
        return
    data = DataDir.at(settings.data_dir).create()
    if not make and not postgres.is_made(data):
        services.known_database_url(settings)  # refuses: there never was a database
    with ExitStack() as stack:
        try:
            stack.enter_context(data.lock())
        except AlreadyRunning:
            yield services.database_url(settings)
            return
        supervisor = Supervisor(say, threading.Event())
        stack.callback(supervisor.stop_all)
        server = postgres.prepare(data)
        server.start(supervisor)
        yield server.url
