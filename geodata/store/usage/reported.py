"""What was told on some trails in some time: problems that people reported, and notices that they read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from geodata.store.transaction import Transaction


def problems(connection: Transaction, trails: Sequence[str], begin: datetime, end: datetime) -> tuple[int, int, int]:
    """Received from ``begin`` to before ``end``, closed then, and received before the end and not closed by it."""
    row = connection.execute(
        """
        SELECT count(*) FILTER (WHERE received_at >= %(begin)s),
            count(*) FILTER (WHERE closed_at >= %(begin)s AND closed_at < %(end)s),
            count(*) FILTER (WHERE closed_at IS NULL OR closed_at >= %(end)s)
        FROM report WHERE trail = ANY (%(trails)s) AND received_at < %(end)s
        """,
        {"trails": list(trails), "begin": begin, "end": end},
    ).fetchone()
    return (0, 0, 0) if row is None else (row[0], row[1], row[2])


def notices(connection: Transaction, trails: Sequence[str], begin: datetime, end: datetime) -> list[tuple[str, int]]:
    """What the notices that appeared then say in German, each with on how many days it appeared."""
    rows = connection.execute(
        """
        SELECT notice_text.caution, count(DISTINCT date_trunc('day', at AT TIME ZONE timezone))::int4
        FROM notice_log JOIN notice_rule ON notice_rule.id = notice_log.rule
            JOIN trail ON trail.slug = notice_rule.trail JOIN municipality ON municipality.slug = trail.municipality
            JOIN notice_text ON notice_text.rule = notice_log.rule AND variant = 'de'
        WHERE notice_rule.trail = ANY (%(trails)s) AND at >= %(begin)s AND at < %(end)s
            AND level > 0 AND reason <> 'silent'
        GROUP BY notice_text.caution ORDER BY 2 DESC, 1
        """,
        {"trails": list(trails), "begin": begin, "end": end},
    )
    return [(text, days) for text, days in rows]
