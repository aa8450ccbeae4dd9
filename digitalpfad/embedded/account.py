"""The account that PostgreSQL runs in when Digitalpfad is started as root, which PostgreSQL refuses."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from geodata.errors import StartRefused

_CANDIDATES = ("digitalpfad", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account without rights of its own on this machine."""

    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether a process of this account may pass through ``folder``; tried, since ACLs and mounts count too."""
        return self.succeeds(["/usr/bin/test", "-x", str(folder)])

    def succeeds(self, command: list[str]) -> bool:
        """Whether ``command`` runs in this account and ends with 0."""
        try:
            ended = subprocess.run(  # noqa: S603 - programs of ours and of the system, no shell
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                timeout=20,
            )
        except OSError:
            return False
        return ended.returncode == 0

    def own(self, path: Path) -> None:
        """Give ``path``, made by us, to this account."""
        os.chown(path, self.uid, self.gid)


def unprivileged_account() -> Account | None:
    """The account to drop to as root, or None when this process is not root's."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise StartRefused(
        "PostgreSQL does not run as root, and none of the accounts digitalpfad, postgres and nobody exists here."
        " Create one (adduser --system --group digitalpfad), or start Digitalpfad as another user."
    )


def account_of(uid: int) -> Account:
    """The account with this id; raise StartRefused when it has no entry, which PostgreSQL needs."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise StartRefused(f"The database's folder belongs to the account {uid}, which does not exist here.") from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
