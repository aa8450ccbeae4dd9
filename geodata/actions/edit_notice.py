"""Notices: their rules are changed, and people say for a while what holds. Each works in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from geodata.conditions.notices import Level, NoticeRule, Override
from geodata.errors import DigitalpfadError, InvalidInput, NotFound
from geodata.store.catalogue import notice
from geodata.store.transaction import Transaction


class RuleChanged(DigitalpfadError):
    """Somebody has changed the rule meanwhile."""

    def __init__(self, now: NoticeRule) -> None:
        """``now`` is what it is."""
        self.now = now
        super().__init__()


def add(connection: Transaction, rule: NoticeRule) -> None:
    """Write a new rule. Raises InvalidInput where its id is taken."""
    notice.lock_rules(connection)
    if rule.id in notice.load_rules(connection):
        raise InvalidInput("id", rule.id, "an id that no rule has")
    notice.save_rule(connection, rule)


def change(connection: Transaction, rule: NoticeRule, seen: NoticeRule) -> None:
    """Write ``rule`` over the stored one of its id, which must be as it was ``seen``. Raises RuleChanged, NotFound."""
    notice.lock_rules(connection)
    now = notice.load_rules(connection).get(rule.id)
    if now is None:
        raise NotFound("notice", rule.id)
    if now != seen:
        raise RuleChanged(now)
    notice.save_rule(connection, rule)


def say(connection: Transaction, rule: str, level: Level, until: datetime, by: str, now: datetime) -> Override:
    """Let the notice say ``level`` until then, whatever is measured. Raises NotFound, and InvalidInput for a past."""
    if until <= now:
        raise InvalidInput("until", until.isoformat(), "a time to come")
    manual = Override(rule=rule, level=level, since=now, until=until, by=by)
    notice.override(connection, manual)
    return manual


def listen(connection: Transaction, rule: str, by: str, now: datetime) -> None:
    """Let the sensor speak again. Raises NotFound."""
    notice.override(connection, Override(rule=rule, level=Level.NONE, since=now, until=now, by=by))
