"""docs/commands.md says what the command line says."""

from __future__ import annotations

import pytest

from tests.checkout import ROOT
from tests.docs.committed import assert_committed
from tools.reference import commands

_NUMBERS = ("from-station", "to-station", "version")


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


def test_what_may_be_given_several_times_is_marked_whatever_its_value_is_called() -> None:
    rows = [line.split(" | ")[:2] for line in commands.page().splitlines() if line.startswith("| `--")]
    repeatable = {option.strip("|` ") for option, values in rows if values.endswith("repeatable")}
    assert repeatable == {"--reason", "--detour", "--layer", "--line", "--leave-out", "--dem"}


@pytest.mark.parametrize("option", _NUMBERS)
def test_a_number_that_nothing_has_is_no_default(option: str) -> None:
    rows = [line.split(" | ") for line in commands.page().splitlines() if line.startswith(f"| `--{option}` ")]
    assert [default for _, values, default, _ in rows if "N" in values or "int" in values] != []
    assert {default.strip() for _, _, default, _ in rows} == {""}
