"""`make docs`: the documentation as a site that is read, and searched, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.checkout import ROOT
from tests.fixtures.web.browser import DESK, PHONE, assert_accessible
from tools.docsite import checks
from tools.docsite.build import MERMAID, build
from tools.docsite.page import parsed
from tools.docsite.staging import documents

if find_spec("zensical") is None or not MERMAID.is_file():
    sentence = "What makes the documentation site is not here: run 'make docs' once."
    assert os.environ.get("CI") != "true", sentence
    pytest.skip(sentence, allow_module_level=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository, as `make docs` builds it."""
    return build(ROOT, tmp_path_factory.mktemp("docs"))


def test_every_document_makes_a_page_without_a_fault(site: Path) -> None:
    assert checks.faults(ROOT, site, documents(ROOT)) == []
    names = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/de/README.md", "docs/operations.md"}
    assert names <= set(documents(ROOT))


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://host.example/x.js"></script>',
        '<link rel="stylesheet" href="//host.example/x.css">',
        '<link rel="preconnect" href="https://host.example">',
        '<img src="http://host.example/x.png">',
        '<iframe src="https://host.example/"></iframe>',
        "<style>@font-face { src: url(https://host.example/x.woff2) }</style>",
        "<style>@import 'https://host.example/x.css';</style>",
        '<p style="background: url(https://host.example/x.png)">',
    ],
)
def test_what_a_page_would_load_from_elsewhere_is_found(html: str, tmp_path: Path) -> None:
    (fault,) = checks.loads_from_elsewhere(tmp_path, {"page.html": parsed(html)})
    assert fault.startswith("page.html loads ")


def test_what_a_style_sheet_would_load_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { background: url('data:image/svg+xml,x') } b { src: url(//host.example/f) }")
    assert len(list(checks.loads_from_elsewhere(tmp_path, {}))) == 1


@pytest.mark.parametrize("address", ["gone.html", "../page.html", "#gone", "other.html#gone", "folder/"])
def test_a_link_that_leads_nowhere_is_found(address: str, tmp_path: Path) -> None:
    pages = {"page.html": parsed(f'<a href="{address}">x</a>'), "other.html": parsed('<h2 id="here">x</h2>')}
    for name in pages:
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    assert len(list(checks.leads_nowhere(tmp_path, pages))) == 1
    sound = {**pages, "page.html": parsed('<a href="other.html#here">x</a> <a href="https://host.example/">y</a>')}
    assert list(checks.leads_nowhere(tmp_path, sound)) == []


@pytest.mark.parametrize(
    ("text", "html", "said"),
    [
        ("Text:\n- a\n- b", "<p>Text:\n- a\n- b</p>", "another shape"),
        ("| a |\n| - |\n| b |", "<p>| a |\n| - |\n| b |</p>", "another shape"),
        ("Costs (c) 5", "<p>Costs © 5</p>", "says 'Costs©5', on the forge 'Costs(c)5'"),
    ],
)
def test_a_page_that_reads_otherwise_than_on_the_forge_is_found(
    text: str, html: str, said: str, tmp_path: Path
) -> None:
    document = tmp_path / "a.md"
    document.write_text(text)
    pages = {"a.html": parsed(f"<article>{html}</article>")}
    (fault,) = checks.reads_differently(document, "a.md", pages)
    assert said in fault


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one document, a source file, and a menu."""
    shutil.copytree(ROOT / "tools/docsite/assets", tmp_path / "tools/docsite/assets")
    (tmp_path / "tools/docsite/menu.toml").write_text("[[menu]]\ntitle = 'All'\npages = ['README.md']\n")
    (tmp_path / "docs/de").mkdir(parents=True)
    (tmp_path / "code").mkdir()
    (tmp_path / "code/part.py").write_text('"""What the part is for."""\n\nVALUE = 1\n')
    return tmp_path


def test_a_linked_source_file_and_folder_become_pages(repository: Path) -> None:
    (repository / "README.md").write_text("# T\n\nSee [the part](code/part.py), [all](code), `[no](code/link.py)`.\n")
    site = build(repository, repository / "out")
    assert checks.faults(repository, site, ["README.md"]) == []
    assert "VALUE = 1" in "".join(parsed((site / "code/part.py.html").read_text()).text)
    assert "What the part is for." in "".join(parsed((site / "code/index.html").read_text()).text)


@pytest.mark.parametrize("target", ["gone.md", "#gone"])
def test_a_broken_link_ends_the_build_with_its_place(target: str, repository: Path) -> None:
    (repository / "README.md").write_text(f"# T\n\n[x]({target})\n")
    with pytest.raises(SystemExit) as caught:
        build(repository, repository / "out")
    assert "README.md:3:" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_broken_link_to_a_source_file_is_found_in_the_page(repository: Path) -> None:
    (repository / "README.md").write_text("# T\n\n[x](code/gone.py)\n")
    site = build(repository, repository / "out")
    (fault,) = checks.faults(repository, site, ["README.md"])
    assert fault == "index.html links code/gone.py, but there is no code/gone.py"


def test_a_diagram_is_drawn_in_files_without_a_server(repository: Path, page: Page) -> None:
    (repository / "README.md").write_text("# T\n\n[a](code)\n\n```mermaid\nsequenceDiagram\n    a->>b: says\n```\n")
    site = build(repository, repository / "out")
    page.goto((site / "index.html").as_uri())
    page.locator("div.mermaid").wait_for()
    assert "mermaid.js" in (site / "index.html").read_text()
    assert "mermaid.js" not in (site / "code/index.html").read_text(), "no script of 2 MB where nothing is drawn"


def test_a_wide_diagram_keeps_a_size_that_can_be_read_and_is_scrolled_to_its_end(site: Path, page: Page) -> None:
    page.goto((site / "docs/threads.html").as_uri())
    diagram = page.locator("div.mermaid").first
    page.locator("div.mermaid[data-more][tabindex='0']").first.wait_for()
    assert diagram.evaluate("one => one.scrollWidth") > 2 * diagram.evaluate("one => one.clientWidth")
    diagram.evaluate("one => one.scrollTo(one.scrollWidth, 0)")
    page.locator("div.mermaid:not([data-more])[tabindex='0']").first.wait_for()


@pytest.mark.parametrize("name", ["docs/de/sperrungen-und-hinweise.html", "docs/glossary.html"])
def test_nothing_is_cut_off_on_a_desk(new_page: Callable[..., Page], site: Path, name: str) -> None:
    page = new_page(DESK)
    page.goto((site / name).as_uri())
    boxes = page.locator(".md-typeset__scrollwrap, .md-typeset pre > code")
    boxes.first.wait_for()
    assert boxes.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0


@pytest.mark.parametrize(
    ("start", "words", "found", "size"),
    [
        ("index.html", "advisory lock", "Several gateways", DESK),
        ("index.html", "Sicherung", "Sichern und wiederherstellen", PHONE),
        ("docs/de/index.html", "Aufkleber", "Schilder", DESK),
        ("docs/de/index.html", "quarantine", "Quarantine and replay", PHONE),
    ],
)
def test_both_languages_are_searched_in_files_without_a_server(
    new_page: Callable[..., Page], site: Path, start: str, words: str, found: str, size: tuple[int, int]
) -> None:
    page = new_page(size)
    page.goto((site / start).as_uri())
    page.locator(".md-search__button, label[for=__search]").filter(visible=True).first.click()
    page.keyboard.type(words)
    page.get_by_role("option").filter(has_text=found).first.wait_for()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing of requests."""


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The site's address at a web server: axe reads the style sheets, which a page opened as a file may not."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("name", "size", "theme"),
    [("docs/de/stoerungen.html", PHONE, "light"), ("docs/signs.html", PHONE, "dark"), ("index.html", DESK, "light")],
)
def test_everyone_can_use_the_pages(
    new_page: Callable[..., Page], served: str, name: str, size: tuple[int, int], theme: str
) -> None:
    page = new_page(size, theme)
    page.goto(f"{served}/{name}")
    page.locator("article").wait_for()
    if name == "docs/signs.html":
        page.locator(".md-typeset__scrollwrap[tabindex]").first.wait_for()
    assert_accessible(page)
