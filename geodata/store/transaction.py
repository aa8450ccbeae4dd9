"""What functions with SQL take."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import TupleRow

Transaction = Connection[TupleRow]
"""An open connection within Database.transaction(): all that is done with it is kept, or nothing."""
