"""docs/commands.md says what the command line says."""

from __future__ import annotations

import pytest

from tests.checkout import ROOT
from tests.docs.committed import assert_committed
from tools.reference import commands


def test_the_page_of_all_commands_is_what_the_commands_say_whatever_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"COLUMNS": "40", "LANG": "de_DE.UTF-8", "TERM": "dumb", "DIGITALPFAD_PORT": "9999"}.items():
        monkeypatch.setenv(name, value)
    assert_committed("commands", commands.page())


def test_a_page_that_is_out_of_date_is_told_with_the_command_that_renews_it() -> None:
    made = (ROOT / "docs/commands.md").read_text(encoding="utf-8").replace("# Commands", "# Orders", 1)
    with pytest.raises(AssertionError, match=r"(?s)python -m tools\.reference commands.*\+# Orders"):
        assert_committed("commands", made)
