"""Where settings come from: `DIGITALPFAD_*` in the environment, in `.env`, or for secrets in a `_FILE`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError

from digitalpfad.config.model import SECRETS, Settings, variable
from digitalpfad.config.secret_file import read_secret, why_unreadable
from digitalpfad.config.wording import default_text, expectation
from digitalpfad.data_directory import ports
from digitalpfad.terminal.names import PREFIX
from geodata.errors import InvalidInput, StartRefused

ENV_FILE = Path(".env")
_FOR_TESTS = f"{PREFIX}TEST_"


def load(env_file: Path = ENV_FILE, **given: object) -> tuple[Settings, dict[str, str]]:
    """Read the settings: ``given`` (not None), environment, ``env_file``, ports of the data directory, defaults.

    Returns them with the source of each that is not a default. Raises StartRefused, naming variable, value (never a
    secret's), expectation and hint; InvalidInput, naming the option, where a ``given`` value is wrong.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    in_file = _dotenv(env_file)
    for source, variables in ((str(env_file), in_file), ("environment", os.environ)):
        for name, value, origin in _own_values(variables, source):
            values[name], sources[name] = value, origin
    for name, value in given.items():
        if value is not None:
            values[name], sources[name] = value, "command line"
    folder = Path(values.get("data_dir") or Settings.model_fields["data_dir"].default)
    for name, port in ports.load(folder).items():
        if name not in values:
            values[name], sources[name] = port, str(folder / ports.FILE)
    overriding = {
        name: values[name] for name, source in sources.items() if source not in {str(env_file), "environment"}
    }
    try:
        # A folder that this account may not enter, such as root's under setpriv, has no settings file for it.
        readable = env_file if in_file else None
        return Settings(_env_file=readable, **overriding), sources  # pyright: ignore[reportCallIssue] - made at run time
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0])
            if sources.get(name) == "command line":
                raise InvalidInput(f"--{name.replace('_', '-')}", values[name], _expected(name, problem)) from error
        raise StartRefused(" ".join(_sentence(problem, values, sources) for problem in error.errors())) from error


def _dotenv(path: Path) -> dict[str, str]:
    try:
        return {name: value for name, value in dotenv_values(path).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise StartRefused(f"The settings file {path} cannot be read: {why_unreadable(error)}.") from None


def _own_values(variables: Mapping[str, str], source: str) -> list[tuple[str, str, str]]:
    """Name, value and origin of each setting among ``variables``; secrets may be in a file that `_FILE` names."""
    own_values: list[tuple[str, str, str]] = []
    for key, value in variables.items():
        if not key.startswith(PREFIX) or key.startswith(_FOR_TESTS) or not value:
            continue
        name = key.removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if name in Settings.model_fields:
            own_values.append((name, value, source))
        elif secret in SECRETS:
            if variables.get(variable(secret)):
                raise StartRefused(f"Both {variable(secret)} and {key} are set: remove one of them.")
            own_values.append((secret, read_secret(key, value), f"{source}, file {value}"))
        else:
            raise StartRefused(_unknown(key, source))
    return own_values


def _unknown(key: str, source: str) -> str:
    from_file = {f"{variable(name)}_FILE" for name in SECRETS}
    close = difflib.get_close_matches(key, [*map(variable, Settings.model_fields), *from_file], n=1)
    hint = f"Did you mean {close[0]}?" if close else "'digitalpfad settings' lists them all."
    return f"{key} (from {source}) is no setting of Digitalpfad. {hint} Correct or remove it."


def _sentence(problem: Any, values: Mapping[str, object], sources: Mapping[str, str]) -> str:
    name = str(problem["loc"][0])
    is_secret = name in SECRETS or "@" in str(values.get(name))  # a password where none belongs
    value: object = "(not shown)" if is_secret else values.get(name)
    origin = sources.get(name, "default")
    return (
        f"{variable(name)} is {value!r} (from {origin}), expected {_expected(name, problem)}."
        f" Correct it, or remove it to use the default ({default_text(name)})."
    )


def _expected(name: str, problem: Any) -> str:
    cause = problem.get("ctx", {}).get("error")
    return str(cause) if isinstance(cause, ValueError) else expectation(name)
