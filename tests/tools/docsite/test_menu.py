"""The site's menu: each document in one place, and a sentence for who forgets one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docsite import menu

DOCUMENTS = ["README.md", "docs/a.md", "docs/b.md", "docs/de/c.md"]


def _menu(folder: Path, *pages: str) -> Path:
    path = folder / "menu.toml"
    path.write_text(f"[[menu]]\ntitle = 'All'\npages = [{', '.join(pages)}]\n")
    return path


def test_a_pattern_takes_the_documents_of_its_folder_that_are_named_nowhere(tmp_path: Path) -> None:
    path = _menu(tmp_path, "'README.md'", "'docs/*.md'", "{ 'Deeper' = ['docs/de/*.md', 'docs/b.md'] }")
    assert menu.read(path, DOCUMENTS) == [
        {"All": ["README.md", "docs/a.md", {"Deeper": ["docs/de/c.md", "docs/b.md"]}]},
    ]


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (["'README.md'", "'docs/*.md'"], r"docs/de/c\.md are in no menu"),
        (["'README.md'", "'docs/gone.md'"], r"names docs/gone\.md, which are not here"),
        (["'README.md'", "'docs/a.md'", "'docs/a.md'"], r"names docs/a\.md twice"),
    ],
)
def test_a_menu_that_does_not_fit_the_documents_is_refused(pages: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=said):
        menu.read(_menu(tmp_path, *pages), DOCUMENTS)
