"""The notices that hold now, of a trail or of one of its stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from geodata.conditions.notices import Level, NoticeReason, NoticeRule, NoticeText, Verdict, judge
from geodata.conditions.silence import stale_after_s
from geodata.model.trail import TrailState


@dataclass(frozen=True, slots=True)
class Notice:
    """A rule and what it says now."""

    rule: NoticeRule
    verdict: Verdict


def verdict_of(keeper: SnapshotKeeper, snapshot: Snapshot, rule: NoticeRule, now: datetime) -> Verdict:
    """What a rule of ``snapshot`` says at ``now``; the same in every process that knows the same observations."""
    streams = snapshot.datastreams_of_device.get(rule.device, [])
    stream = next((stream.id for stream in streams if stream.observed_property == rule.observed_property), None)
    device = snapshot.catalogue.devices[rule.device]
    recent = keeper.recent(stream) if stream is not None else []
    if device.earlier:  # what it measures on another trail says nothing of this one
        recent = [value for value in recent if device.place_at(value.phenomenon_time)[0] == rule.trail]
    fresh_s = stale_after_s(device)
    return judge(rule, recent, fresh_s, snapshot.catalogue.overrides.get(rule.id), now)


def notices_of(keeper: SnapshotKeeper, trail: str, now: datetime, station: str | None = None) -> list[Notice]:
    """What there is to say on a trail, or at its ``station``; the most serious first."""
    snapshot = keeper.current
    catalogue = snapshot.catalogue
    if trail in catalogue.trails and catalogue.trails[trail].state is TrailState.RETIRED:
        return []
    rules = (
        rule
        for rule in catalogue.notice_rules.values()
        if rule.trail == trail
        and (station is None or rule.station in {None, station})
        and (rule.station is None or catalogue.stations[rule.station].retired_at is None)
    )
    notices = [Notice(rule, verdict_of(keeper, snapshot, rule, now)) for rule in rules]
    active = [notice for notice in notices if notice.verdict.level is not Level.NONE]
    return sorted(active, key=lambda notice: (-notice.verdict.level, notice.rule.station is None, notice.rule.id))


def sentence(text: NoticeText, verdict: Verdict) -> str:
    """What to tell people."""
    if verdict.level is Level.WARNING:
        return text.warning
    return text.caution if verdict.reason in {NoticeReason.MEASURED, NoticeReason.SET} else text.unknown
