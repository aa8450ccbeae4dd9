"""Where the checkout lies whose files the tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
