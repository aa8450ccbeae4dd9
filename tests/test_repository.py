"""What the repository promises to whoever opens it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tools.vendor import manifests, offline_faults

PACKAGES = ("digitalpfad", "gateway", "api", "geodata", "dashboards", "firmware-sim")
MAX_FILE, MAX_FUNCTION = 300, 40
LONGER = {
    "digitalpfad/commands/trails/municipality.py:set_lines": "the options of a command are its signature, a line each",
    "digitalpfad/commands/trails/trail.py:import_": "the options of a command are its signature, a line each",
}
AROUND = ("tests", "tools", "benchmarks")
LONGER_AROUND = {
    "tests/geodata/runtime/test_steady_clock.py": "one subject: each case is a way in which clocks disagree",
}
"""Files of tests, tools and benchmarks that are longer than ``MAX_FILE``, each with its reason."""


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


NAMED_ADDRESSES = {
    # where it looks for its program if nobody tells: scan.js does, and tests/browser/test_scanner.py sees it
    "zxing-wasm-3.1.4/reader.js": ["https://fastly.jsdelivr.net"],
    "pmtiles-4.5.0/pmtiles.js": ["https://github.com"],  # in the sentence of an error
}


def test_vendored_scripts_call_no_foreign_host() -> None:
    for manifest in manifests():
        for script in manifest.path.parent.rglob("*.js"):
            known = NAMED_ADDRESSES.get(f"{script.parent.name}/{script.name}", [])
            assert re.findall(r"https?://(?!www\.w3\.org/)[\w.-]+", script.read_text()) == known, script
