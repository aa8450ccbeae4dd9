"""Who wants which mails, and what the last digest told them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.mail.records import MailKind, MailWish
from geodata.model.staff import Staff
from geodata.store.access.staff import GRANTS, grants_of
from geodata.store.transaction import Transaction


def find(connection: Transaction, staff: int) -> MailWish | None:
    """What somebody wants; None before they said anything."""
    row = connection.execute("SELECT address, kinds, language FROM mail_wish WHERE staff = %s", [staff]).fetchone()
    return MailWish(staff=staff, address=row[0], kinds=_kinds(row[1]), language=row[2]) if row else None


def keep(connection: Transaction, wish: MailWish) -> None:
    """Keep what somebody wants in the place of what they wanted before."""
    connection.execute(
        "INSERT INTO mail_wish (staff, address, kinds, language) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (staff) DO UPDATE SET address = excluded.address, kinds = excluded.kinds,"
        " language = excluded.language",
        [wish.staff, wish.address, sorted(wish.kinds), wish.language],
    )


def forget(connection: Transaction, staff: int) -> None:
    """No mails any more, and no address."""
    connection.execute("DELETE FROM mail_wish WHERE staff = %s", [staff])


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who wants a mail; ``told`` is the digest of what they were told last."""

    staff: Staff
    wish: MailWish
    told: bytes | None


def subscribers(connection: Transaction, kind: MailKind) -> Sequence[Subscriber]:
    """Everybody who wants mails of this kind and may still sign in, by name."""
    rows = connection.execute(
        "SELECT staff.id, name, " + GRANTS + ", address, kinds, language, told FROM mail_wish"  # noqa: S608 - a constant
        " JOIN staff ON staff.id = mail_wish.staff WHERE %s = ANY (kinds) AND disabled_at IS NULL ORDER BY name",
        [kind],
    )
    return [
        Subscriber(
            Staff(id=row[0], name=row[1], grants=grants_of(row[2])),
            MailWish(staff=row[0], address=row[3], kinds=_kinds(row[4]), language=row[5]),
            None if row[6] is None else bytes(row[6]),
        )
        for row in rows
    ]


def note_told(connection: Transaction, staff: int, told: bytes) -> None:
    """Note what the digest that was just written tells."""
    connection.execute("UPDATE mail_wish SET told = %s WHERE staff = %s", [told, staff])


def _kinds(names: Sequence[str]) -> frozenset[MailKind]:
    return frozenset(MailKind(name) for name in names if name in set(MailKind))
