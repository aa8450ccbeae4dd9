"""Where files stand: folders that a reader takes in, and tests at the place of what they test."""

from __future__ import annotations

from collections import Counter

from tests.checkout import ROOT
from tests.test_repository import PACKAGES, tracked

MAX_MODULES = 15
"""So many modules a reader takes in at a glance in one folder."""
CROWDED: dict[str, str] = {}
"""Folders with more modules than ``MAX_MODULES``, each with its reason."""
OWN_SUBJECTS = {
    "tests/benchmarks": "benchmarks/, which no server imports",
    "tests/browser": "stories through hikers' and staff pages, seen by a browser",
    "tests/contract": "the wire contract, which gateway and firmware keep",
    "tests/deploy": "deploy/: what the files for operators do on a machine",
    "tests/docs": "docs/: what pages say is so",
    "tests/e2e": "the whole system",
    "tests/faults": "the gateway as a process, its broker and its database under faults",
    "tests/fixtures": "what tests run on",
    "tests/tools": "tools/",
    "tests/geodata/trailfiles/oddfiles": "writes the files that tests/geodata/trailfiles/test_odd_files.py reads",
}
"""Folders of tests that belong to no package of the product, each with what it is about."""


def folders() -> dict[str, int]:
    """Each folder that holds Python modules, and how many; a package's ``__init__`` is none."""
    modules = (path.relative_to(ROOT) for path in tracked() if path.suffix == ".py" and path.stem != "__init__")
    return Counter(path.parent.as_posix() for path in modules)


def test_a_folder_is_taken_in_at_a_glance() -> None:
    crowded = {folder for folder, modules in folders().items() if modules > MAX_MODULES}
    assert crowded == CROWDED.keys(), "cut it by subject, tests as their package is cut, or say why in CROWDED"


def test_tests_stand_where_their_product_stands() -> None:
    """A folder of tests has the name and place of a package or module, or is written down with what it is about."""
    homeless = {
        folder
        for folder in folders()
        if folder.startswith("tests/")
        and not any(folder == own or folder.startswith(f"{own}/") for own in OWN_SUBJECTS)
        and not has_product(folder.removeprefix("tests/"))
    }
    assert not homeless, "move it to the place of what it tests, or say in OWN_SUBJECTS what it is about"
    assert not [own for own in OWN_SUBJECTS if not (ROOT / own).is_dir() or has_product(own.removeprefix("tests/"))]


def has_product(place: str) -> bool:
    """Whether a package or module of the product has this place below the root."""
    if place.split("/", maxsplit=1)[0] not in {"firmware_sim", *PACKAGES}:
        return False
    path = ROOT / ("firmware-sim" if place.startswith("firmware_sim") else ".") / place
    return (path / "__init__.py").is_file() or path.with_suffix(".py").is_file()
