"""Notices in the database: rules with their texts, manual overrides, the values that decide, and the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import LiteralString

from geodata.conditions.notices import Level, NoticeReason, NoticeRule, NoticeText, Override, Verdict
from geodata.errors import NotFound
from geodata.model.observation import Observation
from geodata.store.devices.property_alias import current_id
from geodata.store.transaction import Transaction

_MEMORY_DAYS = 7


def save_rule(connection: Transaction, rule: NoticeRule) -> None:
    """Add or update a rule with exactly these texts; the same again changes nothing."""
    connection.execute(
        """
        INSERT INTO notice_rule AS old (id, trail, station, device, observed_property, below, caution, warning,
            hysteresis, hold_s, expires_s)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (id) DO UPDATE SET trail = excluded.trail, station = excluded.station, device = excluded.device,
            observed_property = excluded.observed_property, below = excluded.below, caution = excluded.caution,
            warning = excluded.warning, hysteresis = excluded.hysteresis, hold_s = excluded.hold_s,
            expires_s = excluded.expires_s
        WHERE (old.trail, old.station, old.device, old.observed_property, old.below, old.caution, old.warning,
            old.hysteresis, old.hold_s, old.expires_s)
            IS DISTINCT FROM
            (excluded.trail, excluded.station, excluded.device, excluded.observed_property, excluded.below,
            excluded.caution, excluded.warning, excluded.hysteresis, excluded.hold_s, excluded.expires_s)
        """,
        [
            rule.id,
            rule.trail,
            rule.station,
            rule.device,
            current_id(connection, rule.observed_property),
            rule.below,
            rule.thresholds.get(Level.CAUTION),
            rule.thresholds.get(Level.WARNING),
            rule.hysteresis,
            rule.hold_s,
            rule.expires_s,
        ],
    )
    connection.execute("DELETE FROM notice_text WHERE rule = %s AND variant <> ALL(%s)", [rule.id, list(rule.texts)])
    for text in rule.texts.values():
        _save_text(connection, rule.id, text)


def lock_rules(connection: Transaction) -> None:
    """Let one at a time compare and write rules; others wait. Ends with the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad notice_rule'))")


def remove_rule(connection: Transaction, rule: str) -> int:
    """Remove a rule with its texts and what it told; return how many manual overrides went with it. Raises NotFound."""
    overrides = connection.execute("SELECT count(*) FROM notice_override WHERE rule = %s", [rule]).fetchone()
    if connection.execute("DELETE FROM notice_rule WHERE id = %s", [rule]).rowcount == 0:
        raise NotFound("notice", rule)
    return int(overrides[0]) if overrides else 0


def _save_text(connection: Transaction, rule: str, text: NoticeText) -> None:
    connection.execute(
        """
        INSERT INTO notice_text AS old (rule, variant, caution, warning, unknown) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (rule, variant) DO UPDATE SET caution = excluded.caution, warning = excluded.warning,
            unknown = excluded.unknown
        WHERE (old.caution, old.warning, old.unknown)
            IS DISTINCT FROM (excluded.caution, excluded.warning, excluded.unknown)
        """,
        [rule, text.variant, text.caution, text.warning, text.unknown],
    )


def load_rules(connection: Transaction) -> dict[str, NoticeRule]:
    """All rules with their texts by id."""
    texts: defaultdict[str, dict[str, NoticeText]] = defaultdict(dict)
    for rule, variant, caution, warning, unknown in connection.execute(
        "SELECT rule, variant, caution, warning, unknown FROM notice_text ORDER BY rule, variant"
    ):
        texts[rule][variant] = NoticeText(variant=variant, caution=caution, warning=warning, unknown=unknown)
    rows = connection.execute(
        "SELECT id, trail, station, device, observed_property, below, caution, warning, hysteresis, hold_s, expires_s"
        " FROM notice_rule ORDER BY id"
    )
    return {
        row[0]: NoticeRule(
            id=row[0],
            trail=row[1],
            station=row[2],
            device=row[3],
            observed_property=row[4],
            below=row[5],
            thresholds={
                level: at for level, at in ((Level.CAUTION, row[6]), (Level.WARNING, row[7])) if at is not None
            },
            hysteresis=row[8],
            hold_s=row[9],
            expires_s=row[10],
            texts=texts[row[0]],
        )
        for row in rows
    }


def override(connection: Transaction, manual: Override) -> None:
    """Record a manual override; it replaces the one before. Raises NotFound for an unknown rule."""
    if connection.execute("SELECT 1 FROM notice_rule WHERE id = %s", [manual.rule]).fetchone() is None:
        raise NotFound("notice", manual.rule)
    connection.execute(
        "INSERT INTO notice_override (rule, level, since, until, by_whom) VALUES (%s, %s, %s, %s, %s)",
        [manual.rule, int(manual.level), manual.since, manual.until, manual.by],
    )


def load_overrides(connection: Transaction) -> dict[str, Override]:
    """The newest manual override of each rule, by rule; it may be over."""
    rows = connection.execute(
        "SELECT DISTINCT ON (rule) rule, level, since, until, by_whom FROM notice_override ORDER BY rule, id DESC"
    )
    return {row[0]: Override(rule=row[0], level=Level(row[1]), since=row[2], until=row[3], by=row[4]) for row in rows}


_DECISIVE: LiteralString = """
    SELECT DISTINCT datastream.id, seen.phenomenon_time, seen.result
    FROM notice_rule AS rule
    JOIN datastream ON datastream.device = rule.device AND datastream.observed_property = rule.observed_property
    CROSS JOIN LATERAL (VALUES (rule.caution), (rule.warning)) AS threshold (at)
    CROSS JOIN (VALUES (true), (false)) AS side (reaching)
    CROSS JOIN LATERAL (
        SELECT phenomenon_time, result FROM observation
        WHERE datastream = datastream.id AND quality = 0 AND phenomenon_time <= %(now)s
            AND phenomenon_time > %(now)s - make_interval(days => %(days)s)
            AND CASE
                WHEN reaching THEN CASE WHEN rule.below THEN result <= at ELSE result >= at END
                ELSE CASE WHEN rule.below THEN result > at + rule.hysteresis
                    ELSE result < at - rule.hysteresis END
            END
        ORDER BY phenomenon_time DESC LIMIT 1
    ) AS seen
    WHERE at IS NOT NULL
"""
_OF_STREAMS: LiteralString = " AND datastream.id = ANY(%(streams)s)"


def load_decisive(
    connection: Transaction, now: datetime, streams: Collection[int] | None = None
) -> dict[int, list[Observation]]:
    """By datastream: of each threshold the last value that reached and the last that left it, within seven days.

    They say the same as the whole series up to ``now`` would; what they leave open counts as reached. All series with
    rules, or those of ``streams``.
    """
    rows = connection.execute(
        _DECISIVE if streams is None else _DECISIVE + _OF_STREAMS,
        {"now": now, "days": _MEMORY_DAYS, "streams": list(streams or ())},
    )
    decisive: defaultdict[int, list[Observation]] = defaultdict(list)
    for datastream, time, result in rows:
        decisive[datastream].append(Observation(datastream, time, result))
    return dict(decisive)


def history(connection: Transaction, rule: str, most: int) -> list[tuple[datetime, Verdict]]:
    """What a rule told, the newest change first, each with when it was first told."""
    rows = connection.execute(
        "SELECT at, level, reason, value FROM notice_log WHERE rule = %s ORDER BY id DESC LIMIT %s", [rule, most]
    )
    return [(row[0], Verdict(Level(row[1]), NoticeReason(row[2]), value=row[3])) for row in rows]


def told_since(connection: Transaction) -> dict[str, datetime]:
    """Of each rule since when it tells what it tells now."""
    rows = connection.execute("SELECT DISTINCT ON (rule) rule, at FROM notice_log ORDER BY rule, id DESC")
    return {str(row[0]): row[1] for row in rows}


def log(connection: Transaction, rule: str, verdict: Verdict, at: datetime) -> bool:
    """Write a verdict to the log unless the last entry of the rule says the same; whether it was written."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad notice'), hashtext(%s))", [rule])
    written = connection.execute(
        """
        INSERT INTO notice_log (rule, at, level, reason, value)
        SELECT %(rule)s, %(at)s, %(level)s, %(reason)s, %(value)s
        WHERE NOT EXISTS (
            SELECT FROM (SELECT level, reason FROM notice_log WHERE rule = %(rule)s ORDER BY id DESC LIMIT 1) AS last
            WHERE last.level = %(level)s AND last.reason = %(reason)s
        )
        """,
        {"rule": rule, "at": at, "level": int(verdict.level), "reason": verdict.reason.value, "value": verdict.value},
    )
    return written.rowcount == 1
