"""The sub-commands, one module per noun, in packages by whom they are for; each is loaded only when it is asked for.

What a command does is in the packages below; here stand its options and how its answer looks. A new command is a
module with ``register`` and a row in digitalpfad.cli.
"""

from __future__ import annotations

from typing import Protocol

import typer


class CommandModule(Protocol):
    """What each module that digitalpfad.cli names offers."""

    def register(self, app: typer.Typer) -> None:
        """Add the module's command or group of commands to ``app``."""
        ...
