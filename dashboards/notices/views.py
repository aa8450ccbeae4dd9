"""Notices in words: what each rule tells now and why, what it told before, and what it would tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.texts import title_of
from api.languages.texts import property_label
from api.notices.notices import sentence, verdict_of
from api.webapp import wording
from dashboards.languages import marked, t
from dashboards.notices.form import LEVELS
from dashboards.trails.ground import Ground
from geodata.conditions.notices import Level, NoticeReason, NoticeRule, Override, Verdict
from geodata.model.observation import ObservedProperty
from geodata.vocabulary.languages import text_in

_REASONS: Mapping[NoticeReason, str] = {
    NoticeReason.MEASURED: marked("gemessen"),
    NoticeReason.SILENT: marked("der Sensor schweigt"),
    NoticeReason.FLAGGED: marked("der Sensor sendet, was nicht sein kann"),
    NoticeReason.SET: marked("vom Team gesagt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeNow:
    """A rule and what it tells now: ``why``, ``since`` when, and a person's word in ``manual``."""

    rule: NoticeRule
    name: str
    place: str
    level: Level
    level_name: str
    sentence: str
    why: str
    since: str
    manual: str
    rule_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """A change of what a rule told."""

    when: str
    level_name: str
    why: str


@dataclass(frozen=True, slots=True)
class StoredNotices:
    """What the database holds of rules at this moment."""

    rules: Mapping[str, NoticeRule]
    overrides: Mapping[str, Override]
    since: Mapping[str, datetime]


def rows_of(keeper: SnapshotKeeper, ground: Ground, stored: StoredNotices) -> list[NoticeNow]:
    """Of a trail, the most serious first."""
    rows = [row_of(keeper, ground, stored, rule) for rule in stored.rules.values() if rule.trail == ground.trail.slug]
    return sorted(rows, key=lambda row: (-row.level, row.rule.id))


def row_of(keeper: SnapshotKeeper, ground: Ground, stored: StoredNotices, rule: NoticeRule) -> NoticeNow:
    """One rule, judged as the hikers' pages judge it, by what is stored now."""
    snapshot = ground.snapshot
    manual = stored.overrides.get(rule.id)
    if manual is not None and not manual.since <= ground.now < manual.until:
        manual = None
    catalogue = replace(snapshot.catalogue, overrides={rule.id: manual} if manual else {})
    verdict = verdict_of(keeper, replace(snapshot, catalogue=catalogue), rule, ground.now)
    since = stored.since.get(rule.id)
    return NoticeNow(
        rule=rule,
        name=measured_name(ground, rule),
        place=place(ground, rule),
        level=verdict.level,
        level_name=t(LEVELS[verdict.level]),
        sentence=_sentence(rule, verdict),
        why=why(ground, rule, verdict),
        since=ground.moment(since) if since else "",
        manual=_manual(ground, manual),
        rule_words=tuple(in_words(ground, rule)),
    )


def measured_name(ground: Ground, rule: NoticeRule) -> str:
    """What is measured."""
    prop = _property(ground, rule)
    return property_label(prop, t.texts) if prop else rule.observed_property


def place(ground: Ground, rule: NoticeRule) -> str:
    """At which station it is shown."""
    station = ground.snapshot.catalogue.stations.get(rule.station or "")
    if station is None:
        return t("an allen Stationen")
    if station.retired_at is not None:
        return t("an keiner Station: Station %(number)s ist stillgelegt", number=station.number)
    return f"Station {station.number} · {title_of(station)}"


def why(ground: Ground, rule: NoticeRule, verdict: Verdict) -> str:
    """Where a verdict comes from, with the value and its threshold."""
    if verdict.reason is not NoticeReason.MEASURED or verdict.value is None:
        return t(_REASONS[verdict.reason])
    value = quantity(ground, rule, verdict.value)
    threshold = rule.thresholds.get(verdict.level)
    if threshold is None:
        return t("gemessen: %(value)s", value=value)
    return t("gemessen: %(value)s, Grenze %(limit)s", value=value, limit=quantity(ground, rule, threshold))


def quantity(ground: Ground, rule: NoticeRule, value: float) -> str:
    """A value with its unit."""
    prop = _property(ground, rule)
    return wording.quantity(value, prop, t.texts) if prop else wording.number(value, 1, t.texts)


def in_words(ground: Ground, rule: NoticeRule) -> Iterable[str]:
    """The rule as sentences."""
    name = measured_name(ground, rule)
    for level in (Level.CAUTION, Level.WARNING):
        if level in rule.thresholds:
            limit = quantity(ground, rule, rule.thresholds[level])
            if rule.below:
                yield t("%(level)s, wenn %(what)s bis %(limit)s fällt", level=t(LEVELS[level]), what=name, limit=limit)
            else:
                yield t("%(level)s, wenn %(what)s %(limit)s erreicht", level=t(LEVELS[level]), what=name, limit=limit)
    if rule.hysteresis:
        yield t("Zurück erst, wenn der Wert um mehr als %(by)s besser ist", by=quantity(ground, rule, rule.hysteresis))
    if rule.hold_s:
        yield t("und frühestens nach %(minutes)s Minuten", minutes=wording.number(rule.hold_s / 60, 1, t.texts))
    yield t(
        "Schweigt der Sensor, gilt eine Warnung noch %(hours)s Stunden, dann Vorsicht",
        hours=round(rule.expires_s / 3600),
    )


def told(ground: Ground, rule: NoticeRule, history: Iterable[tuple[datetime, Verdict]]) -> list[ToldBefore]:
    """What it told before, in words."""
    return [
        ToldBefore(ground.moment(at), t(LEVELS[verdict.level]), why(ground, rule, verdict)) for at, verdict in history
    ]


def as_text(rule: NoticeRule) -> str:
    """All of a rule in lines, as the audit log keeps it and a conflict shows it."""
    sign = "≤" if rule.below else "≥"
    limits = ", ".join(f"{level.name.lower()} {sign} {at:g}" for level, at in sorted(rule.thresholds.items()))
    lines = [
        f"{rule.device} {rule.observed_property}{f' @ {rule.station}' if rule.station else ''}",
        f"{limits}; ± {rule.hysteresis:g}; {rule.hold_s} s; {rule.expires_s} s",
        *(f"{text.variant}: {text.caution} / {text.warning} / {text.unknown}" for text in rule.texts.values()),
    ]
    return "\n".join(lines)


def _property(ground: Ground, rule: NoticeRule) -> ObservedProperty | None:
    return ground.snapshot.catalogue.properties.get(rule.observed_property)


def _sentence(rule: NoticeRule, verdict: Verdict) -> str:
    text = text_in(rule.texts)
    return sentence(text, verdict) if text and verdict.level is not Level.NONE else ""


def _manual(ground: Ground, manual: Override | None) -> str:
    if manual is None:
        return ""
    return t(
        "%(who)s sagt: %(level)s, bis %(moment)s",
        who=manual.by,
        level=t(LEVELS[manual.level]),
        moment=ground.moment(manual.until),
    )
