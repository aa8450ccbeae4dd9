"""Second factors of staff: codes of an app, codes on paper. What a passkey is stands in staff_passkey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has beside a password. ``app`` is since when codes of an app are asked for."""

    app: datetime | None
    passkeys: int
    recovery_codes: int

    @property
    def asked(self) -> bool:
        """Whether a password alone opens nothing."""
        return self.app is not None or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """The secret (base32) of somebody's app; ``last_counter``: the step of time of the last code that was taken."""

    secret: str
    last_counter: int
    is_confirmed: bool


def factors(connection: Transaction, staff: int) -> Factors:
    """Those of a person."""
    row = connection.execute(
        "SELECT (SELECT confirmed_at FROM staff_totp WHERE staff = %(staff)s),"
        " (SELECT count(*)::int4 FROM staff_passkey WHERE staff = %(staff)s),"
        " (SELECT count(*)::int4 FROM staff_recovery_code WHERE staff = %(staff)s)",
        {"staff": staff},
    ).fetchone()
    return Factors(row[0], row[1], row[2]) if row else Factors(None, 0, 0)


def begin_totp(connection: Transaction, staff: int, secret: str) -> str:
    """Keep a secret that is being set up, and return it; one that was begun before, or is in use, stays as it is."""
    row = connection.execute(
        "INSERT INTO staff_totp AS old (staff, secret) VALUES (%s, %s)"
        " ON CONFLICT (staff) DO UPDATE SET secret = old.secret RETURNING secret",
        [staff, secret],
    ).fetchone()
    return str(row[0]) if row else secret


def find_totp(connection: Transaction, staff: int) -> TotpSecret | None:
    """The secret of a person, also one that is being set up."""
    row = connection.execute(
        "SELECT secret, last_counter, confirmed_at IS NOT NULL FROM staff_totp WHERE staff = %s", [staff]
    ).fetchone()
    return TotpSecret(str(row[0]), int(row[1]), bool(row[2])) if row else None


def use_totp(connection: Transaction, staff: int, counter: int) -> bool:
    """Take the code of a step of time; False when it, or a later one, was taken before. It confirms the setup."""
    row = connection.execute(
        "UPDATE staff_totp SET last_counter = %s, confirmed_at = coalesce(confirmed_at, now())"
        " WHERE staff = %s AND last_counter < %s RETURNING staff",
        [counter, staff, counter],
    ).fetchone()
    return row is not None


def remove_totp(connection: Transaction, staff: int) -> None:
    """Forget the app; codes on paper go with the last factor."""
    connection.execute("DELETE FROM staff_totp WHERE staff = %s", [staff])
    forget_unneeded_codes(connection, staff)


def set_recovery_codes(connection: Transaction, staff: int, digests: Iterable[bytes]) -> None:
    """Replace the codes on paper."""
    connection.execute("DELETE FROM staff_recovery_code WHERE staff = %s", [staff])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO staff_recovery_code (staff, digest) VALUES (%s, %s)", [(staff, digest) for digest in digests]
        )


def use_recovery_code(connection: Transaction, staff: int, digest: bytes) -> bool:
    """Take a code on paper; whether there was such a one."""
    return (
        connection.execute("DELETE FROM staff_recovery_code WHERE staff = %s AND digest = %s", [staff, digest]).rowcount
        > 0
    )


def forget_unneeded_codes(connection: Transaction, staff: int) -> None:
    """Codes on paper stand in for something: where nothing is asked for, there are none."""
    if not factors(connection, staff).asked:
        set_recovery_codes(connection, staff, ())


def remove_all(connection: Transaction, staff: int) -> None:
    """Forget all factors of somebody who lost them."""
    connection.execute("DELETE FROM staff_totp WHERE staff = %s", [staff])
    connection.execute("DELETE FROM staff_passkey WHERE staff = %s", [staff])
    set_recovery_codes(connection, staff, ())
