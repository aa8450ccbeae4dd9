"""The second factor: codes of an app (TOTP, RFC 6238), each taken once, and codes on paper for whoever lost the phone.

The app's secret lies in the table as it is: a code is worked out of it. Only the web service's role reads that table.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from pyotp.totp import TOTP

from dashboards.access import accounts, passwords
from dashboards.access.accounts import SignedIn
from geodata.errors import DigitalpfadError
from geodata.model.staff import Staff
from geodata.store.access import audit, staff_factor, staff_token
from geodata.store.access import staff as staff_store
from geodata.store.access.staff_token import TokenPurpose
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

RECOVERY_CODES = 10
ISSUER = "Digitalpfad"
_STEP_S = 30
_STEPS_OFF = (0, -1, 1)
"""A phone's clock may be so many steps off."""


class StepOver(DigitalpfadError):
    """The password was right too long ago, or too many codes were wrong: it begins again."""


def holder(database: Database, token: str) -> Staff:
    """Whose password was right; raises StepOver."""
    with database.transaction() as connection:
        return _holder(connection, token)


def finish(database: Database, token: str, code: str, now: datetime) -> SignedIn | None:
    """Open the session of whoever gave the right password before; None for a wrong code. Raises StepOver."""
    with database.transaction() as connection:
        staff = _holder(connection, token)
        if not is_right(connection, staff.id, code, now):
            staff_token.count_try(connection, accounts.digest(token))
            audit.count_refusal(connection, staff.name, Action.LOGIN)
            return None
        staff_token.take(connection, TokenPurpose.SECOND_FACTOR, accounts.digest(token), staff.id)
        return accounts.open_session(connection, staff, now)


def is_right(connection: Transaction, staff: int, code: str, now: datetime) -> bool:
    """Whether a code of the app or on paper is good; it is not good a second time."""
    plain = _plain(code)
    return is_of_app(connection, staff, code, now) or staff_factor.use_recovery_code(
        connection, staff, accounts.digest(plain)
    )


def is_of_app(connection: Transaction, staff: int, code: str, now: datetime) -> bool:
    """Whether a code is the app's of about now; it and earlier ones are not good any more."""
    totp = staff_factor.find_totp(connection, staff)
    if totp is None:
        return False
    app, plain = TOTP(totp.secret), _plain(code)
    for step in (int(now.timestamp()) // _STEP_S + off for off in _STEPS_OFF):
        if hmac.compare_digest(app.generate_otp(step).encode(), plain.encode()):
            return staff_factor.use_totp(connection, staff, step)
    return False


def begin(database: Database, staff: Staff) -> None:
    """Make a secret for an app; nothing asks for its codes before one of them was given."""
    with database.transaction() as connection:
        staff_factor.begin_totp(connection, staff.id, pyotp.random_base32())


def address(secret: str, staff: Staff) -> str:
    """What an app reads from a picture: ``otpauth://totp/…``."""
    return TOTP(secret).provisioning_uri(name=staff.name, issuer_name=ISSUER)


def confirm(database: Database, staff: Staff, code: str, now: datetime) -> list[str] | None:
    """From now on ask for codes; returns those for paper, or None for a wrong code."""
    with database.transaction() as connection:
        if not is_of_app(connection, staff.id, code, now):
            return None
        audit.by_staff(connection, staff.name, Action.TOTP_ADD)
        return new_recovery_codes(connection, staff.id)


def remove(database: Database, staff: Staff, code: str, now: datetime) -> bool:
    """Ask for codes of the app no more; whether the code that shows who asks was right."""
    with database.transaction() as connection:
        totp = staff_factor.find_totp(connection, staff.id)
        if totp is not None and totp.is_confirmed and not is_right(connection, staff.id, code, now):
            audit.count_refusal(connection, staff.name, Action.TOTP_REMOVE)
            return False
        staff_factor.remove_totp(connection, staff.id)
        if totp is not None and totp.is_confirmed:
            audit.by_staff(connection, staff.name, Action.TOTP_REMOVE)
    return True


def renew_recovery_codes(database: Database, staff: Staff) -> list[str]:
    """New codes for paper, shown this once; the old ones are not good any more."""
    with database.transaction() as connection:
        audit.by_staff(connection, staff.name, Action.RECOVERY_CODES)
        return new_recovery_codes(connection, staff.id)


def new_recovery_codes(connection: Transaction, staff: int) -> list[str]:
    """Ten new ones, as they are read from paper."""
    codes = [passwords.new_one_time_password() for _ in range(RECOVERY_CODES)]
    staff_factor.set_recovery_codes(connection, staff, [accounts.digest(_plain(code)) for code in codes])
    return codes


def _holder(connection: Transaction, token: str) -> Staff:
    staff = staff_token.holder(connection, TokenPurpose.SECOND_FACTOR, accounts.digest(token))
    if staff is None:
        raise StepOver
    return staff_store.get(connection, staff).staff


def _plain(code: str) -> str:
    """A code however it was grouped: ``123 456``, ``K7MQ-x2fp-…``."""
    return "".join(filter(str.isalnum, code)).lower()
