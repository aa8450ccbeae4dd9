"""What the operator's page asks of the machine it runs on; whoever starts the web process gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """What one check of the server found, in the English of the command line; ``hint`` is empty where it is ``ok``."""

    check: str
    ok: bool
    found: str
    hint: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """All checks at a time; ``trouble`` says why there are none."""

    at: datetime
    checks: Sequence[ServerCheck]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup as it lies on the server."""

    name: str
    bytes: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class BackupShelf:
    """The backups in ``folder``, the newest first; ``trouble`` says why the last one that was asked for failed."""

    folder: Path
    files: Sequence[BackupFile]
    is_writing: bool
    trouble: str = ""


class OperatorTools(Protocol):
    """The machine, as far as the page needs it. Nothing here waits: what takes long is begun and looked at later."""

    def checkup(self) -> Checkup | None:
        """The last one; None before the first has ended."""
        ...

    def begin_checkup(self) -> None:
        """Begin one, unless one is under way."""
        ...

    @property
    def is_checking(self) -> bool:
        """Whether one is under way."""
        ...

    def backups(self) -> BackupShelf:
        """Those that there are."""
        ...

    @property
    def can_back_up(self) -> bool:
        """Whether backups can be made from here at all."""
        ...

    def begin_backup(self) -> bool:
        """Begin one; False while another is being written, by whichever process."""
        ...

    def backup_file(self, name: str) -> Path:
        """Where the backup of this name lies; raises NotFound."""
        ...

    def free_bytes(self) -> int:
        """What is left on the disk of the data directory."""
        ...

    def version(self) -> str:
        """Of Digitalpfad."""
        ...
