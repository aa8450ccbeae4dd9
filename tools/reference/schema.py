"""The tables of a migrated database as its own catalogue tells of them: columns, keys, comments, rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import LiteralString

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.store import roles

_OURS: LiteralString = (
    "relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
)
_TABLES: LiteralString = (
    f"SELECT relname::text, coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class WHERE {_OURS} ORDER BY relname"
)
_COLUMNS: LiteralString = (
    "SELECT relname::text, attname::text, format_type(atttypid, atttypmod), attnotnull,"
    " coalesce(col_description(attrelid, attnum), '') FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
    f" WHERE {_OURS} AND attnum > 0 AND NOT attisdropped ORDER BY relname, attnum"
)
_KEYS: LiteralString = (
    "SELECT relname::text, contype::text, confrelid::regclass::text,"
    " ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)"
    " JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place)"
    " FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
    f" WHERE contype IN ('p', 'u', 'f') AND {_OURS} ORDER BY relname, conname"
)
_RIGHTS: LiteralString = (
    "SELECT relname::text, lower(privilege_type) FROM pg_class, aclexplode(relacl)"
    f" WHERE grantee = to_regrole(%s) AND {_OURS} ORDER BY relname"
)
_FUNCTIONS: LiteralString = (
    "SELECT proname::text, coalesce(obj_description(oid, 'pg_proc'), ''),"
    " ARRAY(SELECT grantee::regrole::text FROM aclexplode(proacl) WHERE grantee <> proowner ORDER BY 1) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY proname"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``type`` as SQL names it."""

    name: str
    type: str
    is_required: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that name a row of another table."""

    columns: tuple[str, ...]
    table: str


@dataclass(slots=True)
class Table:
    """A table; ``rights`` are those of the services, by role."""

    name: str
    comment: str
    columns: list[Column] = field(default_factory=list[Column])
    primary: tuple[str, ...] = ()
    unique: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    references: list[Reference] = field(default_factory=list[Reference])
    rights: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def column(self, name: str) -> Column:
        """One of its columns; raises StopIteration for a name that it has not."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class Function:
    """A function that works with the owner's rights, and the roles that may call it."""

    name: str
    comment: str
    roles: tuple[str, ...]


def functions(connection: Connection[TupleRow]) -> list[Function]:
    """All that work with the owner's rights, by name."""
    return [Function(name, comment, tuple(callers)) for name, comment, callers in connection.execute(_FUNCTIONS)]


def read(connection: Connection[TupleRow]) -> dict[str, Table]:
    """All tables by their names, without partitions and what extensions bring."""
    tables = {name: Table(name, comment) for name, comment in connection.execute(_TABLES)}
    for table, name, kind, is_required, comment in connection.execute(_COLUMNS):
        tables[table].columns.append(Column(name, kind, is_required, comment))
    for table, kind, referred, columns in connection.execute(_KEYS):
        if kind == "p":
            tables[table].primary = tuple(columns)
        elif kind == "u":
            tables[table].unique.append(tuple(columns))
        else:
            tables[table].references.append(Reference(tuple(columns), referred))
    for role in (roles.GATEWAY, roles.WEB):
        for table, right in connection.execute(_RIGHTS, [role]):
            tables[table].rights.setdefault(role, set()).add(right)
    return tables
