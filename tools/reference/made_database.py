"""A separate migrated database, for pages that are made from one."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import postgres
from digitalpfad.embedded.process import Supervisor
from geodata.store.migrate import migrate


@contextmanager
def migrated_database() -> Generator[str]:
    """URL of a migrated database in a PostgreSQL that runs as long as the block; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="digitalpfad-reference-") as folder:
        Path(folder).chmod(0o711)  # as root the server runs in a separate account, which has to pass
        data = DataDir.at(Path(folder, "data")).create()
        supervisor = Supervisor(print, threading.Event())
        with data.lock():
            server = postgres.prepare(data)
            try:
                server.start(supervisor)
                migrate(server.url)
                yield server.url
            finally:
                supervisor.stop_all()
                shutil.rmtree(server.cluster.parent, ignore_errors=True)  # elsewhere where the account gets not here
