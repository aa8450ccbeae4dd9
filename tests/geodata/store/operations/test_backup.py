"""Backup and restore: every table as it was, on either layout and across them, or nothing at all."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psycopg
import pytest

from digitalpfad.backup import read
from digitalpfad.config import settings
from geodata.actions import load_bundle
from geodata.errors import InvalidInput, StoreError
from geodata.store.database import Database
from geodata.store.ingest import registry
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.transaction import write
from geodata.store.migrate import bundled_migrations, migrate
from geodata.store.operations import backup
from geodata.store.operations.backup import BackupRefused
from geodata.store.operations.restore import restore
from geodata.times import to_us
from tests.fixtures.databases.database import empty
from tests.geodata.flushes import NOW, Part, flush_of, refused


def fill(database: Database) -> None:
    """The bundled trail, a year of observations of one device, odd texts in the quarantine."""
    load_bundle.load_if_empty(database)
    with database.transaction() as connection:
        device = next(iter(registry.load(connection).devices))
        times = [NOW - timedelta(days=5 * number, microseconds=number) for number in range(80)]
        parts = [Part(device=device, time=time, result=1 / (3 + i)) for i, time in enumerate(times)]
        flush = flush_of(connection, [*parts, Part(device=device, prop="rain", result=None)])
        flush.received += 1
        detail = "tab\tline\nback\\slash «ü» \\N"
        flush.refused.append(refused(bytes(range(256)), detail=detail))
        write(connection, flush)
        connection.execute(
            "WITH anna AS (INSERT INTO staff (name, argon2) VALUES ('anna', 'x') RETURNING id)"
            " INSERT INTO staff_grant (staff, role) SELECT id, 'admin' FROM anna"
        )
        connection.execute("INSERT INTO report (id, kind, text) VALUES (gen_random_uuid(), 'tree', 'Baum')")
        connection.execute("INSERT INTO report_picture SELECT id, 2, 1, '\\xffd8' FROM report")
        connection.execute("INSERT INTO device_stay SELECT id, trail, station, now() FROM device LIMIT 1")


def tables(url: str) -> dict[str, list[str]]:
    """Every row of every table as text, sorted."""
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migration' ORDER BY 1"
            )
        ]
        return {
            name: sorted(row[0] for row in connection.execute(f"SELECT t::text FROM {name} AS t".encode()))
            for name in names
        }


def written(database: Database) -> io.BytesIO:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        backup.write(database, archive, NOW)
    return file


def put_back(url: str, file: io.BytesIO) -> None:
    with ZipFile(file) as archive:
        restore(url, archive)


def test_a_restored_database_is_the_one_that_was_backed_up(
    database: Database, database_url: str, empty_database_url: str
) -> None:
    fill(database)
    before = tables(database_url)
    assert len(before["observation"]) == 81
    put_back(empty_database_url, written(database))
    assert tables(empty_database_url) == before


def test_work_goes_on_in_a_restored_database(database: Database, empty_database_url: str) -> None:
    fill(database)
    put_back(empty_database_url, written(database))
    with Database(empty_database_url) as restored, restored.transaction() as connection:
        device = next(iter(registry.load(connection).devices))
        streams = registry.load(connection).devices[device].datastreams.values()
        assert registry.add_datastream(connection, device, "snr") not in streams  # numbers go on where they were
        again = flush_of(connection, [Part(device=device, time=NOW, result=1 / 3)])
        assert write(connection, again).duplicates == 1


def test_a_backup_moves_between_the_layouts_in_both_directions(
    database: Database, database_url: str, empty_database_url: str, migrated_timescale: str
) -> None:
    fill(database)
    before = tables(database_url)
    empty(migrated_timescale)
    put_back(migrated_timescale, written(database))
    assert tables(migrated_timescale) == before
    with Database(migrated_timescale, pool_size=1) as timescale:
        back = written(timescale)
    put_back(empty_database_url, back)
    assert tables(empty_database_url) == before


def test_what_is_written_during_a_backup_is_not_half_in_it(database: Database, empty_database_url: str) -> None:
    fill(database)
    file = io.BytesIO()

    class Disturbing(ZipFile):
        def open(self, name, mode="r", pwd=None, *, force_zip64=False):
            if mode == "w":
                with database.transaction() as connection:
                    write(connection, Flush("p", to_us(NOW), received=1, refused=[refused(str(name).encode())]))
            return super().open(name, mode, pwd, force_zip64=force_zip64)

    with Disturbing(file, "w") as archive:
        manifest = backup.write(database, archive, NOW)
    assert manifest.table("quarantine").rows == 1
    put_back(empty_database_url, file)


def test_a_database_with_rows_is_not_restored_into(database: Database, database_url: str) -> None:
    fill(database)
    before = tables(database_url)
    with pytest.raises(BackupRefused, match="not empty: there are rows in"):
        put_back(database_url, written(database))
    assert tables(database_url) == before


def changed(file: io.BytesIO, name: str, old: bytes, new: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with ZipFile(file) as source, ZipFile(made, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            assert entry != name or old in content
            target.writestr(entry, content.replace(old, new) if entry == name else content)
    return made


def test_a_changed_file_is_refused_and_nothing_is_written(database: Database, empty_database_url: str) -> None:
    fill(database)
    with pytest.raises(BackupRefused, match="rows of staff are not those that were written"):
        put_back(empty_database_url, changed(written(database), "staff.copy", b"anna", b"olga"))
    with pytest.raises(BackupRefused, match="newer or foreign release"):
        put_back(empty_database_url, changed(written(database), "manifest.json", b"0001_trail", b"0001_nail"))
    with pytest.raises(BackupRefused, match="reads 1"):
        put_back(empty_database_url, changed(written(database), "manifest.json", b'"format": 1', b'"format": 2'))
    assert tables(empty_database_url) == {}


def test_a_count_that_differs_undoes_the_restore(database: Database, empty_database_url: str) -> None:
    fill(database)
    more = changed(written(database), "manifest.json", b'"rows": 81,', b'"rows": 82,')
    with pytest.raises(StoreError, match="observation has 81 rows after the restore, 82 were written"):
        put_back(empty_database_url, more)
    assert {name for name, found in tables(empty_database_url).items() if found} == {"observed_property"}


def test_a_backup_of_an_older_release_is_read_and_brought_up_to_date(empty_database_url: str) -> None:
    migrate(empty_database_url, bundled_migrations()[:6])
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('lemgo', 'Lemgo')")
    with Database(empty_database_url) as old:
        file = written(old)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    put_back(empty_database_url, file)
    restored = tables(empty_database_url)
    assert restored["municipality"] == ["(lemgo,Lemgo,Europe/Berlin,{},5,hour,1,NW)"]
    assert restored["observation_horizon"] == []


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (lambda data: data[: len(data) // 2], "it is damaged or no zip at all"),
        (
            lambda data: data.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"),
            "it is locked|is locked with",
        ),
        (lambda data: data[:200] + data[204:], "damaged"),
        (lambda data: data.replace(b"manifest.json", b"manifesto.txt"), "There is no item named"),
    ],
    ids=["cut", "locked", "a piece missing", "no manifest"],
)
def test_a_damaged_backup_is_refused_in_a_sentence(
    database: Database, tmp_path: Path, fault: Callable[[bytes], bytes], sentence: str
) -> None:
    load_bundle.load_if_empty(database)
    (tmp_path / "b.zip").write_bytes(fault(written(database).getvalue()))
    with pytest.raises((InvalidInput, BackupRefused), match=sentence):
        read(settings.load(data_dir=tmp_path / "new")[0], tmp_path / "b.zip", print)
    assert not (tmp_path / "new").exists()


def test_a_manifest_without_end_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "b.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 50_000_000)
    with pytest.raises(BackupRefused, match=r"manifest\.json in it is more bytes than are unpacked"):
        read(settings.load(data_dir=tmp_path / "new")[0], tmp_path / "b.zip", print)


def test_a_restored_database_is_backed_up_at_once_and_gives_the_same_again(
    database: Database, database_url: str, empty_database_url: str
) -> None:
    fill(database)
    before, first = tables(database_url), written(database)
    put_back(empty_database_url, first)
    with Database(empty_database_url) as restored:
        second = written(restored)
    assert content(second) == content(first)
    assert tables(empty_database_url) == before


def content(file: io.BytesIO) -> dict[str, list[bytes]]:
    """The lines of each table, in any order."""
    with ZipFile(file) as archive:
        return {name: sorted(archive.read(name).splitlines()) for name in archive.namelist() if name.endswith(".copy")}
