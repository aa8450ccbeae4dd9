"""The made part of docs/settings.md: the table of all settings, from the fields of ``digitalpfad.config.model``."""

from __future__ import annotations

from pathlib import Path

from digitalpfad.config import table
from tools.reference.markdown import renewed

PAGE = Path(__file__).parents[2] / "docs/settings.md"


def page() -> str:
    """The page with its table renewed; what people wrote around it stays."""
    return renewed(PAGE.read_text(encoding="utf-8"), "settings", table.markdown())
