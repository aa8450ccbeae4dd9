"""Bring the schema up to date: numbered files, each once, in one transaction, under a lock.

An applied file may never change: its checksum is kept and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources

import psycopg

from geodata.errors import MigrationError
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store import roles
from geodata.store.catalogue.properties import add_missing
from geodata.store.database import check_url, translated
from geodata.store.transaction import Transaction

_LOCK = 0x6469_6769  # "digi": two services that start together migrate one after the other
_MINIMUM_TIMESCALE = (2, 18, 1)  # before it ON CONFLICT DO NOTHING lost rows on compressed chunks
_NOT_LOADED = "must be preloaded"  # TimescaleDB's words; it ends the session with them
_LOAD_IT = (
    "TimescaleDB is installed on this server but not loaded. Add timescaledb to shared_preload_libraries in"
    " postgresql.conf (its command timescaledb-tune does so), restart PostgreSQL, then migrate again."
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One file ``NNNN_purpose.sql``."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def bundled_migrations() -> list[Migration]:
    """The migrations of this release, in order; raise MigrationError at a gap or a doubled number."""
    files = sorted(
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in resources.files("geodata.store").joinpath("migrations").iterdir()
        if entry.name.endswith(".sql")
    )
    migrations = [Migration(int(name[:4]), name, text) for name, text in files]
    if [migration.number for migration in migrations] != list(range(1, len(migrations) + 1)):
        raise MigrationError(f"Migration numbers are not 1 to {len(migrations)}: {[name for name, _ in files]}.")
    return migrations


def migrate(url: str, migrations: list[Migration] | None = None) -> list[str]:
    """Apply what is missing and return the names of the files applied; nothing to do is fine.

    Raises MigrationError when an applied file was edited or the database is newer than this release.
    """
    wanted = bundled_migrations() if migrations is None else migrations
    with (
        translated(),
        _load_explained(),
        psycopg.connect(check_url(url), autocommit=True, options="-c timezone=UTC") as connection,
    ):
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            _prepare(connection)
            missing = _missing(connection, wanted)
            for migration in missing:
                _apply(connection, migration)
            if len(wanted) >= len(bundled_migrations()):  # an older schema lacks tables that they speak of
                with connection.transaction():
                    add_missing(connection, STANDARD_PROPERTIES)
                    roles.grant(connection)
        finally:
            if not connection.closed:
                connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return [migration.name for migration in missing]


def pending(connection: Transaction) -> list[str]:
    """Names of the bundled migrations that this database has not seen."""
    if not _has_table(connection):
        return [migration.name for migration in bundled_migrations()]
    return [migration.name for migration in _missing(connection, bundled_migrations())]


@contextmanager
def _load_explained() -> Generator[None]:
    """Say what to do where the extension is there, but the server was started without it."""
    try:
        yield
    except (psycopg.Error, MigrationError) as error:
        if _NOT_LOADED in str(error):
            raise MigrationError(_LOAD_IT) from error
        raise


def _prepare(connection: Transaction) -> None:
    if not _has_table(connection):
        _enable_timescale(connection)
        connection.execute(
            "CREATE TABLE schema_migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )


def _has_table(connection: Transaction) -> bool:
    row = connection.execute("SELECT to_regclass('schema_migration') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])


def _enable_timescale(connection: Transaction) -> None:
    """Use TimescaleDB where it is available: the layout of the observations is decided once, at the beginning."""
    row = connection.execute(
        "SELECT coalesce(installed_version, default_version) FROM pg_available_extensions WHERE name = 'timescaledb'"
    ).fetchone()
    if row is None:
        return
    version = tuple(int(part) for part in str(row[0]).split("-")[0].split("."))
    if version < _MINIMUM_TIMESCALE:
        raise MigrationError(
            f"TimescaleDB {row[0]} can lose rows at repeated deliveries: install 2.18.1 or newer, or remove it from"
            " this server's extensions."
        )
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            "TimescaleDB is installed on this server, but this login may not enable it. Let a superuser run"
            " 'CREATE EXTENSION timescaledb' in this database, then migrate again."
        ) from error


def _missing(connection: Transaction, wanted: list[Migration]) -> list[Migration]:
    applied = {
        int(number): (str(name), str(checksum))
        for number, name, checksum in connection.execute("SELECT number, name, checksum FROM schema_migration")
    }
    by_number = {migration.number: migration for migration in wanted}
    for number, (name, checksum) in sorted(applied.items()):
        migration = by_number.get(number)
        if migration is None:
            raise MigrationError(
                f"This database has migration {name}, which this release does not know: install the newer release."
            )
        if migration.checksum != checksum:
            raise MigrationError(
                f"Migration {migration.name} was edited after it had been applied. Undo the edit and write a new file."
            )
    return [migration for migration in wanted if migration.number not in applied]


def _apply(connection: Transaction, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO schema_migration (number, name, checksum) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.checksum],
            )
    except psycopg.Error as error:
        reason = error.diag.message_primary or str(error)
        raise MigrationError(f"Migration {migration.name} failed and was undone: {reason}") from error
