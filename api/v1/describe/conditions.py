"""Closures and notices as the properties that the interface shows of them."""

from __future__ import annotations

from datetime import datetime

from api.catalogue.closures import CurrentClosure
from api.notices.notices import Notice, sentence
from api.v1.describe.stations import Properties
from geodata.vocabulary.languages import DEFAULT, html_tag, text_in
from geodata.vocabulary.season import MonthDay


def closure(current: CurrentClosure, variant: str) -> Properties:
    """A closure with its texts in a variant, or in its fallback."""
    placed, content = current.placed, text_in(current.placed.closure.contents, variant)
    detour = placed.closure.detour(variant)
    stretch, season = placed.closure.stretch, placed.closure.season
    return {
        "id": placed.closure.id,
        "trail": placed.closure.trail,
        "kind": placed.closure.kind,
        "active": current.is_active,
        "begins_at": current.period.start,
        "ends_at": current.period.end,
        "season": season and {"first": _day(season.first), "last": _day(season.last)},
        "reason": content.reason if content else "",
        "detour": detour.detour if detour else "",
        "lang": html_tag(content.variant if content else DEFAULT),
        "detour_lang": html_tag(detour.variant) if detour else None,
        "legal_basis": placed.closure.legal_basis,
        "from_m": stretch and round(stretch[0], 1),
        "to_m": stretch and round(stretch[1], 1),
        "stations": [station.code for station in placed.stations],
    }


def notice(notice: Notice, variant: str, now: datetime) -> Properties:
    """A notice with its text in a variant, or in its fallback."""
    text, verdict = text_in(notice.rule.texts, variant), notice.verdict
    age = verdict.measured_at and max(int((now - verdict.measured_at).total_seconds()), 0)
    return {
        "id": notice.rule.id,
        "station": notice.rule.station,
        "level": verdict.level.name.lower(),
        "reason": verdict.reason.value,
        "text": sentence(text, verdict) if text else "",
        "lang": html_tag(text.variant if text else DEFAULT),
        "property": notice.rule.observed_property,
        "measured_at": verdict.measured_at,
        "age_s": age,
    }


def _day(day: MonthDay) -> str:
    return f"{day[0]:02}-{day[1]:02}"
