"""`digitalpfad figures`: figures for the council."""

from __future__ import annotations

import typer

from digitalpfad.commands.figures import compare, council, estimating, publishing, rebuilding, revising

group = typer.Typer(no_args_is_help=True, help="Figures for the council, and what of them is public.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    publishing.register(group)
    compare.register(group)
    estimating.register(group)
    council.register(group)
    rebuilding.register(group)
    revising.register(group)
    app.add_typer(group, name="figures")
