"""What is known of a trail where nothing more will be heard: the catalogue, no values, and the warnings of before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.notices.notices import verdict_of
from geodata.conditions.notices import Level, NoticeReason, NoticeRule
from geodata.model.observation import Observation
from geodata.store.database import Database


class FrozenKeeper(SnapshotKeeper):
    """A keeper that is never started: it has the one ``snapshot``, and of each datastream what is in ``recent``.

    Pages that are made from it say what they say while all sensors are silent, which for a phone without reception
    they are: no number, and notices that fail safe.
    """

    def __init__(self, database: Database, snapshot: Snapshot, recent: Mapping[int, list[Observation]]) -> None:
        super().__init__(database)
        self._snapshot = snapshot
        self._recent = recent

    @property
    def current(self) -> Snapshot:
        """The snapshot that it was made with."""
        return self._snapshot

    def recent(self, datastream: int) -> list[Observation]:
        """What it was made with; nothing else was measured."""
        return self._recent.get(datastream, [])


def warned_rules(keeper: SnapshotKeeper, trail: str, now: datetime) -> list[NoticeRule]:
    """The rules of a trail that warn at ``now`` because of what was measured."""
    snapshot = keeper.current
    rules = (rule for rule in snapshot.catalogue.notice_rules.values() if rule.trail == trail)
    verdicts = ((rule, verdict_of(keeper, snapshot, rule, now)) for rule in rules)
    return [
        rule
        for rule, verdict in verdicts
        if verdict.level is Level.WARNING
        and verdict.reason is not NoticeReason.SET
        and Level.WARNING in rule.thresholds
    ]


def last_warnings(snapshot: Snapshot, rules: list[NoticeRule], at: datetime) -> dict[int, list[Observation]]:
    """For each datastream of ``rules`` one value at ``at`` that warns: so the warnings stand until they expire.

    The real value would change with each message of the sensor, and with it every page of the pack.
    """
    recent: dict[int, list[Observation]] = {}
    for rule in rules:
        for stream in snapshot.datastreams_of_device.get(rule.device, ()):
            if stream.observed_property == rule.observed_property:
                value = rule.thresholds[Level.WARNING]
                seen = recent.get(stream.id)
                if seen and not rule.reaches(value, seen[0].result or 0.0):
                    continue
                recent[stream.id] = [Observation(stream.id, at, value)]
    return recent
