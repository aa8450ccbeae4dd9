"""docs/database.md is drawn from a migrated database, and every table says in it what it holds."""

from __future__ import annotations

import psycopg

from geodata.store.database import Database
from tests.docs.committed import assert_committed
from tools.reference import database as page
from tools.reference import schema


def test_the_page_of_the_database_is_what_a_migrated_one_says(database_url: str) -> None:
    assert_committed("database", page.page_of(database_url))


def test_every_table_says_what_it_holds_and_stands_in_one_part_of_the_page(any_database: Database) -> None:
    with any_database.transaction() as connection:
        tables = schema.read(connection)
    assert [table.name for table in tables.values() if not table.comment] == []
    grouped = [name for _, _, names in page.GROUPS for name in names]
    assert sorted(grouped) == sorted(tables)


def test_a_new_column_makes_the_page_untrue(database_url: str) -> None:
    before = page.page_of(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE station ADD COLUMN bench boolean")
        connection.execute("COMMENT ON COLUMN station.bench IS 'Whether one can sit there'")
    added = set(page.page_of(database_url).splitlines()) - set(before.splitlines())
    assert added == {"        boolean bench", "| `station.bench` | Whether one can sit there |"}
