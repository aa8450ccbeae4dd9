"""Hikers' and staff pages are one family: what both style sheets name has one value."""

from __future__ import annotations

import re

import pytest

from tests.checkout import ROOT

TOKEN = re.compile(r"(--[a-z-]+):\s*([^;]+);")


def tokens(sheet: str) -> tuple[dict[str, str], dict[str, str]]:
    """Custom properties of the light and of the dark theme."""
    ours, _, _ = (ROOT / sheet).read_text().partition("@media (forced-colors: active)")  # then the system gives them
    light, _, dark = ours.partition("@media (prefers-color-scheme: dark)")
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(dark))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_a_colour_that_both_style_sheets_name_is_the_same_in_both(theme: int) -> None:
    hikers, staff = tokens("api/webapp/static/style.css")[theme], tokens("dashboards/static/staff.css")[theme]
    both = hikers.keys() & staff.keys()
    assert {"--paper", "--ink", "--moss", "--notice", "--link"} <= both
    assert {name: hikers[name] for name in both} == {name: staff[name] for name in both}
