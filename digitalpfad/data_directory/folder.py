"""The data directory: one running system per directory, secrets readable by their owner alone."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from geodata.errors import StartRefused
from geodata.text.broken import HALF_LETTERS

MAINTENANCE = "maintenance.json"
_OURS = ("lock", MAINTENANCE)
"""A folder with one of them is a data directory; another account may have made it."""
_TRIES, _PAUSE_S = 5, 0.02


class AlreadyRunning(StartRefused):
    """Another process holds the data directory."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """Where a system keeps what is its own; ``path`` is absolute."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> DataDir:
        """The directory at ``path``, made absolute; nothing is created.

        Raises StartRefused for a name that is no text: database and broker keep it in their own files.
        """
        absolute = path.expanduser().resolve()
        if HALF_LETTERS.search(str(absolute)):
            raise StartRefused(
                f"The data directory {str(absolute)!a} has a name that is no UTF-8 text. Rename the folder, or choose"
                " another with --data-dir or DIGITALPFAD_DATA_DIR."
            )
        return cls(absolute)

    def create(self) -> DataDir:
        """Make the directory if it is missing; raise StartRefused when it cannot be used or is someone else's."""
        try:
            if not self.path.exists():
                self.path.mkdir(mode=0o700, parents=True)
                if os.geteuid() == 0:  # the database runs in a separate account, which has to pass; files are 0600
                    self.path.chmod(0o711)
            elif not (self.path / "lock").exists() and any(self.path.iterdir()):
                raise StartRefused(
                    f"{self.path} is not empty and no data directory of Digitalpfad. Choose an empty or new folder with"
                    " --data-dir or DIGITALPFAD_DATA_DIR."
                )
            (self.path / "lock").touch(mode=0o600)
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StartRefused(
                f"The data directory {self.path} cannot be used: {error.strerror}. {_hint(error)}"
            ) from error
        return self

    @property
    def logs(self) -> Path:
        """The folder of the children's log files."""
        return self.path / "log"

    @property
    def backups(self) -> Path:
        """The folder of backups that were asked for without a place of their own."""
        return self.path / "backups"

    @property
    def mail(self) -> Path:
        """The folder of mails to staff, where no mail server is set."""
        return self.path / "mail"

    def scans(self) -> Path:
        """The folder of the web process's journals of scans, made if it is missing; raises as create() does.

        A backup leaves them out: within seconds what they hold is in the database.
        """
        path = self.path / "scans"
        try:
            if not path.is_dir():
                if not any((self.path / name).exists() for name in _OURS):
                    self.create()
                path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _unusable(path, error) from error
        return path

    @contextmanager
    def lock(self) -> Generator[None]:
        """Hold the directory for this process; raise AlreadyRunning, naming the other process, when it is taken.

        Also raises StartRefused when anything in the directory turns out to be unusable while it is held.
        """
        try:
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unusable(self.path / "lock", error) from error
        try:
            try:
                _take(descriptor)
            except BlockingIOError as error:
                holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
                raise AlreadyRunning(
                    f"Digitalpfad already runs with the data directory {self.path} (process {holder}). Stop it first,"
                    " or give this one another --data-dir."
                ) from error
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield
        except OSError as error:
            path = Path(str(error.filename))
            if not path.is_relative_to(self.path):
                raise
            raise _unusable(path, error) from error
        finally:
            os.close(descriptor)

    def is_held(self) -> bool:
        """Whether a process holds lock() now, as a running `up` does."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def read(self, name: str) -> str | None:
        """The text kept under ``name``, or None; raise StartRefused when it may not be read."""
        try:
            return (self.path / name).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(self.path / name, error) from error
        except UnicodeDecodeError as error:
            raise StartRefused(
                f"{self.path / name} is damaged: it is no UTF-8 text. Restore it from a backup of the folder, or start"
                " with an empty --data-dir."
            ) from error

    def write_secret(self, name: str, text: str) -> Path:
        """Keep ``text`` under ``name``, readable by its owner alone; whole or not at all."""
        return write_secret(self.path / name, text)

    def keep(self, name: str, make: Callable[[], str]) -> str:
        """The secret under ``name``; made once and kept."""
        secret = self.read(name)
        if secret:
            return secret
        new_secret = make()
        self.write_secret(name, new_secret)
        return new_secret

    def remove(self, name: str) -> None:
        """Forget what is kept under ``name``; nothing there is fine."""
        (self.path / name).unlink(missing_ok=True)


def _take(descriptor: int) -> None:
    """Take the lock; somebody who asks is_held() has it for an instant too. Raises BlockingIOError."""
    for _ in range(_TRIES - 1):
        with suppress(BlockingIOError):
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(_PAUSE_S)
    return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_secret(path: Path, text: str) -> Path:
    """Write ``text`` to ``path`` with mode 0600, whole or not at all, and return the path.

    Raises StartRefused, naming the path, when it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        return unfinished.replace(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> StartRefused:
    return StartRefused(f"{path} cannot be used: {error.strerror}. {_hint(error)}")


def _hint(error: OSError) -> str:
    elsewhere = "or choose another folder with --data-dir or DIGITALPFAD_DATA_DIR."
    match error:
        case IsADirectoryError():
            return f"A file was expected: move the folder away, {elsewhere}"
        case NotADirectoryError() | FileExistsError():
            return f"A folder was expected: move the file away, {elsewhere}"
        case PermissionError():
            return f"Run this as the account that started Digitalpfad and let it write there, {elsewhere}"
        case _:
            return f"Mend the disk or make room on it, {elsewhere}"
