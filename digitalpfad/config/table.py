"""The settings as tables: for the docs, and with their present values for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from digitalpfad.config.model import SECRETS, Settings, variable
from digitalpfad.config.wording import default_text, expectation

_MASK = "********"


def markdown() -> str:
    """All settings as a Markdown table, in the order of the class."""
    rows = ["| variable | values | default | meaning |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        names = f"`{variable(name)}`" + (f", `{variable(name)}_FILE`" if name in SECRETS else "")
        rows.append(f"| {names} | {expectation(name)} | `{default_text(name)}` | {field.description} |")
    return "\n".join(rows) + "\n"


def present(settings: Settings, sources: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Variable, value (secrets masked, None when unset) and source of each setting."""
    return [
        {"variable": variable(name), "value": _shown(getattr(settings, name)), "source": sources.get(name, "default")}
        for name in Settings.model_fields
    ]


def _shown(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return _MASK
    return None if value is None or value == "" else str(value)
