"""A migration that databases have applied is never edited."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from geodata.store.migrate import Migration, bundled_migrations
from tests.checkout import ROOT

RELEASED_MIGRATIONS = ROOT / "geodata/store/migrations/released.sha256"
"""Lines ``checksum  name``, as sha256sum writes them, of the migrations that databases out there have applied."""


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [migration.name for migration in bundled_migrations()]
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.sql", name) for name in names)


def edited_since_release(released: str, bundled: list[Migration]) -> list[str]:
    """Names of the released migrations that are no longer what was released: edited, renamed, gone, or out of order."""
    lines = [line.split() for line in released.splitlines()]
    now = [[migration.checksum, migration.name] for migration in bundled]
    return [line[1] for i, line in enumerate(lines) if i >= len(now) or line != now[i]]


def test_a_released_migration_is_as_it_was_released() -> None:
    released, bundled = RELEASED_MIGRATIONS.read_text(), bundled_migrations()
    assert len(released.splitlines()) >= 23
    assert edited_since_release(released, bundled) == [], "databases have applied it: write a new migration"
    top = re.search(r"^## .*", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    if top is None or "unreleased" not in top[0]:
        assert len(released.splitlines()) == len(bundled), "a release names its migrations in released.sha256"


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, sql=one.sql + " "),
        lambda one: replace(one, name="0002_other.sql"),
        lambda one: replace(one, number=99, sql="SELECT 1"),
    ],
)
def test_a_released_migration_that_is_edited_is_found(change: Callable[[Migration], Migration]) -> None:
    first, second, *others = bundled_migrations()
    released = RELEASED_MIGRATIONS.read_text()
    assert edited_since_release(released, [first, change(second), *others]) == [second.name]
    assert edited_since_release(released, [first, *others])[0] == second.name, "one that is gone"
