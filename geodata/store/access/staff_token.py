"""Secrets that are good once and for a short time: invitations, and the steps of a login. Digests come in, no secrets.

They end by the database's clock alone, which also says when they began.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from geodata.store.transaction import Transaction


class TokenPurpose(StrEnum):
    """What a secret is good for, and for nothing else."""

    INVITATION = "invitation"
    SECOND_FACTOR = "second-factor"
    PASSKEY_SIGN_IN = "passkey-sign-in"
    PASSKEY_ADD = "passkey-add"


LIFETIMES = {
    TokenPurpose.INVITATION: timedelta(days=7),
    TokenPurpose.SECOND_FACTOR: timedelta(minutes=10),
    TokenPurpose.PASSKEY_SIGN_IN: timedelta(minutes=5),
    TokenPurpose.PASSKEY_ADD: timedelta(minutes=5),
}
_MOST_TRIES = 5
"""So many wrong codes, then the password is asked for again."""


def issue(connection: Transaction, purpose: TokenPurpose, digest: bytes, staff: int | None) -> None:
    """Keep a new one; a person has one of each purpose, the newest. What is over is forgotten."""
    lifetime = LIFETIMES[purpose]
    connection.execute(
        "DELETE FROM staff_token WHERE purpose = %s AND (staff = %s OR created_at < now() - %s)",
        [purpose, staff, lifetime],
    )
    connection.execute("INSERT INTO staff_token (digest, purpose, staff) VALUES (%s, %s, %s)", [digest, purpose, staff])


def holder(connection: Transaction, purpose: TokenPurpose, digest: bytes) -> int | None:
    """The id of the person whose good one this is, which it stays; None for any other."""
    row = connection.execute(
        "SELECT staff FROM staff_token JOIN staff ON staff.id = staff_token.staff"
        " WHERE digest = %s AND purpose = %s AND staff_token.created_at > now() - %s AND disabled_at IS NULL",
        [digest, purpose, LIFETIMES[purpose]],
    ).fetchone()
    return int(row[0]) if row else None


def take(connection: Transaction, purpose: TokenPurpose, digest: bytes, staff: int | None) -> bool:
    """Use it up; whether it was good for this person, or for anybody where it was given to nobody."""
    row = connection.execute(
        "DELETE FROM staff_token WHERE digest = %s AND purpose = %s AND staff IS NOT DISTINCT FROM %s"
        " RETURNING created_at > now() - %s",
        [digest, purpose, staff, LIFETIMES[purpose]],
    ).fetchone()
    return bool(row and row[0])


def count_try(connection: Transaction, digest: bytes) -> None:
    """A wrong code was given with it; with too many it is over."""
    connection.execute("UPDATE staff_token SET tries = tries + 1 WHERE digest = %s", [digest])
    connection.execute("DELETE FROM staff_token WHERE digest = %s AND tries >= %s", [digest, _MOST_TRIES])


def withdraw(connection: Transaction, staff: int) -> None:
    """Forget all of a person, such as an invitation that was accepted or is not wanted any more."""
    connection.execute("DELETE FROM staff_token WHERE staff = %s", [staff])
