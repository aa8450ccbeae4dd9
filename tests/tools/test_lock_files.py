"""The lock files: everything pinned and hashed, nothing that names a place, and one set of versions for all."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.checkout import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _entries(file: Path) -> dict[str, tuple[Requirement, list[str]]]:
    """Canonical name to requirement and its hashes."""
    logical = re.sub(r"\\\n", " ", file.read_text())
    entries: dict[str, tuple[Requirement, list[str]]] = {}
    for line in logical.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement, *hashes = line.split("--hash=")
            parsed = Requirement(requirement.strip())
            entries[canonicalize_name(parsed.name)] = parsed, [value.strip() for value in hashes]
    return entries


def _locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    return _entries(ROOT / f"requirements/{name}.txt")


def test_the_four_lock_files_are_there() -> None:
    assert [file.stem for file in LOCKS] == ["build", "dev", "docs", "runtime"]


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.stem)
def test_every_package_is_pinned_and_hashed(file: Path) -> None:
    entries = _entries(file)
    assert entries
    for name, (requirement, hashes) in entries.items():
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), name


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.stem)
def test_no_lock_file_names_a_place(file: Path) -> None:
    assert re.findall(r"https?:|file:|git\+|@ |--(?:extra-)?index-url|--find-links", file.read_text()) == []


def test_no_download_address_in_the_lock_of_npm() -> None:
    lock = (ROOT / "tests/timescale_wasm/package-lock.json").read_text()
    assert '"integrity": "sha512-' in lock
    assert '"resolved"' not in lock


@pytest.mark.parametrize("part", ["runtime", "build"])
def test_dev_holds_the_same_versions(part: str) -> None:
    dev = {name: str(requirement) for name, (requirement, _) in _locked("dev").items()}
    versions = {name: str(requirement.specifier) for name, (requirement, _) in _locked(part).items()}
    assert {name: str(Requirement(dev[name]).specifier) for name in versions} == versions


def test_docs_share_the_environment_with_dev() -> None:
    dev, docs = _locked("dev"), _locked("docs")
    shared = dev.keys() & docs.keys()
    assert {"markdown-it-py", "jinja2"} <= shared
    assert [name for name in shared if dev[name][0].specifier != docs[name][0].specifier] == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("runtime", PROJECT["project"]["dependencies"]),
        ("runtime", PROJECT["project"]["optional-dependencies"]["embedded"]),
        ("dev", PROJECT["project"]["optional-dependencies"]["dem"]),
        ("dev", PROJECT["dependency-groups"]["dev"]),
        ("docs", PROJECT["dependency-groups"]["docs"]),
        ("build", PROJECT["build-system"]["requires"]),
        ("build", PROJECT["dependency-groups"]["build"]),
    ],
    ids=["dependencies", "embedded", "dem", "dev", "docs", "build-system", "build"],
)
def test_what_pyproject_asks_for_is_locked(lock: str, wanted: list[str]) -> None:
    entries = _locked(lock)
    for text in wanted:
        asked = Requirement(text)
        locked, _ = entries[canonicalize_name(asked.name)]
        version = str(locked.specifier).removeprefix("==")
        assert asked.specifier.contains(version, prereleases=True), f"{text}, but {locked} is locked: run 'make lock'"
