"""Accounts of staff: creating them, signing in and out, changing the password.

A session is a row; the browser holds a random token, the database only its SHA-256. Times are aware UTC.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards import passwords
from geodata.errors import DigitalpfadError
from geodata.model.staff import Staff
from geodata.store.access import audit, staff_session
from geodata.store.access import staff as staff_store
from geodata.store.access.staff import StaffLogin
from geodata.store.database import Database
from geodata.vocabulary.audit import Action

IDLE = timedelta(hours=12)
LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the token that the browser gets."""

    staff: Staff
    token: str


def login_name(name: str) -> str:
    """The one spelling of a name: capitals, the kind of a blank and what nobody can see make no difference."""
    blanks = (" " if character.isspace() else character for character in name)
    return "".join(filter(str.isprintable, blanks)).strip().lower()


def sign_in(database: Database, name: str, password: str, now: datetime) -> SignedIn | None:
    """Open a session; None when name or password are wrong, without telling which, not even by the time it takes.

    Raises PasswordExpired for a one-time password that nobody used in time: only who has it learns that.
    """
    account = _account(database, login_name(name))
    if not passwords.verify_password(account.argon2 if account else None, password) or account is None:
        _note_refusal(database, login_name(name), Action.LOGIN)
        return None
    if account.is_expired:
        _note_refusal(database, account.staff.name, Action.LOGIN)
        raise PasswordExpired
    fresh = passwords.hash_password(password) if passwords.needs_rehash(account.argon2) else None
    token = secrets.token_urlsafe(32)
    with database.transaction() as connection:
        if fresh is not None:
            staff_store.renew_hash(connection, account.staff.id, fresh)
        staff_session.begin(connection, account.staff.id, digest(token), now, LIFETIME)
        audit.by_staff(connection, account.staff.name, Action.LOGIN)
    return SignedIn(account.staff, token)


def find(database: Database, token: str, now: datetime, *, used: bool) -> Staff | None:
    """Whose open session the token is. ``used`` says that a person did something: it keeps the session awake."""
    with database.transaction() as connection:
        staff = staff_session.find(connection, digest(token), now, IDLE)
        if staff is not None and used:
            staff_session.touch(connection, digest(token), now)
    return staff


def sign_out(database: Database, token: str, now: datetime) -> None:
    """End the session of this token."""
    with database.transaction() as connection:
        staff = staff_session.find(connection, digest(token), now, IDLE)
        staff_session.revoke(connection, digest(token), now)
        if staff is not None:
            audit.by_staff(connection, staff.name, Action.LOGOUT)


def sign_out_everywhere(database: Database, staff: Staff, now: datetime) -> None:
    """End all sessions of a person."""
    with database.transaction() as connection:
        staff_session.revoke_all(connection, staff.id, now)
        audit.by_staff(connection, staff.name, Action.LOGOUT_EVERYWHERE)


class PasswordExpired(DigitalpfadError):
    """A one-time password was right and is no longer good."""


class WrongPassword(DigitalpfadError):
    """The current password is not right."""


def change_password(database: Database, staff: Staff, current: str, new: str, now: datetime) -> SignedIn:
    """Replace the password, end all sessions and open a new one; raises WrongPassword."""
    account = _account(database, staff.name)
    if account is None or not passwords.verify_password(account.argon2, current):
        _note_refusal(database, staff.name, Action.PASSWORD_CHANGE)
        raise WrongPassword
    argon2 = passwords.hash_password(new)
    token = secrets.token_urlsafe(32)
    with database.transaction() as connection:
        staff_store.set_password(connection, staff.name, argon2)
        staff_session.begin(connection, staff.id, digest(token), now, LIFETIME)
        audit.by_staff(connection, staff.name, Action.PASSWORD_CHANGE)
    return SignedIn(staff, token)


def digest(token: str) -> bytes:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).digest()


def _note_refusal(database: Database, name: str, action: Action) -> None:
    with database.transaction() as connection:
        audit.count_refusal(connection, name, action)


def _account(database: Database, name: str) -> StaffLogin | None:
    with database.transaction() as connection:
        account = staff_store.find(connection, name)
    return account if account is not None and account.disabled_at is None else None
