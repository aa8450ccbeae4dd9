"""`digitalpfad staff`: people with a login."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from dashboards.access import invitations
from dashboards.access.accounts import login_name
from dashboards.access.passwords import hash_password, new_one_time_password
from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, printable, record
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import Message, phrase
from geodata.model.staff import Grant, Role, Staff
from geodata.store.access import staff
from geodata.store.transaction import Transaction
from geodata.text.broken import is_visible
from geodata.vocabulary.audit import Action

group = typer.Typer(no_args_is_help=True, help="People with a login.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="staff")


@group.callback()
def _group() -> None:
    """People with a login."""


@group.command("add")
def add(
    name: str,
    role: Annotated[Role, typer.Option(help="What this person may do.")],
    *,
    municipality: Annotated[
        str | None, typer.Option(help="Its slug: the role holds there and nowhere else. Without: in all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a person and print a password that is good for the first login."""
    wanted = login_name(name)
    if len(wanted) > 100 or not is_visible(wanted):
        raise InvalidInput("NAME", name, "1 to 100 printable characters")
    password = new_one_time_password()
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        added = staff.create(connection, wanted, [Grant(role, municipality)], hash_password(password))
        note(connection, Action.STAFF_ADD, f"{added.name} ({_roles(added.grants)})")
    _hand_over({"name": added.name, "role": _roles(added.grants)}, password, as_json=as_json)


@group.command("invite")
def invite(
    name: str,
    role: Annotated[
        Role | None, typer.Option(help="What this person may do; not for somebody who has a login already.")
    ] = None,
    *,
    municipality: Annotated[
        str | None, typer.Option(help="Its slug: the role holds there and nowhere else. Without: in all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print a link on which a person chooses a password or a passkey: somebody new, or who forgot the password."""
    present, _ = settings.load()
    wanted = login_name(name)
    with services.open_database(present) as database, database.transaction() as connection:
        account = staff.find(connection, wanted)
        if account is None:
            person = _add_invited(connection, wanted, role, municipality)
        elif role is not None or municipality is not None:
            raise InvalidInput("NAME", name, "a name that nobody has yet", "Say 'digitalpfad staff grant NAME'.")
        elif account.disabled_at is not None:
            raise InvalidInput("NAME", name, "a login that is not disabled", "Say 'digitalpfad staff enable NAME'.")
        else:
            person = account.staff
        token = invitations.invite(connection, person.id)
        note(connection, Action.STAFF_INVITE, f"{person.name} ({_roles(person.grants)})")
    link = invitations.link(present.public_url, token)
    if as_json:
        answer_json({"name": person.name, "role": _roles(person.grants), "link": link})
        return
    typer.echo(link)
    typer.echo("It is shown this once, and good once within seven days.", err=True)


@group.command("grant")
def grant(
    name: str,
    role: Annotated[Role, typer.Option(help="What this person may do there.")],
    *,
    municipality: Annotated[str | None, typer.Option(help="Its slug. Without: in all.")] = None,
) -> None:
    """Give a person a role in a municipality, or another one than before."""
    with _account(name) as (connection, account):
        person = account.staff
        kept = [each for each in person.grants if each.municipality != municipality]
        _regrant(connection, person, [*kept, Grant(role, municipality)])
    typer.echo(f"{printable(person.name)}: {_roles([*kept, Grant(role, municipality)])}")


@group.command("revoke")
def revoke(
    name: str,
    *,
    municipality: Annotated[str | None, typer.Option(help="Its slug. Without: the role in all of them.")] = None,
) -> None:
    """Take a person's role in a municipality away; the last one goes with 'staff disable'."""
    with _account(name) as (connection, account):
        person = account.staff
        kept = [each for each in person.grants if each.municipality != municipality]
        if len(kept) == len(person.grants):
            raise NotFound("role", municipality or "in all municipalities")
        if not kept:
            raise InvalidInput("NAME", name, "somebody with another role", "Say 'digitalpfad staff disable NAME'.")
        _regrant(connection, person, kept)
    typer.echo(f"{printable(person.name)}: {_roles(kept)}")


@group.command("list")
def list_(*, as_json: Json = False) -> None:
    """List everybody with a login, also those whose login is disabled."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        people = staff.entries(connection)
    if as_json:
        answer_json([{**record(member), "role": _roles(member.grants)} for member in people])
        return
    answer_table(
        ("NAME", "ROLE", "LOGIN", "SESSIONS"),
        ((member.name, _roles(member.grants), _state(member), member.sessions) for member in people),
        "Nobody has a login; 'digitalpfad staff add NAME --role admin' adds one.",
    )


@group.command("reset")
def reset(name: str, *, as_json: Json = False) -> None:
    """Give a person a new password that is good for one login, and end all their sessions."""
    password = new_one_time_password()
    with _account(name) as (connection, account):
        if account.disabled_at is not None:
            raise InvalidInput("NAME", name, "a login that is not disabled", "Say 'digitalpfad staff enable NAME'.")
        staff.set_password(connection, account.staff.name, hash_password(password), one_time=True)
        note(connection, Action.STAFF_RESET, account.staff.name)
    _hand_over({"name": account.staff.name, "role": _roles(account.staff.grants)}, password, as_json=as_json)


@group.command("enable")
def enable(name: str, *, as_json: Json = False) -> None:
    """Allow a disabled person's logins again, with a new password that is good for one login."""
    password = new_one_time_password()
    with _account(name) as (connection, account):
        if account.disabled_at is None:
            raise InvalidInput("NAME", name, "a login that is disabled", "'digitalpfad staff reset NAME' renews it.")
        staff.enable(connection, account.staff.name, hash_password(password))
        note(connection, Action.STAFF_ENABLE, account.staff.name)
    _hand_over({"name": account.staff.name, "role": _roles(account.staff.grants)}, password, as_json=as_json)


@group.command("disable")
def disable(name: str) -> None:
    """End all sessions of a person and refuse their logins from now on."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        staff.disable(connection, login_name(name))
        note(connection, Action.STAFF_DISABLE, login_name(name))
    typer.echo(f"{printable(login_name(name))} can no longer log in; all sessions have ended.")


def _add_invited(connection: Transaction, wanted: str, role: Role | None, municipality: str | None) -> Staff:
    if len(wanted) > 100 or not is_visible(wanted):
        raise InvalidInput("NAME", wanted, "1 to 100 printable characters")
    if role is None:
        raise InvalidInput("--role", "", "what somebody new may do", "Add --role editor, for one.")
    return staff.create(connection, wanted, [Grant(role, municipality)], None, one_time=False)


def _regrant(connection: Transaction, person: Staff, grants: Sequence[Grant]) -> None:
    """Replace what somebody may do, but leave no installation without an admin."""
    staff.lock_grants(connection)
    admins = staff.count_admins(connection, None)
    staff.set_grants(connection, person.id, grants)
    if admins and not staff.count_admins(connection, None):
        raise InvalidInput(
            "NAME", person.name, "another admin who stays", "Say 'digitalpfad staff add NAME --role admin'."
        )
    note(connection, Action.STAFF_GRANT, f"{person.name} ({_roles(grants)})")


@contextmanager
def _account(name: str) -> Generator[tuple[Transaction, staff.StaffLogin]]:
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        account = staff.find(connection, login_name(name))
        if account is None:
            raise NotFound("staff member", name)
        yield connection, account


def _roles(grants: Sequence[Grant]) -> str:
    """``admin``, ``editor (lemgo), viewer (kalletal)``."""
    return ", ".join(f"{grant.role} ({grant.municipality})" if grant.municipality else grant.role for grant in grants)


def _state(member: staff.StaffEntry) -> Message:
    if member.disabled_at is not None:
        return phrase("disabled")
    if member.is_expired:
        return phrase("one-time password, expired")
    if member.one_time:
        return phrase("one-time password")
    if member.has_password:
        return phrase("own password")
    return phrase("passkey") if member.has_passkey else phrase("invited")


def _hand_over(person: dict[str, str], password: str, *, as_json: bool) -> None:
    if as_json:
        answer_json({**person, "one_time_password": password})
        return
    for label, text in {**person, "one-time password": password}.items():
        typer.echo(f"{label:<17}  {text}")
    typer.echo(
        "It is shown this once and good for seven days; the first login asks for a password of one's own.", err=True
    )
