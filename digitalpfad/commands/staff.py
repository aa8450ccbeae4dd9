"""`digitalpfad staff`: people with a login."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboards.passwords import hash_password, new_one_time_password
from digitalpfad import services, settings
from digitalpfad.commands.output import Json, answer_json
from geodata.errors import InvalidInput
from geodata.model import Role
from geodata.store import staff

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
    wanted = name.strip().lower()
    if not 1 <= len(wanted) <= 100 or not wanted.isprintable():
        raise InvalidInput("NAME", name, "1 to 100 printable characters")
    password = new_one_time_password()
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        added = staff.create(connection, wanted, role, hash_password(password))
    if as_json:
        answer_json({"name": added.name, "role": added.role, "one_time_password": password})
        return
    typer.echo(f"name               {added.name}\nrole               {added.role}\none-time password  {password}")
    typer.echo("It is shown this once; the first login asks for a password of one's own.", err=True)
