"""Every path, link, command, option, setting, metric and module that a page, docstring or sentence names is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pytest

from digitalpfad.config.model import PREFIX
from geodata.store.ingest.replay import CONFIRMATION_CHANNEL
from tests.checkout import ROOT
from tests.docs import named
from tests.docs.named import Text
from tests.test_operations_files import exposed
from tests.test_repository import tracked

EXCEPTIONS = {
    "hinweise.json": "a file that the reader writes",
    "de.fruehling.md": "a file that a class writes",
    "signs/stadtwald/": "what `signs build` makes for the demonstration",
    "rundgang.html": "what `signs build` makes: the walk after mounting",
    "one-machine.conf": "a file of systemd that the reader writes",
    "journald.conf": "a file of systemd",
    "maintenance.json": "in the data directory",
    "places.json": "a file that the reader writes",
    "ports.json": "in the data directory",
    "log/": "in the data directory",
    "event/": "a level of topics",
    "command/": "a level of topics",
    "device logins (no command device logins)": "the name of a check of doctor",
    "digitalpfad.removes_trail": "a setting of PostgreSQL within a transaction",
}
"""What is named and is not there, or is no name of ours, and why that is right."""


@cache
def files() -> frozenset[str]:
    return frozenset(path.relative_to(ROOT).as_posix() for path in tracked())


@cache
def of_recipes() -> frozenset[str]:
    """The files that the recipes in CONTRIBUTING write, the modules among them, and templates as pages name them."""
    paths = re.findall("<!-- write: (.+?) -->", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    modules = {path.removesuffix(".py").replace("/", ".") for path in paths}
    return frozenset(paths) | modules | {path.partition("/templates/")[2] for path in paths}


@cache
def texts() -> tuple[Text, ...]:
    return (*named.pages(files()), *named.sentences(files()), *named.translations(files()))


@cache
def metrics_and_roles() -> frozenset[str]:
    """Metrics, and the names of the same spelling that the database and its channels have."""
    code = CONFIRMATION_CHANNEL + "\n".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in files()
        if name.endswith((".sql", "channels.py", "roles.py"))
    )
    return exposed() | set(named.METRIC.findall(code))


CHECKS: dict[str, Callable[[Text], Iterable[str]]] = {
    "path": lambda text: named.missing_paths(text, files()),
    "link": lambda text: named.missing_links(text, files()),
    "command": named.missing_commands,
    "setting": named.missing_settings,
    "metric": lambda text: named.missing_metrics(text, metrics_and_roles()),
    "module": lambda text: named.missing_modules(text, files()),
    "make target": named.missing_targets,
}


def missing(kind: str) -> Iterator[tuple[str, str]]:
    for text in texts():
        for name in CHECKS[kind](text):
            yield text.where, name


@pytest.mark.parametrize("kind", CHECKS)
def test_what_texts_name_is_there(kind: str) -> None:
    assert [f"{where}: {name}" for where, name in missing(kind) if name not in of_recipes() | EXCEPTIONS.keys()] == []


def test_every_exception_is_still_needed() -> None:
    assert EXCEPTIONS.keys() - {name for kind in CHECKS for _, name in missing(kind)} == set()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("path", "See `geodata/store/nowhere.py`."),
        ("path", "The folder `gateway/nowhere/` has them."),
        ("path", "All is in `nowhere.html`."),
        ("link", "[a page](docs/nowhere.md)"),
        ("link", "[a heading](docs/glossary.md#nowhere)"),
        ("command", "Run `digitalpfad device nowhere ID`."),
        ("command", "`notice nowhere` does it."),
        ("command", "```sh\ndigitalpfad device add x --station CODE --nowhere\n```"),
        ("command", "Try 'digitalpfad nowhere' first."),
        ("command", "„digitalpfad device nowhere“ hilft."),
        ("setting", f"{PREFIX}NOWHERE is empty."),
        ("metric", "`digitalpfad_nowhere_total` rises."),
        ("module", "It is geodata.store.nowhere."),
        ("module", "It is geodata.store.roles.nowhere."),
        ("make target", "Run `make nowhere`."),
    ],
)
def test_what_is_not_there_is_found(kind: str, words: str) -> None:
    assert len(list(CHECKS[kind](Text("page.md", words, is_page=True)))) == 1


def test_what_is_there_is_passed_over() -> None:
    words = (
        "[`roles.py`](geodata/store/roles.py) and `digitalpfad device add ID --station CODE`, `make test`,"
        " `store/roles.py`, DIGITALPFAD_DATABASE_URL, `digitalpfad_ingest_messages_total`,"
        " geodata.store.roles.GRANTS, /etc/nowhere.conf"
    )
    assert [name for check in CHECKS.values() for name in check(Text("page.md", words, is_page=True))] == []
