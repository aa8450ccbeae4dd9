"""What functions with SQL take."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import TupleRow

Transaction = Connection[TupleRow]
"""An open connection within Database.transaction(): all that is done with it is kept, or nothing."""


def see_one_moment(connection: Transaction) -> None:
    """Have all that follows, from the transaction's first statement on, see the database as it is at that moment."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
