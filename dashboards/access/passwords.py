"""Passwords of staff: generating, hashing with argon2id, and which ones are good enough."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from importlib import resources

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from dashboards.languages import t

MIN_LENGTH = 12
MAX_LENGTH = 256

_LEAST_GUESSES = 1e8
"""Of the estimate: who may try ten passwords a quarter of an hour never gets there, and a stolen hash costs days."""
_ESTIMATED = 72
"""The estimate looks at so many characters: its time grows with their square."""

_hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
_at_once = threading.BoundedSemaphore(2)  # each computation takes 64 MiB: many logins at once must not take the memory
_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"  # nothing that is confused when it is read from paper


def new_one_time_password() -> str:
    """A new password of 78 bit, in groups that can be read out: ``k7mq-x2fp-9tve-wd4h``."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """The argon2id hash of ``password`` with today's parameters."""
    with _at_once:
        return _hasher.hash(_normal(password))


def verify_password(argon2: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the hash. Without a hash (nobody of that name) it takes as long and says no."""
    with _at_once:
        try:
            return _hasher.verify(argon2 or _nobodys_hash(), _normal(password)) and argon2 is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(argon2: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(argon2)


def password_problem(password: str, name: str) -> str | None:
    """What speaks against ``password`` as a new one for ``name``, to be shown at once; None when nothing does."""
    if len(password) < MIN_LENGTH:
        return t(
            "Bitte mindestens %(least)s Zeichen. Drei oder vier Wörter hintereinander sind gut zu merken.",
            least=MIN_LENGTH,
        )
    if len(password) > MAX_LENGTH:
        return t("Bitte höchstens %(most)s Zeichen.", most=MAX_LENGTH)
    plain = password.casefold()
    if len(name) >= 4 and name in plain:
        return t("Bitte ein Passwort, in dem Ihr Name nicht vorkommt.")
    if plain in _blocked() or len(set(plain)) < 5 or _guesses(plain, name) < _LEAST_GUESSES:
        return t("Dieses Passwort wird oft erraten. Bitte wählen Sie ein anderes.")
    return None


def _guesses(plain: str, name: str) -> float:
    """How many guesses a password takes somebody who knows which words, names and keyboard patterns people choose."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists take memory, and few processes ever set a password

    return float(zxcvbn(plain[:_ESTIMATED], user_inputs=[name, "digitalpfad", "stadtwald"])["guesses"])


def _normal(password: str) -> str:
    """One spelling of letters with marks: keyboards differ in how they send an ä."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())


@cache
def _blocked() -> frozenset[str]:
    text = resources.files("dashboards.access").joinpath("blocked_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line)
