"""What a municipality is called and who runs its trails, as operators change it."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from geodata.errors import NotFound
from geodata.model.operator import Operator, record
from geodata.store.transaction import Transaction


def set_operator(connection: Transaction, slug: str, operator: Operator) -> None:
    """Replace the municipality's own lines of the legal pages; raises NotFound."""
    row = connection.execute(
        "UPDATE municipality SET operator = %s WHERE slug = %s RETURNING slug", [Jsonb(record(operator)), slug]
    ).fetchone()
    if row is None:
        raise NotFound("municipality", slug)


def rename(connection: Transaction, slug: str, *, name: str = "", timezone: str = "", land: str = "") -> None:
    """Give it another full name, time zone or Land; what is empty stays. Raises NotFound."""
    row = connection.execute(
        "UPDATE municipality SET name = coalesce(nullif(%s, ''), name), timezone = coalesce(nullif(%s, ''), timezone),"
        " land = coalesce(nullif(%s, ''), land) WHERE slug = %s RETURNING slug",
        [name, timezone, land, slug],
    ).fetchone()
    if row is None:
        raise NotFound("municipality", slug)
