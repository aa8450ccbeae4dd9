"""What the forms of the staff pages share: how fields come in, and the language of the library's messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData
from wtforms import Field, Form, ValidationError

from dashboards.languages import marked, t
from geodata.text.broken import UNFIT


async def fields_of(request: Request) -> FormData:
    """The fields as browsers send ours. Anything else has none: of a multipart form the sender names the encoding.

    They are read once for a request; whoever answers when all else failed finds them too.
    """
    read: FormData | None = getattr(request.state, "fields", None)
    if read is None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        read = await request.form() if kind == "application/x-www-form-urlencoded" else FormData()
        request.state.fields = read
    return read


Posted = Annotated[FormData, Depends(fields_of)]


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
    """A form whose library messages are in the language of the page: German, unless somebody chose another."""

    class Meta:
        """Settings of WTForms."""

        @property
        def locales(self) -> Sequence[str]:
            """Which of the library's catalogues to look in, for each form anew."""
            return ("de_DE", "de") if t.language == "de" else (t.language,)


def refuse_unfit(field: Field) -> None:
    """Raise ValidationError where a text has what nobody can see."""
    if UNFIT.search(str(field.data or "").replace("\r\n", "\n")):
        raise ValidationError(
            marked("Der Text hat unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen.")
        )
