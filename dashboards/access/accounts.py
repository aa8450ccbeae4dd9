"""Accounts of staff: creating them, signing in and out, changing the password.

A session is a row; the browser holds a random token, the database only its SHA-256. Times are aware UTC.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards.access import passwords
from geodata.errors import DigitalpfadError
from geodata.model.staff import Staff
from geodata.store.access import audit, staff_factor, staff_session, staff_token
from geodata.store.access import staff as staff_store
from geodata.store.access.staff import StaffLogin
from geodata.store.access.staff_token import TokenPurpose
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

IDLE = timedelta(hours=12)
LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the token that the browser gets."""

    staff: Staff
    token: str


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right, and a second factor is asked for; ``token`` goes along with it, good for minutes."""

    token: str


def login_name(name: str) -> str:
    """The one spelling of a name: capitals, the kind of a blank and what nobody can see make no difference."""
    blanks = (" " if character.isspace() else character for character in name)
    return "".join(filter(str.isprintable, blanks)).strip().lower()


def sign_in(database: Database, name: str, password: str, now: datetime) -> SignedIn | SecondStep | None:
    """Open a session, or say that a second factor is needed; None when name or password are wrong.

    Which of them is wrong is not told, not even by the time it takes.

    Raises PasswordExpired for a one-time password that nobody used in time: only who has it learns that.
    """
    account = _account(database, login_name(name))
    argon2 = account.argon2 if account else None
    if not passwords.verify_password(argon2, password) or account is None or argon2 is None:
        _note_refusal(database, login_name(name), Action.LOGIN)
        return None
    if account.is_expired:
        _note_refusal(database, account.staff.name, Action.LOGIN)
        raise PasswordExpired
    fresh = passwords.hash_password(password) if passwords.needs_rehash(argon2) else None
    with database.transaction() as connection:
        if fresh is not None:
            staff_store.renew_hash(connection, account.staff.id, fresh)
        if staff_factor.factors(connection, account.staff.id).asked:
            token = new_token()
            staff_token.issue(connection, TokenPurpose.SECOND_FACTOR, digest(token), account.staff.id)
            return SecondStep(token)
        return open_session(connection, account.staff, now)


def open_session(connection: Transaction, staff: Staff, now: datetime) -> SignedIn:
    """Begin a session of somebody who has shown who it is, and write it down."""
    token = new_token()
    staff_session.begin(connection, staff.id, digest(token), now, LIFETIME)
    audit.by_staff(connection, staff.name, Action.LOGIN)
    return SignedIn(staff, token)


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


def end_session(database: Database, staff: Staff, number: int, now: datetime) -> bool:
    """End one session of a person; whether the person has such a one."""
    with database.transaction() as connection:
        is_own = staff_session.end(connection, staff.id, number, now)
        if is_own:
            audit.by_staff(connection, staff.name, Action.SESSION_END)
    return is_own


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
    token = new_token()
    with database.transaction() as connection:
        staff_store.set_password(connection, staff.name, argon2)
        staff_session.begin(connection, staff.id, digest(token), now, LIFETIME)
        audit.by_staff(connection, staff.name, Action.PASSWORD_CHANGE)
    return SignedIn(staff, token)


def new_token() -> str:
    """A secret that nobody guesses, as it may stand in an address."""
    return secrets.token_urlsafe(32)


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
