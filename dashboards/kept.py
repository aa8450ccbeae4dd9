"""Nothing typed is lost: what a form sent when the session had ended, or the database was away, is sent once more.

A page that says what happened holds the fields; after signing in, or by "Noch einmal versuchen", somebody presses and
the same form goes to the same address. Nothing is sent by itself. Passwords and codes are not kept, nor are files.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from dashboards.forms import fields_of
from dashboards.gate import LOGIN, START, safe_next

SECRET = frozenset({"password", "current", "new", "again", "code", "credential", "step"})
"""Fields of any form that are never put into a page again."""
_FOR = "kept-for"
_PREFIX = "kept:"
_SHOWN = 20
"""Texts of so many characters are shown: somebody may want to copy them; shorter ones are choices and numbers."""
_WITHOUT = (LOGIN, "/staff/invitation/")
"""Addresses below which a form is about who somebody is, and is filled in anew."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The fields of a form in their order, and the address (path and query) that they were sent to."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> list[str]:
        """What is worth reading again."""
        return [value for _, value in self.fields if len(value) >= _SHOWN]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Address and fields as fields that another form carries along."""
        return [(_FOR, self.address), *((f"{_PREFIX}{name}", value) for name, value in self.fields)]


def carried(posted: FormData) -> KeptForm | None:
    """What a form carries along beside its own fields; None without any, or for an address that is not ours."""
    address = _own(str(posted.get(_FOR, "")))
    pairs = [
        (name.removeprefix(_PREFIX), value)
        for name, value in posted.multi_items()
        if name.startswith(_PREFIX) and isinstance(value, str)
    ]
    return KeptForm(address, _open(pairs)) if address else None


async def typed(request: Request) -> KeptForm | None:
    """What somebody sent who cannot be answered as they wished; None where it was no form of ours."""
    if request.method != "POST":
        return None
    try:
        posted = await fields_of(request)
    except (HTTPException, ClientDisconnect, RuntimeError):  # too large, gone, or read by somebody else before
        return None
    if request.url.path.startswith(_WITHOUT):
        return carried(posted)
    address = _own(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    pairs = [(name, value) for name, value in posted.multi_items() if isinstance(value, str)]
    return KeptForm(address, _open(pairs)) if address else None


def _open(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if name not in SECRET)


def _own(address: str) -> str:
    """``address`` where a form of the staff pages may be sent to again, else nothing."""
    is_ours = safe_next(address) == address != START
    return address if is_ours and not address.startswith(_WITHOUT) else ""
