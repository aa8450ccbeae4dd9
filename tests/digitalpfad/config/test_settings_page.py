"""docs/settings.md has the table that the class of settings makes."""

from __future__ import annotations

import pytest

from digitalpfad.config import table
from digitalpfad.config.model import Settings, variable
from tests.docs.committed import assert_committed
from tools.reference import settings
from tools.reference.__main__ import PAGES
from tools.reference.markdown import renewed


def test_the_docs_hold_the_table_of_all_settings() -> None:
    assert_committed("settings", settings.page())
    page = settings.PAGE.read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if page.count(f"| `{variable(name)}`") != 1] == []


def test_a_table_that_is_out_of_date_is_told_with_the_command_that_renews_it() -> None:
    stale = settings.page().replace("| variable |", "| name |")
    with pytest.raises(AssertionError, match=r"(?s)python -m tools\.reference settings.*\+.*\| name \|"):
        assert_committed("settings", stale)
    assert "settings" in PAGES, "the command that the message names"


def test_what_stood_between_the_marks_is_replaced_and_nothing_else() -> None:
    page = "# T\n\n<!-- made: x -->\n\nSTALE\n\n<!-- end: x -->\n\nwords\n"
    made = renewed(page, "x", table.markdown())
    assert (made.startswith("# T\n\n"), made.endswith("\n\nwords\n"), "STALE" in made) == (True, True, False)
    assert renewed(made, "x", table.markdown()) == made


@pytest.mark.parametrize("page", ["# T\n", "<!-- made: x -->\n", "<!-- end: x -->\n"])
def test_a_page_without_the_marks_is_told_so_and_not_written_over(page: str) -> None:
    with pytest.raises(ValueError, match="made: x"):
        renewed(page, "x", "")
