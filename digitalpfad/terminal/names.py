"""What the command line calls the options, actions and settings that sentences of the parts below name as data."""

from __future__ import annotations

from geodata.messages.message import Names, named

USAGE = {
    "station list all": "station list --all",
    "device list all": "device list --all",
    "figures rebuild": "figures rebuild --device ID --from TIME --to TIME --reason TEXT",
    "device move": "device move ID --station CODE",
    "device move off": "device move ID --trail TRAIL",
}
"""Actions that take more than their name to be done; ``{action[trail show]:{trail}}`` brings its own argument."""


PREFIX = "DIGITALPFAD_"
"""Of the environment variables that settings are read from."""


def spelled(text: str) -> str:
    """``text`` with this command's options, sub-commands and environment variables; a Message stays one."""
    return named(text, _NAMES)


def _option(name: str, value: str) -> str:
    return f"--{name} {value}" if value else f"--{name}"


def _action(name: str, value: str) -> str:
    return f"'digitalpfad {USAGE.get(name, name)} {value}".rstrip() + "'"


def _setting(name: str, value: str) -> str:
    variable = f"{PREFIX}{name.upper()}"
    return f"{variable}={value}" if value else variable


_NAMES = {"option": Names(_option), "action": Names(_action), "setting": Names(_setting)}
