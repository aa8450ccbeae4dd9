"""Signs to look at, in the words of the staff pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards import words
from dashboards.languages import marked, t
from geodata.model.counting.sign_case import CaseOutcome, SignCase, SilenceEvidence

OUTCOMES: Mapping[CaseOutcome, str] = {
    CaseOutcome.MENDED: marked("Das Schild ist wieder in Ordnung"),
    CaseOutcome.IN_ORDER: marked("Es war nichts"),
    CaseOutcome.CHANGED: marked("Es hängt jetzt anders oder anderswo"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """An open case: where, since when, what speaks for it and what against; reports by their ids."""

    id: int
    place: str
    since: str
    evidence: str
    scanned: str
    reports: Sequence[UUID]


def row(case: SignCase, snapshot: Snapshot, now: datetime) -> CaseRow:
    """The case in words, on the clock of its town."""
    station = snapshot.catalogue.stations.get(case.station)
    zone = (
        snapshot.catalogue.timezone_of(station.trail)
        if station is not None and station.trail in snapshot.catalogue.trails
        else snapshot.catalogue.timezones()[0]
    )
    scanned = (
        ""
        if case.scanned_at is None
        else t("Seither wieder gescannt, %(day)s.", day=words.day(case.scanned_at, now, zone))
    )
    return CaseRow(
        id=case.id,
        place=case.station
        if station is None
        else t("Station %(number)s · %(title)s", number=station.number, title=title_of(station)),
        since=words.since(case.opened_at, now, zone),
        evidence="" if case.evidence is None else _silence(case.evidence),
        scanned=scanned,
        reports=case.reports,
    )


def _silence(evidence: SilenceEvidence) -> str:
    days = words.count(evidence.days, "Tag", "Tagen")
    passes = words.count(evidence.passes, "Durchgang", "Durchgänge")
    values = {"days": days, "passes": passes, "expected": words.number(evidence.expected)}
    if evidence.scans == 0:
        return t("In %(days)s %(passes)s: Zu erwarten waren etwa %(expected)s Aufrufe, gekommen ist keiner.", **values)
    if evidence.scans == 1:
        return t("In %(days)s %(passes)s: Zu erwarten waren etwa %(expected)s Aufrufe, gekommen ist einer.", **values)
    return t(
        "In %(days)s %(passes)s: Zu erwarten waren etwa %(expected)s Aufrufe, gekommen sind %(scans)s.",
        **values,
        scans=words.number(evidence.scans),
    )
