"""What the page of one's own login shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from dashboards.access import accounts, second_factor
from geodata.model.staff import Staff
from geodata.store.access import staff as staff_store
from geodata.store.access import staff_factor, staff_passkey, staff_session
from geodata.store.access.staff_factor import Factors
from geodata.store.access.staff_passkey import Passkey
from geodata.store.access.staff_session import OpenSession
from geodata.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A person's own password, second factor, passkeys and sessions.

    ``app_secret`` and ``app_address`` are those of an app that is being set up, else empty: in use they are not shown.
    """

    has_password: bool
    factors: Factors
    app_secret: str
    app_address: str
    passkeys: Sequence[Passkey]
    sessions: Sequence[OpenSession]

    @classmethod
    def read(cls, database: Database, staff: Staff, token: str, now: datetime) -> Self:
        """That of ``staff``, who asks with the session's ``token``."""
        with database.transaction() as connection:
            totp = staff_factor.find_totp(connection, staff.id)
            secret = totp.secret if totp is not None and not totp.is_confirmed else ""
            return cls(
                has_password=staff_store.get(connection, staff.id).argon2 is not None,
                factors=staff_factor.factors(connection, staff.id),
                app_secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
                app_address=second_factor.address(secret, staff) if secret else "",
                passkeys=staff_passkey.of_staff(connection, staff.id),
                sessions=staff_session.open_sessions(connection, staff.id, accounts.digest(token), now, accounts.IDLE),
            )
