"""What an observed property is called now that was called otherwise before."""

from __future__ import annotations

from geodata.errors import NotFound
from geodata.store.transaction import Transaction


def current_id(connection: Transaction, name: str) -> str:
    """The id of the property that is called ``name`` or was once. Raises NotFound."""
    found = connection.execute(
        "SELECT id FROM observed_property WHERE id = %s OR %s = ANY(aliases) ORDER BY id <> %s LIMIT 1", [name] * 3
    ).fetchone()
    if found is None:
        raise NotFound("observed property", name)
    return str(found[0])
