"""Read a backup into an empty database: all of it, counted again, or nothing."""

from __future__ import annotations

from zipfile import ZipFile

from psycopg import sql

from geodata.errors import StoreError
from geodata.messages.message import message
from geodata.store.database import Database
from geodata.store.migrate import bundled_migrations, migrate
from geodata.store.operations.backup import BackupRefused, BackupTable, Manifest, read_manifest, rows_of
from geodata.store.transaction import Transaction

_FILLED_BY_MIGRATING = "observed_property"


def restore(url: str, archive: ZipFile) -> Manifest:
    """Bring the database to the backup's schema, read the rows in, then bring it up to date.

    Raises BackupRefused when the file is damaged or the database is not empty, StoreError when a count differs.
    """
    manifest = read_manifest(archive)
    with Database(url, pool_size=1, statement_timeout_s=0, name="digitalpfad restore") as database:
        with database.transaction() as connection:
            _refuse_other_schema(connection, manifest)
        migrate(url, bundled_migrations()[: len(manifest.migrations)])
        with database.transaction() as connection:
            _refuse_rows(connection, manifest)
            _fill(connection, archive, manifest)
        migrate(url)
    return manifest


def _refuse_other_schema(connection: Transaction, manifest: Manifest) -> None:
    there = connection.execute("SELECT to_regclass('schema_migration') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return
    applied = dict(connection.execute("SELECT name, checksum FROM schema_migration ORDER BY number").fetchall())
    if applied != manifest.migrations:
        raise BackupRefused(
            f"The database has {len(applied)} migrations, the backup {len(manifest.migrations)}: restore into a new"
            " database without tables."
        )


def _refuse_rows(connection: Transaction, manifest: Manifest) -> None:
    for table in manifest.tables:
        if table.name != _FILLED_BY_MIGRATING and _count(connection, table) > 0:
            raise BackupRefused(
                message(
                    "The database is not empty: there are rows in {table}. Restore into a new database, or with an"
                    " empty {option[data-dir]}.",
                    table=table.name,
                )
            )


def _fill(connection: Transaction, archive: ZipFile, manifest: Manifest) -> None:
    connection.execute("SET LOCAL datestyle = 'ISO'")
    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(_FILLED_BY_MIGRATING)))
    if manifest.first_observation is not None:
        connection.execute(
            "SELECT ensure_observation_partitions(%s, %s)", [manifest.first_observation, manifest.last_observation]
        )
    for table in manifest.tables:
        _copy(connection, archive, table)
    for table in manifest.tables:
        if (count := _count(connection, table)) != table.rows:
            raise StoreError(f"{table.name} has {count} rows after the restore, {table.rows} were written: undone.")
    connection.execute("ANALYZE")


def _copy(connection: Transaction, archive: ZipFile, table: BackupTable) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with connection.cursor().copy(statement) as copy:
        for chunk in rows_of(archive, table.name):
            copy.write(chunk)
    for (column,) in connection.execute(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''", [table.name]
    ).fetchall():
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), coalesce(max({0}) + 1, 1), false) FROM {1}").format(
                sql.Identifier(column), sql.Identifier(table.name)
            ),
            [table.name, column],
        )


def _count(connection: Transaction, table: BackupTable) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))).fetchone()
    return int(row[0]) if row else 0
