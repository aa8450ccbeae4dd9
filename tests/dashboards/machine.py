"""A machine for the operator's page that does at once what it is asked to, and remembers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dashboards.operator_tools import BackupFile, BackupShelf, Checkup
from geodata.errors import NotFound

BACKUP = "digitalpfad-20261130T160000Z.zip"


@dataclass
class Machine:
    """``known`` are the backups that can be taken elsewhere, by name."""

    known: dict[str, Path] = field(default_factory=lambda: {BACKUP: Path(__file__)})
    files: list[BackupFile] = field(default_factory=list[BackupFile])
    found: Checkup | None = None
    begun: list[str] = field(default_factory=list[str])
    is_checking: bool = False
    is_busy: bool = False
    can_back_up: bool = True

    def checkup(self) -> Checkup | None:
        return self.found

    def begin_checkup(self) -> None:
        self.begun.append("checkup")

    def backups(self) -> BackupShelf:
        return BackupShelf(Path("/srv/backups"), self.files, is_writing=False)

    def begin_backup(self) -> bool:
        self.begun.append("backup")
        return not self.is_busy

    def backup_file(self, name: str) -> Path:
        if name not in self.known:
            raise NotFound("backup", name)
        return self.known[name]

    def free_bytes(self) -> int:
        return 12_000_000_000

    def version(self) -> str:
        return "0.9.1"
