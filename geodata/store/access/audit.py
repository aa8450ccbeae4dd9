"""The audit log. It is added to in the transaction of the change that it tells of, and changed by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.messages.message import cut
from geodata.store.transaction import Transaction
from geodata.text.broken import is_one_line
from geodata.vocabulary.audit import LONGEST, LONGEST_CHANGE, Action, AuditFilter, Entry, Origin, Outcome

_ENTRY: LiteralString = (
    "SELECT id, at, last_at, origin, actor, action, object, outcome, count, was, became, municipality FROM audit"
)


def by_command(connection: Transaction, account: str, action: Action, object_: str) -> None:
    """Write down what an ``account`` of the operating system did with a command."""
    connection.execute(
        "INSERT INTO audit (origin, actor, action, object, outcome) VALUES (%s, %s, %s, %s, %s)",
        [Origin.COMMAND_LINE, one_line(account), action, one_line(object_), Outcome.DONE],
    )


def by_staff(
    connection: Transaction,
    name: str,
    action: Action,
    object_: str = "",
    *,
    before: str = "",
    after: str = "",
    municipality: str | None = None,
) -> None:
    """Write down what somebody who is signed in did on the staff pages.

    ``before`` and ``after`` say what the change was about: a value, or a text of several lines; long ones are cut.
    ``municipality`` is the slug of whose it is: its admins read the entry.
    """
    connection.execute(
        "SELECT audit_done(%s, %s, %s, %s, %s, %s)",
        [one_line(name), action, one_line(object_), _lines(before), _lines(after), municipality],
    )


def count_refusal(connection: Transaction, name: str, action: Action, object_: str = "") -> None:
    """Count what was refused to ``name``, a login or not, on the staff pages; by the hour."""
    connection.execute("SELECT audit_refused(%s, %s, %s)", [one_line(name), action, one_line(object_)])


def newest(
    connection: Transaction,
    most: int,
    asked: AuditFilter | None = None,
    *,
    since: datetime | None = None,
    before: int | None = None,
    municipalities: Sequence[str] | None = None,
) -> Sequence[Entry]:
    """At most so many of the entries asked for, the newest first; ``before`` continues behind the one with this id.

    ``municipalities`` (slugs): only what belongs to them.
    """
    wanted = asked or AuditFilter(since=since)
    rows = connection.execute(
        _ENTRY + " WHERE (%(since)s::timestamptz IS NULL OR last_at >= %(since)s)"
        " AND (%(until)s::timestamptz IS NULL OR at < %(until)s)"
        " AND (%(actor)s::text IS NULL OR actor = %(actor)s)"
        " AND (%(action)s::text IS NULL OR action = %(action)s)"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s)"
        " AND (%(towns)s::text[] IS NULL OR municipality = ANY (%(towns)s)) ORDER BY id DESC LIMIT %(most)s",
        {
            "since": wanted.since,
            "until": wanted.until,
            "actor": None if wanted.actor is None else one_line(wanted.actor),
            "action": wanted.action,
            "before": before,
            "towns": None if municipalities is None else list(municipalities),
            "most": most,
        },
    )
    return [_entry(row) for row in rows]


def delete(connection: Transaction, before: datetime, most: int) -> int:
    """Delete the oldest entries; the database refuses to delete any for being older than less than 30 days."""
    row = connection.execute("SELECT delete_audit(%s, %s)", [before, most]).fetchone()
    return int(row[0]) if row else 0


def one_line(text: str) -> str:
    """``text`` as it may be in the log: what could begin a new line or steer a terminal is spelt out."""
    return cut(_spelled(text), LONGEST)


def _spelled(line: str) -> str:
    return "".join(c if is_one_line(c) else c.encode("unicode_escape", "backslashreplace").decode() for c in line)


def _lines(text: str) -> str:
    return cut("\n".join(_spelled(line) for line in text.splitlines()), LONGEST_CHANGE)


def _entry(row: TupleRow) -> Entry:
    return Entry(
        id=row[0],
        at=row[1],
        last_at=row[2],
        origin=Origin(row[3]),
        actor=row[4],
        action=row[5],
        object=row[6],
        outcome=Outcome(row[7]),
        count=row[8],
        before=row[9],
        after=row[10],
        municipality=row[11],
    )
