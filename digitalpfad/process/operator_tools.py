"""What the operator's page does on this machine: the doctor and the backup, as the commands that they are.

Each runs in a process of its own: a check that hangs, or a backup of hours, keeps no thread of the web process, and the
page says nothing that the command would not say.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
import structlog

from dashboards.operator_tools import BackupFile, BackupShelf, Checkup, ServerCheck
from digitalpfad import backup_folder, services
from digitalpfad.config.model import Settings, variable
from digitalpfad.data_directory.folder import DataDir
from geodata.errors import StartRefused
from geodata.messages.message import cut

_CHECKUP_S = 120.0
_BACKUP_S = 6 * 3600.0
_SAID = 500  # characters of what a command said when it failed

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class _CheckRecord(msgspec.Struct):
    """A line of ``doctor --json``."""

    check: str
    ok: bool
    found: str
    hint: str = ""


@dataclass(slots=True)
class _Known:
    """What the threads found."""

    checkup: Checkup | None = None
    is_checking: bool = False
    is_writing: bool = False
    backup_trouble: str = ""


class CommandTools:
    """The commands of this installation, run with the settings of this process."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], program: Sequence[str] = ()) -> None:
        self._settings = settings
        self._clock = clock
        self._program = tuple(program) or (sys.executable, "-m", "digitalpfad")
        self._lock = threading.Lock()
        self._known = _Known()

    def checkup(self) -> Checkup | None:
        """The last one; None before the first has ended."""
        return self._known.checkup

    @property
    def is_checking(self) -> bool:
        """Whether one is under way."""
        return self._known.is_checking

    def begin_checkup(self) -> None:
        """Begin one, unless one is under way."""
        with self._lock:
            if self._known.is_checking:
                return
            self._known.is_checking = True
        threading.Thread(target=self._look, name="operator-checkup", daemon=True).start()

    def _look(self) -> None:
        try:
            done = self._run(["doctor", "--json"], _CHECKUP_S)
            found = msgspec.json.decode(done.stdout, type=list[_CheckRecord])
            checks = [ServerCheck(each.check, each.ok, each.found, each.hint) for each in found]
            self._known.checkup = Checkup(self._clock(), checks)
        except (OSError, subprocess.TimeoutExpired, msgspec.MsgspecError) as error:
            _log.warning("operator-checkup-failed", error=str(error))
            self._known.checkup = Checkup(self._clock(), [], cut(str(error), _SAID))
        finally:
            self._known.is_checking = False

    def backups(self) -> BackupShelf:
        """Those that there are."""
        found: list[BackupFile] = []
        for path in backup_folder.files(self._settings):
            told = path.stat()
            found.append(BackupFile(path.name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC)))
        known = self._known
        return BackupShelf(backup_folder.folder(self._settings), found, known.is_writing, known.backup_trouble)

    @property
    def can_back_up(self) -> bool:
        """Whether the login of the database's owner is to be had here."""
        return services.owner_database_url(self._settings) is not None

    def begin_backup(self) -> bool:
        """Begin one; False while another is being written, by whichever process."""
        with self._lock, ExitStack() as stack:
            if self._known.is_writing:
                return False
            try:
                folder = backup_folder.made(self._settings)
            except StartRefused as error:
                self._known.backup_trouble = str(error)
                return True
            if not stack.enter_context(backup_folder.held(folder)):
                return False
            self._known.is_writing, self._known.backup_trouble = True, ""
            path = folder / backup_folder.new_name(self._clock())
            held = stack.pop_all()
        threading.Thread(target=self._write, args=(path, held), name="operator-backup", daemon=True).start()
        return True

    def _write(self, path: Path, held: ExitStack) -> None:
        try:
            with held:
                done = self._run(["backup", str(path), "--json"], _BACKUP_S)
            if done.returncode:
                self._known.backup_trouble = cut(done.stderr.decode(errors="replace").strip(), _SAID)
                _log.warning("operator-backup-failed", error=self._known.backup_trouble)
        except (OSError, subprocess.TimeoutExpired) as error:
            self._known.backup_trouble = cut(str(error), _SAID)
            _log.warning("operator-backup-failed", error=str(error))
        finally:
            self._known.is_writing = False

    def backup_file(self, name: str) -> Path:
        """Where the backup of this name lies; raises NotFound."""
        return backup_folder.find(self._settings, name)

    def free_bytes(self) -> int:
        """What is left on the disk of the data directory."""
        folder = DataDir.at(self._settings.data_dir).path
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def version(self) -> str:
        """Of Digitalpfad."""
        return version("digitalpfad")

    def _run(self, arguments: Sequence[str], longest_s: float) -> subprocess.CompletedProcess[bytes]:
        given = {variable("data_dir"): str(DataDir.at(self._settings.data_dir).path)}
        if (owner := services.owner_database_url(self._settings)) is not None:
            given |= {variable("database_url"): owner, f"{variable('database_url')}_FILE": ""}
        return subprocess.run(  # noqa: S603 - the installation's own command, no shell
            [*self._program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, **given},
            timeout=longest_s,
            check=False,
        )
