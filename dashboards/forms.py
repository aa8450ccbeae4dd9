"""The forms of the staff pages, with their messages in German."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData
from wtforms import Field, Form, HiddenField, PasswordField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, EqualTo, Length

from dashboards import passwords
from geodata.model.report import LONGEST_TEXT, ReportState
from geodata.text.broken import UNFIT

_PASSWORD = Length(max=passwords.MAX_LENGTH)
_ANSWER = Length(max=LONGEST_TEXT, message=f"Bitte kürzen Sie den Text: Es gehen höchstens {LONGEST_TEXT} Zeichen.")


async def _posted(request: Request) -> FormData:
    """The fields as browsers send ours. Anything else has none: of a multipart form the sender names the encoding."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await request.form() if kind == "application/x-www-form-urlencoded" else FormData()


Posted = Annotated[FormData, Depends(_posted)]


class Fields:
    """The fields of a request as WTForms reads them; an uploaded file counts as nothing."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def __contains__(self, name: str) -> bool:
        return name in self._form

    def __iter__(self) -> Any:
        return iter(self._form)

    def __len__(self) -> int:
        return len(self._form)

    def getlist(self, name: str) -> list[str]:
        """All texts of one field."""
        return [value for value in self._form.getlist(name) if isinstance(value, str)]


class GermanForm(Form):
    """A form whose library messages are German."""

    class Meta:
        """Settings of WTForms."""

        locales: Sequence[str] = ("de_DE", "de")


class LoginForm(GermanForm):
    """Name and password; ``next`` is where somebody wanted to go."""

    name = StringField("Name", [DataRequired("Bitte geben Sie Ihren Namen ein."), Length(max=100)])
    password = PasswordField("Passwort", [DataRequired("Bitte geben Sie Ihr Passwort ein."), _PASSWORD])
    next = HiddenField(validators=[Length(max=500)])


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
        _refuse_unfit(field)
        if self.state.data == ReportState.REJECTED and not str(field.data or "").strip():
            raise ValidationError("Bitte schreiben Sie in einem Satz, warum: Das liest, wer gemeldet hat.")

    def validate_note(self, field: Field) -> None:
        """A note without what nobody can see."""
        _refuse_unfit(field)


def _refuse_unfit(field: Field) -> None:
    if UNFIT.search(str(field.data or "").replace("\r\n", "\n")):
        raise ValidationError("Der Text hat unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen.")


class PasswordForm(GermanForm):
    """A new password, twice, with the current one; ``staff_name`` is whose it is."""

    current = PasswordField(
        "Jetziges Passwort", [DataRequired("Bitte geben Sie Ihr jetziges Passwort ein."), _PASSWORD]
    )
    new = PasswordField("Neues Passwort", [DataRequired("Bitte geben Sie ein neues Passwort ein.")])
    again = PasswordField(
        "Neues Passwort noch einmal",
        [
            DataRequired("Bitte geben Sie das neue Passwort noch einmal ein."),
            EqualTo("new", "Die beiden neuen Passwörter sind nicht gleich."),
        ],
    )
    staff_name = ""

    def validate_new(self, field: Field) -> None:
        """What speaks against the new password."""
        new = str(field.data)
        if new == self.current.data:
            raise ValidationError("Das ist Ihr jetziges Passwort. Bitte wählen Sie ein neues.")
        problem = passwords.password_problem(new, self.staff_name)
        if problem is not None:
            raise ValidationError(problem)
