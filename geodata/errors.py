"""The one hierarchy of errors; each edge translates it once (problem details, exit code, quarantine reason)."""

from __future__ import annotations

from enum import Enum
from typing import cast

from geodata.messages.message import Message, cut, followed_by, joined, message, phrase

_FEW = 4  # parts of a value that a sentence names one by one


class DigitalpfadError(Exception):
    """Something went wrong in Digitalpfad."""

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = phrase(sentence or (self.__doc__ or "").strip())
        """What went wrong, for people; ``geodata.messages.translation`` says it in another language."""
        super().__init__(self.sentence)


class InvalidInput(DigitalpfadError):
    """A value from outside is not what was expected."""

    def __init__(self, field: str, value: object, expected: str, hint: str = "") -> None:
        """Name the ``field``, its ``value``, what was ``expected`` and, where it is not obvious, the ``hint``.

        A value that is a Message describes what is there ("a link") and stands without quotes; None was not given.
        """
        self.field = field = cut(field)  # a parameter may be called anything
        self.value = value
        self.expected = expected
        self.hint = hint
        super().__init__(followed_by(_is_expected(field, _described(value), expected), hint))


class NotFound(DigitalpfadError):
    """What was asked for does not exist."""

    def __init__(self, kind: str, key: str) -> None:
        """``kind`` is the glossary's word for the thing, ``key`` what was asked for."""
        self.kind = kind
        self.key = key
        super().__init__(message("There is no {kind} {key}.", kind=phrase(kind), key=cut(repr(key))))


class StoreError(DigitalpfadError):
    """The database refused a statement."""


class StoreUnavailable(StoreError):
    """The database cannot be reached or cannot work right now; the same call may succeed later."""


class StoreTimeout(StoreUnavailable):
    """The database was given too much to do at once: it was stopped, and less at once may succeed."""


class StoreDeadlock(StoreUnavailable):
    """Two transactions stood in each other's way: this one was undone, and may succeed at once."""


class StoreRejected(StoreError):
    """The database refuses these values, now and later."""


class RoleRefused(StoreError):
    """The login may not work in its service's role, now and later."""

    def __init__(self, login: str, role: str, hint: str) -> None:
        """``hint`` says what has to be run, and by whom."""
        self.login = login
        self.role = role
        self.hint = hint
        refused = message("The database login {login} may not work as {role}.", login=login, role=role)
        super().__init__(followed_by(refused, hint))


class MigrationError(StoreError):
    """The database's schema and the migration files do not fit together."""


class StartRefused(DigitalpfadError):
    """A precondition of the start is missing; the message says which, and the hint."""


def _described(value: object) -> str:
    """What is there, as people who know no Python read it."""
    if isinstance(value, Message):
        return value
    if value is None:
        return phrase("not given")
    if value in ([], {}, ()):
        return phrase("none")
    if isinstance(value, tuple):
        parts = cast("tuple[object, ...]", value)
        return joined([_described(part) for part in parts]) if len(parts) <= _FEW else cut(repr(parts))
    return cut(repr(value.value if isinstance(value, Enum) else value))


def _is_expected(field: str, value: str, expected: str) -> Message:
    parts = {"field": phrase(field), "value": value, "expected": phrase(expected)}
    return message("{field} is {value}, expected {expected}.", **parts)
