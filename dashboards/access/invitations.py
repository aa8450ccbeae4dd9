"""Invitations: a link that is good once and for seven days, on which somebody chooses a password or makes a passkey.

The same link, made anew, is the way back for whoever forgot the password.
"""

from __future__ import annotations

from datetime import datetime

from dashboards.access import accounts, passwords
from dashboards.access.accounts import SignedIn
from dashboards.access.passkeys import RelyingParty
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.store.access import audit, staff_factor, staff_token
from geodata.store.access import staff as staff_store
from geodata.store.access.staff_token import TokenPurpose
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action


def link(base_url: str, token: str) -> str:
    """Where an invitation is accepted."""
    return f"{base_url.rstrip('/')}/staff/invitation/{token}"


def invite(connection: Transaction, staff: int) -> str:
    """A token for this person; one of before is not good any more."""
    token = accounts.new_token()
    staff_token.issue(connection, TokenPurpose.INVITATION, accounts.digest(token), staff)
    return token


def invited(connection: Transaction, token: str) -> Staff:
    """Whose good invitation this is; raises NotFound."""
    staff = staff_token.holder(connection, TokenPurpose.INVITATION, accounts.digest(token))
    if staff is None:
        raise NotFound("invitation", "(not shown)")
    return staff_store.get(connection, staff).staff


def accept_with_password(database: Database, token: str, password: str, now: datetime) -> SignedIn | None:
    """Set the password and sign in; None where a second factor is asked for at the login. Raises NotFound."""
    argon2 = passwords.hash_password(password)
    with database.transaction() as connection:
        staff = _accepted(connection, token)
        staff_store.set_password(connection, staff.name, argon2)
        asked = staff_factor.factors(connection, staff.id).asked
        return None if asked else accounts.open_session(connection, staff, now)


def accept_with_passkey(
    database: Database, token: str, party: RelyingParty, credential: str, passkey: tuple[str, datetime]
) -> SignedIn:
    """Keep the passkey (its name, and the time) and sign in; no password opens the account from now on.

    Raises NotFound, and UnusablePasskey, after which the invitation is still good.
    """
    name, now = passkey
    with database.transaction() as connection:
        staff = invited(connection, token)
        party.add(connection, staff, name, credential)
        _accepted(connection, token)
        staff_store.set_password(connection, staff.name, None)
        return accounts.open_session(connection, staff, now)


def _accepted(connection: Transaction, token: str) -> Staff:
    staff = invited(connection, token)
    if not staff_token.take(connection, TokenPurpose.INVITATION, accounts.digest(token), staff.id):
        raise NotFound("invitation", "(not shown)")
    staff_token.withdraw(connection, staff.id)
    audit.by_staff(connection, staff.name, Action.INVITATION_ACCEPT)
    return staff
