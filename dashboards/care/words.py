"""The care round in words: what to do, what to bring, what came of it. German here, translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from babel.dates import format_date

from dashboards.languages import marked, t
from geodata.conditions.care import CareWork
from geodata.conditions.device_condition import Condition
from geodata.model.care.visit import CareTick
from geodata.model.care.work import WorkKind, WorkOutcome
from geodata.model.counting.sign_case import CaseReason
from geodata.model.report import ReportKind

_HEADINGS: Mapping[WorkKind, Mapping[str, str]] = {
    WorkKind.DEVICE: {
        Condition.NEVER: marked("Gerät einschalten: Es hat sich noch nie gemeldet."),
        Condition.SILENT: marked("Gerät prüfen: Es schweigt. Strom und Empfang ansehen."),
        Condition.UNUSABLE: marked("Gerät ansehen: Es sendet Unlesbares."),
        Condition.FAILED: marked("Sensor prüfen: Er liefert keinen Wert. Kabel ansehen."),
        Condition.DOUBTFUL: marked("Sensor prüfen: Die Messwerte können nicht stimmen."),
        Condition.BATTERY: marked("Akku tauschen: Er ist bald leer."),
    },
    WorkKind.SIGN: {
        CaseReason.SILENT: marked("Schild ansehen: Niemand scannt es mehr."),
        CaseReason.REPORTED: marked("Schild ansehen: Besucher haben etwas gemeldet."),
    },
    WorkKind.REPORT: {
        ReportKind.SIGN: marked("Meldung prüfen: Das Schild fehlt oder ist beschädigt."),
        ReportKind.CODE: marked("Meldung prüfen: Der Code auf dem Schild geht nicht."),
        ReportKind.TREE: marked("Meldung prüfen: Ein Baum liegt quer."),
        ReportKind.TEXT: marked("Meldung prüfen: Ein Text stimmt nicht."),
        ReportKind.BARRIER: marked("Meldung prüfen: Eine Barriere."),
        ReportKind.OTHER: marked("Meldung prüfen"),
    },
    WorkKind.CLOSURE: {"": marked("Noch gesperrt? Das Ende ist offen.")},
    WorkKind.TASK: {"": marked("Aufgabe")},
}

_BRING: Mapping[str, Sequence[str]] = {
    Condition.BATTERY: (marked("geladener Akku"),),
    Condition.NEVER: (marked("Werkzeug"),),
    Condition.SILENT: (marked("Werkzeug"), marked("geladener Akku")),
    Condition.FAILED: (marked("Werkzeug"),),
    Condition.DOUBTFUL: (marked("Werkzeug"),),
    CaseReason.SILENT: (marked("Lappen"),),
    CaseReason.REPORTED: (marked("Lappen"),),
    ReportKind.SIGN: (marked("Lappen"), marked("Werkzeug")),
    ReportKind.CODE: (marked("Lappen"),),
    ReportKind.TREE: (marked("Säge"),),
}
"""By what is wrong: the words of all kinds of work differ."""

_OUTCOMES: Mapping[tuple[WorkKind, WorkOutcome], str] = {
    (WorkKind.DEVICE, WorkOutcome.DONE): marked("geprüft"),
    (WorkKind.DEVICE, WorkOutcome.BATTERY): marked("Akku getauscht"),
    (WorkKind.SIGN, WorkOutcome.MENDED): marked("ist wieder in Ordnung"),
    (WorkKind.SIGN, WorkOutcome.IN_ORDER): marked("es war nichts"),
    (WorkKind.SIGN, WorkOutcome.CHANGED): marked("hängt jetzt anders"),
    (WorkKind.REPORT, WorkOutcome.DONE): marked("erledigt"),
    (WorkKind.REPORT, WorkOutcome.IN_WORK): marked("in Arbeit"),
    (WorkKind.CLOSURE, WorkOutcome.OPEN_AGAIN): marked("wieder offen"),
    (WorkKind.CLOSURE, WorkOutcome.STILL_CLOSED): marked("noch gesperrt"),
    (WorkKind.TASK, WorkOutcome.DONE): marked("erledigt"),
}

_SUBJECTS: Mapping[WorkKind, str] = {
    WorkKind.DEVICE: marked("Gerät"),
    WorkKind.SIGN: marked("Schild"),
    WorkKind.REPORT: marked("Meldung"),
    WorkKind.CLOSURE: marked("Sperrung"),
    WorkKind.TASK: marked("Aufgabe"),
}


def heading(work: CareWork) -> str:
    """What to do, in a sentence."""
    if work.kind is WorkKind.TASK:
        return work.text
    return t(_HEADINGS[work.kind][work.about])


def short(work: CareWork) -> str:
    """What it is about, for a line of several."""
    if work.kind is WorkKind.TASK:
        return work.text
    return t("Akku tauschen") if work.about == Condition.BATTERY else subject(work.kind)


def outcome(kind: WorkKind, came: WorkOutcome) -> str:
    """What came of it, in a word or two."""
    return t(_OUTCOMES.get((kind, came), came))


def subject(kind: WorkKind) -> str:
    """What it is about, in a word."""
    return t(_SUBJECTS[kind])


def done(tick: CareTick) -> str:
    """What somebody did."""
    what, came = subject(tick.kind), outcome(tick.kind, tick.outcome)
    if tick.is_late:
        return t("%(what)s: %(outcome)s (war schon erledigt)", what=what, outcome=came)
    return t("%(what)s: %(outcome)s", what=what, outcome=came)


def bring(works: Sequence[CareWork]) -> list[str]:
    """What to take along for all of it, each once."""
    needed = [t(thing) for work in works for thing in _BRING.get(work.about, ())]
    return list(dict.fromkeys([*needed, *(work.bring for work in works if work.bring)]))


def day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """``heute``, ``gestern``, ``12. November``."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local >= today:
        return t("heute")
    if local == today - timedelta(days=1):
        return t("gestern")
    form = {"de": "d. MMMM", "en": "d MMMM"}[t.language]
    return format_date(local, form if local.year == today.year else f"{form} y", locale=t.language)


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """``heute, 14:05 Uhr``."""
    return t("%(day)s, %(clock)s Uhr", day=day(at, now, zone), clock=f"{at.astimezone(zone):%H:%M}")
