"""The report behind the accessibility statement is of this release and of the tests as they are."""

from __future__ import annotations

import json
from typing import Any

from api.webapp.views.legal_pages.accessibility import REPORT
from tests.browser.everyone.pages import LOOKS
from tests.fixtures.web.browser import AXE_RULES
from tools import accessibility

EVERY_PAGE = "tests.browser.everyone.test_every_page::test_axe_finds_nothing_and_nothing_is_cut_or_small_in_any_look"
RENEW = "run 'python -m tools.accessibility' and commit the file"


def report() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return read


def test_the_report_is_of_the_version_to_be_released() -> None:
    assert report()["version"] == accessibility.version(), RENEW


def test_the_report_is_of_the_pages_sizes_and_themes_that_the_tests_look_at_now() -> None:
    assert (report()["declared"], report()["rules"]) == (accessibility.declared(), AXE_RULES), RENEW


def test_every_page_that_the_tests_declare_was_really_looked_at_in_every_look() -> None:
    paths = accessibility.declared()[EVERY_PAGE]["paths"]
    parts = ("page", "width", "theme", "forced_colours", "text_percent")
    looked = {tuple(run[part] for part in parts) for run in report()["runs"]}
    wanted = {(path, one.size[0], one.theme, one.is_forced, one.percent) for path in paths for one in LOOKS}
    assert len(wanted) > 200
    assert sorted(wanted - looked) == []
