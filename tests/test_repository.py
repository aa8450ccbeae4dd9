"""What the repository promises to whoever opens it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from geodata.store.migrate import Migration, bundled_migrations
from tests.checkout import ROOT
from tools.vendor import manifests, offline_faults

PACKAGES = ("digitalpfad", "gateway", "api", "geodata", "dashboards", "firmware-sim")
MAX_FILE, MAX_FUNCTION = 300, 40
LONGER = {
    "digitalpfad/commands/trails/trail.py:import_": "the options of a command are its signature, a line each",
}
AROUND = ("tests", "tools", "benchmarks")
LONGER_AROUND = {
    "tests/geodata/runtime/test_steady_clock.py": "one subject: each case is a way in which clocks disagree",
}
"""Files of tests, tools and benchmarks that are longer than ``MAX_FILE``, each with its reason."""
MAX_MODULES = 15
"""So many modules a reader takes in at a glance in one folder of tests."""
CROWDED: dict[str, str] = {}
"""Folders of tests with more modules than ``MAX_MODULES``, each with its reason."""
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
RELEASED_MIGRATIONS = ROOT / "geodata/store/migrations/released.sha256"
"""Lines ``checksum  name``, as sha256sum writes them, of the migrations that databases out there have applied."""


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git keeps, or would keep."""
    if not (ROOT / ".git").exists():
        pytest.skip("This is no git checkout: nothing says which files belong to the project.")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Path and text of every tracked text file that was written here."""
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        content = path.read_bytes()
        if "/vendor/" not in name and b"\0" not in content:
            yield name, content.decode(errors="replace")  # one test file is Latin-1 on purpose


def product_modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def test_imports_follow_the_contracts() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "firmware-sim")])
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_module_and_every_public_function_says_what_it_is() -> None:
    silent: list[str] = []
    for path in product_modules():
        module = ast.parse(path.read_text())
        public = [
            node
            for scope in ast.walk(module)
            if isinstance(scope, ast.Module) or (isinstance(scope, ast.ClassDef) and not scope.name.startswith("_"))
            for node in scope.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
        ]
        silent += [f"{path}:{getattr(node, 'lineno', 1)}" for node in (module, *public) if not ast.get_docstring(node)]
    assert not silent


LEANS = re.compile(r"(The same\b|Same\b|As (above|before|for any)\b|Like\b|Likewise\b|Ditto\b|See \w+\.?$)")


def leaning(source: str) -> list[str]:
    """The texts below a definition, a field or a module's name that make no sense without what stands before them."""
    bare = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Expr))
    texts = (node.value for node in bare if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [text for text in texts if LEANS.match(text)]


def test_a_docstring_makes_sense_alone() -> None:
    """``help`` shows one definition: "The same as an error." says nothing there."""
    assert leaning('def f():\n    """The same, sorted."""\n\na = 1\n"""See Finding."""\n') != []
    assert leaning('"""See package.module.Name."""\ndef f():\n    """Likely values."""\n') == []
    tools = [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] == "tools"]
    texts = {path.relative_to(ROOT): leaning(path.read_text()) for path in (*product_modules(), *tools)}
    assert {path: those for path, those in texts.items() if those} == {}


def test_product_code_is_short() -> None:
    long: set[str] = set()
    for path in product_modules():
        name, text = path.relative_to(ROOT).as_posix(), path.read_text()
        if len(text.splitlines()) > MAX_FILE:
            long.add(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION:
                    long.add(f"{name}:{node.name}")
    assert long == LONGER.keys(), "shorten it, give its reason in LONGER, or remove it there when it is short again"


def test_tests_tools_and_benchmarks_are_short_files() -> None:
    kept = (path for path in tracked() if path.relative_to(ROOT).parts[0] in AROUND and "vendor" not in path.parts)
    written = (path for path in kept if path.suffix in {".py", ".sh", ".js", ".mjs"})
    long = {path.relative_to(ROOT).as_posix() for path in written if len(path.read_text().splitlines()) > MAX_FILE}
    assert long == LONGER_AROUND.keys(), "cut it by subject, or remove it from LONGER_AROUND when it is short again"


def folders_of_tests() -> dict[str, int]:
    """Each folder below tests/ that holds Python modules, and how many."""
    parents = (path.relative_to(ROOT).parent.as_posix() for path in tracked() if path.suffix == ".py")
    return Counter(folder for folder in parents if folder.partition("/")[0] == "tests")


def test_a_folder_of_tests_is_taken_in_at_a_glance() -> None:
    crowded = {folder for folder, modules in folders_of_tests().items() if modules > MAX_MODULES}
    assert crowded == CROWDED.keys(), "cut it as the product's package is cut, or give its reason in CROWDED"


def test_tests_stand_where_their_product_stands() -> None:
    """A folder of tests has the name and place of a package or module, or is written down with what it is about."""
    homeless = {
        folder
        for folder in folders_of_tests()
        if folder != "tests"
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


SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\beyJ[\w-]{20,}\.eyJ"
)
PLACES = re.compile(r"(?<![\w./])/(?:work|root|Users|home/[a-z]+|mnt|opt/(?:pypi|wheels))(?:/|\b)|\.\./shared/")
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(?:org|com)", "deb" + r"ian\.org/debian"])
)
AUTHORS = re.compile(
    "|".join(
        [
            "clau" + "de",
            "anthro" + "pic",
            "chat" + "gpt",
            "copi" + "lot",
            "co-auth" + "ored-by",
            "llm" + r"\b",
        ]
    ),
    re.IGNORECASE,
)
MISSPELT = {
    "tests/digitalpfad/config/test_settings.py",
    "tests/digitalpfad/test_cli.py",
}  # names wrong settings
MAIL = re.compile(r"\b[\w.+-]+@(?!127\.0\.0\.1|localhost|host\b)[\w-]+(?:\.[\w-]+)*\.(?:de|com|org|net|io)\b")


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a secret", SECRETS),
        ("a path of one machine", PLACES),
        ("the address of a package registry", REGISTRIES),
        ("the tools of its authors", AUTHORS),
        ("somebody's mail address", MAIL),
    ],
)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in texts()
        if name != "tests/test_repository.py"
        for match in pattern.finditer(text)
    ]
    assert not found, what


def test_the_licence_is_apache_2() -> None:
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text()


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [migration.name for migration in bundled_migrations()]
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.sql", name) for name in names)


def edited_since_release(released: str, bundled: list[Migration]) -> list[str]:
    """Names of the released migrations that are no longer what was released: edited, renamed, gone, or out of order."""
    lines = [line.split() for line in released.splitlines()]
    now = [[migration.checksum, migration.name] for migration in bundled]
    return [line[1] for i, line in enumerate(lines) if i >= len(now) or line != now[i]]


def test_a_released_migration_is_as_it_was_released() -> None:
    released, bundled = RELEASED_MIGRATIONS.read_text(), bundled_migrations()
    assert len(released.splitlines()) >= 23
    assert edited_since_release(released, bundled) == [], "databases have applied it: write a new migration"
    top = re.search(r"^## .*", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    if top is None or "unreleased" not in top[0]:
        assert len(released.splitlines()) == len(bundled), "a release names its migrations in released.sha256"


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, sql=one.sql + " "),
        lambda one: replace(one, name="0002_other.sql"),
        lambda one: replace(one, number=99, sql="SELECT 1"),
    ],
)
def test_a_released_migration_that_is_edited_is_found(change: Callable[[Migration], Migration]) -> None:
    first, second, *others = bundled_migrations()
    released = RELEASED_MIGRATIONS.read_text()
    assert edited_since_release(released, [first, change(second), *others]) == [second.name]
    assert edited_since_release(released, [first, *others])[0] == second.name, "one that is gone"


def test_every_setting_is_in_the_documents() -> None:
    if not (ROOT / "docs/settings.md").exists():
        pytest.skip("docs/settings.md, the table of all settings, is not written yet.")
    documents = "".join(text for name, text in texts() if name.endswith(".md"))
    used = {
        match
        for name, text in texts()
        if name.endswith((".py", ".sh", ".mjs", ".html", ".yml", ".yaml"))
        and name not in {"tests/test_repository.py", *MISSPELT}
        for match in re.findall(r"DIGITALPFAD_[A-Z][A-Z_]*[A-Z]", text)
    }
    assert used
    assert sorted(name for name in used if name not in documents) == []


def test_vendored_files_are_those_of_the_manifests() -> None:
    found = manifests()
    assert found
    for manifest in found:
        assert offline_faults(manifest) == []
        for name, entry in manifest.packages.items():
            assert entry.get("integrity", "").startswith("sha512-"), name
            assert entry.get("licence"), name


def test_a_changed_vendored_file_is_found(tmp_path: Path) -> None:
    source = manifests()[0]
    copy = tmp_path / "vendor"
    shutil.copytree(source.path.parent, copy)
    manifest = type(source)(copy / "manifest.json", source.packages)
    assert offline_faults(manifest) == []
    victim = next(path for path in copy.rglob("*.js"))
    victim.write_bytes(victim.read_bytes() + b" ")
    (copy / "stray.js").touch()
    assert offline_faults(manifest) == [f"{copy / 'stray.js'} is in no manifest", f"{victim} was changed"]


def test_vendored_scripts_call_no_foreign_host() -> None:
    for manifest in manifests():
        for script in manifest.path.parent.rglob("*.js"):
            assert re.findall(r"https?://(?!www\.w3\.org/)[\w.-]+", script.read_text()) == [], script
