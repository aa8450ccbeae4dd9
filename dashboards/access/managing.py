"""Who may decide about whose login, and the changes themselves: each is written into the audit log of its town.

Admins of a town decide about roles in that town. About a login itself (a new link, shutting it off) decides only who is
admin wherever its person has a role: a link to a login opens all that it may do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboards.access import invitations
from geodata.errors import DigitalpfadError
from geodata.model.staff import Grant, Role, Staff
from geodata.store.access import audit, staff_factor, staff_token
from geodata.store.access import staff as staff_store
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action


class LastAdmin(DigitalpfadError):
    """Nobody would be left who may do this again."""


class OnlyRole(DigitalpfadError):
    """The person has no other role: then the login is shut off instead."""


class ChangedMeanwhile(DigitalpfadError):
    """Somebody else changed the role after the page was shown; ``role`` is what it is now."""

    def __init__(self, role: Role | None) -> None:
        super().__init__()
        self.role = role


def manages(staff: Staff, town: str | None) -> bool:
    """Whether somebody decides about roles in a municipality (its slug), or in all of them (None)."""
    return Role.ADMIN in (staff.roles_for_installation if town is None else staff.roles_in(town))


def manages_wholly(staff: Staff, grants: Iterable[Grant]) -> bool:
    """Whether somebody decides about the login of a person with these grants."""
    return all(manages(staff, grant.municipality) for grant in grants)


def role_in(grants: Iterable[Grant], town: str | None) -> Role | None:
    """The role of exactly this municipality, or of exactly all of them."""
    return next((grant.role for grant in grants if grant.municipality == town), None)


def add(database: Database, by: Staff, name: str, grant: Grant) -> tuple[Staff, str]:
    """A new person with an invitation's token; raises InvalidInput for a name that is taken."""
    with database.transaction() as connection:
        added = staff_store.create(connection, name, [grant], None, one_time=False)
        audit.by_staff(
            connection,
            by.name,
            Action.STAFF_INVITE,
            added.name,
            after=grant.role,
            municipality=grant.municipality,
        )
        return added, invitations.invite(connection, added.id)


def set_role(
    database: Database, by: Staff, person: int, was: Role | None, grant: Grant | None, town: str | None
) -> None:
    """Replace the role of a person in ``town``; without a grant it is taken away.

    Raises ChangedMeanwhile, OnlyRole, LastAdmin.
    """
    with database.transaction() as connection:
        staff_store.lock_grants(connection)
        grants = staff_store.get(connection, person).staff.grants
        now = role_in(grants, town)
        if now != was:
            raise ChangedMeanwhile(now)
        kept = [each for each in grants if each.municipality != town]
        if not kept and grant is None:
            raise OnlyRole
        staff_store.set_grants(connection, person, [*kept, grant] if grant else kept)
        if now is Role.ADMIN:
            _refuse_without_admin(connection, [town])
        name = staff_store.get(connection, person).staff.name
        audit.by_staff(
            connection,
            by.name,
            Action.STAFF_GRANT,
            name,
            before=now or "",
            after=grant.role if grant else "",
            municipality=town,
        )


def disable(database: Database, by: Staff, person: int) -> None:
    """Shut a login off: its sessions end, its invitation is good no more. Raises LastAdmin."""
    with database.transaction() as connection:
        staff_store.lock_grants(connection)
        staff = staff_store.get(connection, person).staff
        staff_store.disable(connection, staff.name)
        staff_token.withdraw(connection, person)
        _refuse_without_admin(connection, [each.municipality for each in staff.grants if each.role is Role.ADMIN])
        _note(connection, by, Action.STAFF_DISABLE, staff)


def enable(database: Database, by: Staff, person: int) -> None:
    """Allow a login again, as it was."""
    with database.transaction() as connection:
        staff = staff_store.get(connection, person).staff
        staff_store.allow(connection, person)
        _note(connection, by, Action.STAFF_ENABLE, staff)


def invite_again(database: Database, by: Staff, person: int, *, forget_factors: bool) -> tuple[Staff, str]:
    """A new link for whoever forgot the password, or lost what is asked for beside it; all else stays as it is."""
    with database.transaction() as connection:
        staff = staff_store.get(connection, person).staff
        if forget_factors:
            staff_factor.remove_all(connection, person)
            _note(connection, by, Action.FACTORS_REMOVE, staff)
        _note(connection, by, Action.STAFF_INVITE, staff)
        return staff, invitations.invite(connection, person)


def _note(connection: Transaction, by: Staff, action: Action, staff: Staff) -> None:
    """One entry for each town whose admins should know."""
    for town in sorted({grant.municipality or "" for grant in staff.grants}):
        audit.by_staff(connection, by.name, action, staff.name, municipality=town or None)


def _refuse_without_admin(connection: Transaction, towns: Sequence[str | None]) -> None:
    if any(staff_store.count_admins(connection, town) == 0 for town in towns):
        raise LastAdmin
