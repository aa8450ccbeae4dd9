"""`digitalpfad staff`: people with a login."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer

from dashboards.accounts import login_name
from dashboards.passwords import hash_password, new_one_time_password
from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table, printable, record
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import Message, phrase
from geodata.model.staff import Role
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
    as_json: Json = False,
) -> None:
    """Add a person and print a password that is good for the first login."""
    wanted = login_name(name)
    if len(wanted) > 100 or not is_visible(wanted):
        raise InvalidInput("NAME", name, "1 to 100 printable characters")
    password = new_one_time_password()
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        added = staff.create(connection, wanted, role, hash_password(password))
        note(connection, Action.STAFF_ADD, f"{added.name} ({role})")
    _hand_over({"name": added.name, "role": added.role}, password, as_json=as_json)


@group.command("list")
def list_(*, as_json: Json = False) -> None:
    """List everybody with a login, also those whose login is disabled."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        people = staff.entries(connection)
    if as_json:
        answer_json([record(member) for member in people])
        return
    answer_table(
        ("NAME", "ROLE", "LOGIN", "SESSIONS"),
        ((member.name, member.role, _state(member), member.sessions) for member in people),
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
    _hand_over({"name": account.staff.name, "role": account.staff.role}, password, as_json=as_json)


@group.command("enable")
def enable(name: str, *, as_json: Json = False) -> None:
    """Allow a disabled person's logins again, with a new password that is good for one login."""
    password = new_one_time_password()
    with _account(name) as (connection, account):
        if account.disabled_at is None:
            raise InvalidInput("NAME", name, "a login that is disabled", "'digitalpfad staff reset NAME' renews it.")
        staff.enable(connection, account.staff.name, hash_password(password))
        note(connection, Action.STAFF_ENABLE, account.staff.name)
    _hand_over({"name": account.staff.name, "role": account.staff.role}, password, as_json=as_json)


@group.command("disable")
def disable(name: str) -> None:
    """End all sessions of a person and refuse their logins from now on."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        staff.disable(connection, login_name(name))
        note(connection, Action.STAFF_DISABLE, login_name(name))
    typer.echo(f"{printable(login_name(name))} can no longer log in; all sessions have ended.")


@contextmanager
def _account(name: str) -> Generator[tuple[Transaction, staff.StaffLogin]]:
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        account = staff.find(connection, login_name(name))
        if account is None:
            raise NotFound("staff member", name)
        yield connection, account


def _state(member: staff.StaffEntry) -> Message:
    if member.disabled_at is not None:
        return phrase("disabled")
    if member.is_expired:
        return phrase("one-time password, expired")
    return phrase("one-time password") if member.one_time else phrase("own password")


def _hand_over(person: dict[str, str], password: str, *, as_json: bool) -> None:
    if as_json:
        answer_json({**person, "one_time_password": password})
        return
    for label, text in {**person, "one-time password": password}.items():
        typer.echo(f"{label:<17}  {text}")
    typer.echo(
        "It is shown this once and good for seven days; the first login asks for a password of one's own.", err=True
    )
