"""The sub-commands, one module per noun; each is loaded only when it is asked for."""

from __future__ import annotations

from typing import Protocol

import typer


class CommandModule(Protocol):
    """What each module of this package offers."""

    def register(self, app: typer.Typer) -> None:
        """Add the module's command or group of commands to ``app``."""
        ...
