"""The form that answers a report."""

from __future__ import annotations

from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from dashboards.forms import GermanForm, refuse_unfit
from geodata.model.report import LONGEST_TEXT, ReportState

_ANSWER = Length(max=LONGEST_TEXT, message=f"Bitte kürzen Sie den Text: Es gehen höchstens {LONGEST_TEXT} Zeichen.")


class ReportAnswerForm(GermanForm):
    """How far a report is, what its writer reads, and what only staff do."""

    state = StringField("Zustand", [DataRequired("Bitte wählen Sie einen Zustand.")])
    answer = TextAreaField("Antwort", [_ANSWER])
    note = TextAreaField("Notiz", [_ANSWER])

    def validate_state(self, field: Field) -> None:
        """One of those that there are."""
        if field.data not in set(ReportState):
            raise ValidationError("Bitte wählen Sie einen Zustand.")

    def validate_answer(self, field: Field) -> None:
        """An answer that people can read; who refuses owes a reason."""
        refuse_unfit(field)
        if self.state.data == ReportState.REJECTED and not str(field.data or "").strip():
            raise ValidationError("Bitte schreiben Sie in einem Satz, warum: Das liest, wer gemeldet hat.")

    def validate_note(self, field: Field) -> None:
        """A note without what nobody can see."""
        refuse_unfit(field)
