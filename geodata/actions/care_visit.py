"""What somebody did on a care round becomes so: each visit once, each tick by the rules of what it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from geodata.actions import end_closure
from geodata.errors import InvalidInput, NotFound
from geodata.figures import signs
from geodata.model.care.visit import CareTick, CareVisit
from geodata.model.care.work import WorkKind, WorkOutcome
from geodata.model.counting.sign_case import CaseOutcome
from geodata.model.report import LONGEST_TEXT, Report, ReportPicture, ReportState
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.care import tasks, visits
from geodata.store.catalogue import closure
from geodata.store.counting import sign_cases
from geodata.store.reports import handling, reading
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """What is in the database now. ``is_new``: it was not there before."""

    visit: CareVisit
    is_new: bool


def keep(connection: Transaction, visit: CareVisit, picture: ReportPicture | None, taken_at: datetime) -> KeptVisit:
    """Keep a visit and do what it ticks; the same id once more changes nothing.

    ``taken_at``: when the list was made from which it was ticked. What somebody else has done meanwhile stays as it
    is, and the tick says that it was late. What is ticked has to belong to the visit's municipality.
    """
    if not visits.add(connection, visit):
        there = visits.find(connection, visit.id)
        assert there is not None, "its id is taken"  # noqa: S101 - for the type
        return KeptVisit(there, is_new=False)
    if picture is not None:
        visits.add_picture(connection, visit.id, picture)
    step = _VisitStep(connection, visit, taken_at, municipality_of(connection, "trail", visit.trail))
    done = [step.take(tick) for tick in visit.ticks]
    step.write_down(Action.CARE_VISIT, visit.station or visit.trail, after=_words(done, visit))
    return KeptVisit(replace(visit, ticks=done, has_picture=picture is not None), is_new=True)


def _words(ticks: list[CareTick], visit: CareVisit) -> str:
    lines = [f"{tick.kind} {tick.ref}: {tick.outcome}" for tick in ticks]
    return "\n".join([*lines, *([visit.note] if visit.note else [])])


@dataclass(frozen=True, slots=True)
class _VisitStep:
    """One visit on its way into the database."""

    connection: Transaction
    visit: CareVisit
    taken_at: datetime
    municipality: str | None

    def take(self, tick: CareTick) -> CareTick:
        """Do what a tick says; return it as it is kept."""
        work = {
            WorkKind.DEVICE: self._look_at_device,
            WorkKind.SIGN: self._close_case,
            WorkKind.REPORT: self._answer_report,
            WorkKind.CLOSURE: self._end_closure,
            WorkKind.TASK: self._finish_task,
        }[tick.kind]
        is_ours = municipality_of(self.connection, tick.kind, tick.ref) == self.municipality
        kept = replace(tick, is_late=not (is_ours and work(tick)))
        visits.add_tick(self.connection, self.visit.id, kept)
        return kept

    def write_down(self, action: Action, object_: str, before: str = "", after: str = "") -> None:
        """Add to the audit log."""
        audit.by_staff(
            self.connection, self.visit.visited_by, action, object_, before=before, after=after,
            municipality=self.municipality,
        )  # fmt: skip

    def _look_at_device(self, tick: CareTick) -> bool:
        return not visits.is_done_since(self.connection, tick.kind, tick.ref, self.taken_at, self.visit.id)

    def _close_case(self, tick: CareTick) -> bool:
        case, by, now = int(tick.ref), self.visit.visited_by, self.visit.received_at
        try:
            found = sign_cases.find(self.connection, case)
            signs.close(self.connection, case, CaseOutcome(tick.outcome), by, now)
        except NotFound:  # closed meanwhile, or gone with its station
            return False
        self.write_down(Action.SIGN_CASE_CLOSE, f"{case} {tick.outcome}", found.reason, tick.outcome)
        return True

    def _answer_report(self, tick: CareTick) -> bool:
        report = reading.find(self.connection, UUID(tick.ref))
        if report is None or report.state.is_closed:
            return False
        state = ReportState.DONE if tick.outcome is WorkOutcome.DONE else ReportState.IN_WORK
        note = _noted(report, self.visit)
        handling.change(self.connection, report.id, state, report.answer, note, self.visit.received_at)
        self.write_down(Action.REPORT_CHANGE, f"{report.id} {state}", report.state, state)
        return True

    def _end_closure(self, tick: CareTick) -> bool:
        identity = int(tick.ref)
        if tick.outcome is not WorkOutcome.OPEN_AGAIN:
            return True
        try:
            begun, _ = closure.lock(self.connection, identity)
            end_closure.end(self.connection, identity, self.visit.received_at)
        except (NotFound, InvalidInput):  # taken back, or ended meanwhile
            return False
        self.write_down(Action.CLOSURE_END, str(identity), begun.isoformat(), self.visit.received_at.isoformat())
        return True

    def _finish_task(self, tick: CareTick) -> bool:
        visit = self.visit
        text = tasks.finish(self.connection, int(tick.ref), visit.trail, visit.visited_by, visit.received_at)
        if text is not None:
            self.write_down(Action.CARE_TASK_DONE, tick.ref, text)
        return text is not None


def _noted(report: Report, visit: CareVisit) -> str:
    """The report's note with that of the visit below it, as far as there is room; the visit has it in any case."""
    added = f"{visit.visited_by}: {visit.note}" if visit.note else ""
    note = "\n".join(filter(None, (report.note, added)))
    return note if len(note) <= LONGEST_TEXT else report.note
