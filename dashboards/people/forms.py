"""The forms for signing in, for passwords, codes and passkeys, and for inviting somebody."""

from __future__ import annotations

from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from dashboards.access import accounts, passwords
from dashboards.access.passkeys import LONGEST_NAME
from dashboards.forms import GermanForm, refuse_unfit
from dashboards.languages import marked
from geodata.model.staff import Role
from geodata.text.broken import is_visible

_PASSWORD = Length(max=passwords.MAX_LENGTH)
LONGEST_LOGIN = 100
NO_ROLE = "none"
CHOOSE_ROLE = marked("Bitte wählen Sie, was diese Person tun soll.")


class LoginForm(GermanForm):
    """Name and password; ``next`` is where somebody wanted to go."""

    name = StringField(
        marked("Name"), [DataRequired(marked("Bitte geben Sie Ihren Namen ein.")), Length(max=LONGEST_LOGIN)]
    )
    password = PasswordField(marked("Passwort"), [DataRequired(marked("Bitte geben Sie Ihr Passwort ein.")), _PASSWORD])
    next = HiddenField(validators=[Length(max=500)])


class CodeForm(GermanForm):
    """A code of an app or from paper; ``step`` is the login that waits for it."""

    code = StringField(marked("Code"), [DataRequired(marked("Bitte geben Sie den Code ein.")), Length(max=40)])
    step = HiddenField(validators=[Length(max=100)])
    next = HiddenField(validators=[Length(max=500)])


class NewPasswordForm(GermanForm):
    """A new password, twice; ``staff_name`` is whose it is."""

    new = PasswordField(marked("Neues Passwort"), [DataRequired(marked("Bitte geben Sie ein neues Passwort ein."))])
    again = PasswordField(
        marked("Neues Passwort noch einmal"),
        [
            DataRequired(marked("Bitte geben Sie das neue Passwort noch einmal ein.")),
            EqualTo("new", marked("Die beiden neuen Passwörter sind nicht gleich.")),
        ],
    )
    staff_name = ""

    def validate_new(self, field: Field) -> None:
        """What speaks against the new password."""
        problem = passwords.password_problem(str(field.data), self.staff_name)
        if problem is not None:
            raise ValidationError(problem)


class PasswordForm(NewPasswordForm):
    """A new password with the current one."""

    current = PasswordField(
        marked("Jetziges Passwort"), [DataRequired(marked("Bitte geben Sie Ihr jetziges Passwort ein.")), _PASSWORD]
    )

    def validate_new(self, field: Field) -> None:
        """What speaks against the new password."""
        if str(field.data) == self.current.data:
            raise ValidationError(marked("Das ist Ihr jetziges Passwort. Bitte wählen Sie ein neues."))
        super().validate_new(field)


class PasskeyForm(GermanForm):
    """What a browser made or showed, as JSON, and the name that its owner gives it."""

    name = StringField(
        marked("Name des Passkeys"),
        [
            DataRequired(marked("Bitte geben Sie dem Passkey einen Namen.")),
            Length(max=LONGEST_NAME, message=marked("Bitte höchstens 60 Zeichen.")),
        ],
    )
    credential = HiddenField(validators=[DataRequired(), Length(max=12_000)])

    def validate_name(self, field: Field) -> None:
        """A name that can be read."""
        refuse_unfit(field)


class PersonForm(GermanForm):
    """Who is invited, and as what."""

    name = StringField(
        marked("Name zum Anmelden"),
        [
            DataRequired(marked("Bitte geben Sie einen Namen ein.")),
            Length(max=LONGEST_LOGIN, message=marked("Bitte höchstens 100 Zeichen.")),
        ],
    )
    role = StringField(marked("Aufgabe"))

    def validate_name(self, field: Field) -> None:
        """A name that can be read and typed."""
        name = accounts.login_name(str(field.data))
        if not name or not is_visible(name):
            raise ValidationError(marked("Bitte geben Sie einen Namen aus Buchstaben ein."))

    def validate_role(self, field: Field) -> None:
        """One of those that there are."""
        if field.data not in set(Role):
            raise ValidationError(CHOOSE_ROLE)


class RoleForm(GermanForm):
    """Another role in one municipality, or none; ``was`` is the one that the page showed."""

    role = StringField(marked("Aufgabe"))
    was = HiddenField(validators=[Length(max=20)])

    def validate_role(self, field: Field) -> None:
        """One of those that there are, or NO_ROLE."""
        if field.data not in {*Role, NO_ROLE}:
            raise ValidationError(CHOOSE_ROLE)


class InviteAgainForm(GermanForm):
    """A new link, and whether the second factor was lost too."""

    forget = BooleanField(marked("Handy oder Schlüssel ist weg"), [Optional()])
