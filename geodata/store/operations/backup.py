"""A backup: the rows of every table as text in one zip file, with a manifest that says what must be in it.

It depends on neither the layout (monthly partitions or TimescaleDB) nor the version of the server: what was written on
the one can be read in on the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from graphlib import TopologicalSorter
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
from psycopg import sql

from geodata.errors import DigitalpfadError
from geodata.security import unpacking
from geodata.security.unpacking import BadArchive
from geodata.store.database import Database
from geodata.store.migrate import bundled_migrations
from geodata.store.transaction import Transaction

FORMAT = 1
_MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 1 << 20
_LEFT_OUT = ["schema_migration", "staff_session", "broker_session"]
"""The first is in the manifest; logins end with the old database; a copy must not end the original's sessions."""


class BackupRefused(DigitalpfadError):
    """A file is no backup that this release can read, or cannot be read in here; the message says why."""


class BackupTable(msgspec.Struct, frozen=True):
    """What the file holds of one table; ``sha256`` is of the unpacked rows."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What the file holds; ``tables`` in an order in which each refers to earlier ones only."""

    format: int
    created_at: datetime
    migrations: dict[str, str]
    """Name to checksum, in order."""
    first_observation: datetime | None
    last_observation: datetime | None
    tables: list[BackupTable]

    def table(self, name: str) -> BackupTable:
        """One table of the manifest."""
        return next(table for table in self.tables if table.name == name)


def member(table: str) -> str:
    """The name of a table's rows within the file."""
    return f"{table}.copy"


def write(database: Database, archive: ZipFile, now: datetime) -> Manifest:
    """Write all rows as they are at one moment, whatever is written meanwhile."""
    with database.transaction() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL datestyle = 'ISO'")
        tables = [_write_table(connection, archive, name, columns) for name, columns in _tables(connection)]
        span = connection.execute("SELECT min(phenomenon_time), max(phenomenon_time) FROM observation").fetchone()
        applied = connection.execute("SELECT name, checksum FROM schema_migration ORDER BY number")
        first, last = span or (None, None)
        manifest = Manifest(FORMAT, now, dict(applied.fetchall()), first, last, tables)
    archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)), ZIP_DEFLATED)
    return manifest


def read_manifest(archive: ZipFile) -> Manifest:
    """The manifest, after all of the file was compared with it; raise BackupRefused."""
    try:
        written = b"".join(unpacking.pieces(archive, archive.getinfo(_MANIFEST), _LONGEST_MANIFEST))
        manifest = msgspec.json.decode(written, type=Manifest)
        if manifest.format != FORMAT:
            raise BackupRefused(f"The backup has format {manifest.format}, this release reads {FORMAT}.")
        for table in manifest.tables:
            digest = hashlib.sha256()
            for chunk in rows_of(archive, table.name):
                digest.update(chunk)
            if digest.hexdigest() != table.sha256:
                raise BackupRefused(f"The rows of {table.name} are not those that were written: take another backup.")
    except BadArchive as error:
        raise refused(error) from error
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BackupRefused(f"The file is no backup of Digitalpfad, or is damaged: {error}.") from error
    checksums = {migration.name: migration.checksum for migration in bundled_migrations()[: len(manifest.migrations)]}
    if manifest.migrations != checksums:
        raise BackupRefused("The backup comes from a newer or foreign release: install that release to read it.")
    return manifest


def rows_of(archive: ZipFile, table: str) -> Iterator[bytes]:
    """A table's rows, unpacked, piece by piece; KeyError and BadArchive where they cannot be."""
    rows = archive.getinfo(member(table))
    return unpacking.pieces(archive, rows, rows.file_size)


def refused(error: BadArchive) -> BackupRefused:
    """What to say of a file that cannot be unpacked."""
    named = f"{error.member} in it is" if error.member else "it is"
    return BackupRefused(f"The file is no backup of Digitalpfad, or is damaged: {named} {error.fault.value}.")


def _tables(connection: Transaction) -> list[tuple[str, list[str]]]:
    """Tables with their columns, each after those it refers to."""
    columns = {
        str(name): list[str](names)
        for name, names in connection.execute(
            """
            SELECT relname, array_agg(attname::text ORDER BY attnum)
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND relname <> ALL (%s)
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
            GROUP BY relname ORDER BY relname
            """,
            [_LEFT_OUT],
        )
    }
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(columns, ()))
    for child, parent in connection.execute(
        "SELECT child.relname::text, parent.relname::text FROM pg_constraint JOIN pg_class AS child"
        " ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid WHERE contype = 'f'"
    ):
        if child in columns and parent in columns and child != parent:
            order.add(child, parent)
    return [(name, columns[name]) for name in order.static_order()]


def _write_table(connection: Transaction, archive: ZipFile, name: str, columns: list[str]) -> BackupTable:
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(name)
    )
    digest, rows = hashlib.sha256(), 0
    with connection.cursor().copy(statement) as copy, archive.open(member(name), "w", force_zip64=True) as file:
        for chunk in copy:
            digest.update(chunk)
            file.write(chunk)
            rows += bytes(chunk).count(b"\n")  # line ends within a value are escaped
    return BackupTable(name, columns, rows, digest.hexdigest())
