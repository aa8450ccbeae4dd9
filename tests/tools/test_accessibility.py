"""The report behind the accessibility statement is of this release and of the tests as they are."""

from __future__ import annotations

import json
from typing import Any

from api.webapp.views.legal_pages.accessibility import REPORT
from tests.fixtures.web.browser import AXE_RULES
from tools import accessibility

EVERY_PAGE = "tests.browser.test_hikers_pages::test_axe_finds_nothing_on_any_page"
RENEW = "run 'python -m tools.accessibility' and commit the file"


def report() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return read


def test_the_report_is_of_the_version_to_be_released() -> None:
    assert report()["version"] == accessibility.version(), RENEW


def test_the_report_is_of_the_pages_sizes_and_themes_that_the_tests_look_at_now() -> None:
    assert (report()["declared"], report()["rules"]) == (accessibility.declared(), AXE_RULES), RENEW


def test_every_page_that_the_tests_declare_was_really_looked_at_in_both_themes() -> None:
    runs, pages = report()["runs"], accessibility.declared()[EVERY_PAGE]["pages"]
    looked = {(run["page"], run["theme"]) for run in runs}
    assert {(page, theme) for page in pages for theme in ("light", "dark")} <= looked
