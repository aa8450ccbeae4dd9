"""The form on which somebody says which mails they want, and where they read them."""

from __future__ import annotations

from wtforms import BooleanField, Field, StringField, ValidationError

from dashboards.forms import GermanForm
from dashboards.languages import marked
from geodata.errors import InvalidInput
from geodata.mail.compose import check_address
from geodata.mail.records import MailKind, MailWish


class MailForm(GermanForm):
    """An address and a tick for each kind of mail."""

    address = StringField(marked("E-Mail-Adresse"))
    digest = BooleanField(marked("Was zu tun ist: höchstens einmal am Tag, und nur wenn etwas Neues da ist"))
    month_report = BooleanField(marked("Der Monatsbericht, am Ersten des nächsten Monats"))

    def validate_address(self, field: Field) -> None:
        """One that mails can go to, unless no mail is wanted."""
        if not str(field.data or "").strip():
            if self.kinds():
                raise ValidationError(marked("Bitte geben Sie an, wohin die Mails gehen sollen."))
            return
        try:
            check_address(str(field.data))
        except InvalidInput as error:
            raise ValidationError(
                marked("Das ist keine E-Mail-Adresse. Gemeint ist eine wie anna@stadt.example, ohne Umlaute.")
            ) from error

    def kinds(self) -> frozenset[MailKind]:
        """What is ticked."""
        ticked = {MailKind.DIGEST: self.digest.data, MailKind.MONTH_REPORT: self.month_report.data}
        return frozenset(kind for kind, is_wanted in ticked.items() if is_wanted)

    @classmethod
    def of(cls, wish: MailWish | None) -> MailForm:
        """The form as it was kept."""
        if wish is None:
            return cls()
        return cls(
            data={
                "address": wish.address,
                "digest": MailKind.DIGEST in wish.kinds,
                "month_report": MailKind.MONTH_REPORT in wish.kinds,
            }
        )
