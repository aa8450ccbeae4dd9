"""The recipes of CONTRIBUTING.md, carried out in a copy as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.fixtures.process.environment import without_settings
from tests.test_repository import tracked

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(r"^( *)<!-- (.+?) -->\n\1```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
RECIPES = (
    "a new observed property", "another name for an observed property", "a migration", "a page", "a notice rule",
    "a format of trail files",
    "a sentence for people",
)  # fmt: skip
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Step:
    """What a comment before a block of code says is to be done with it."""

    told: str
    block: str


def steps(recipe: str) -> list[Step]:
    chapter = PAGE.split(f"## Worked example: {recipe}\n")[1].split("\n## ")[0]
    found = [Step(told, _unindented(block, indent)) for indent, told, _, block in STEP.findall(chapter)]
    assert len(found) >= 2, recipe
    assert chapter.count("```") == 2 * len(found), f"{recipe}: a block of code without a word on what to do with it"
    return found


def _unindented(block: str, indent: str) -> str:
    return "".join(line.removeprefix(indent) for line in block.splitlines(keepends=True))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What git keeps, in a folder of its own; the programs and packages are those of this run."""
    for path in tracked():
        target = tmp_path / "copy" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (tmp_path / "copy/.venv").symlink_to(BIN.parent)
    return tmp_path / "copy"


def carry_out(step: Step, copy: Path) -> str:
    """Write the file or put the lines where the step says; return the file, or nothing where commands are to be run."""
    number = len(list((copy / "geodata/store/migrations").glob("*.sql"))) + 1
    told = step.told.replace("NNNN", f"{number:04}")
    if told == "run":
        return ""
    if told.startswith("write: "):
        name = told.removeprefix("write: ")
        assert not (copy / name).exists(), name
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(step.block, encoding="utf-8")
        return name
    name, _, anchor = told.partition(" behind: ")
    file = copy / name.removesuffix(" at the end")
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = [i + 1 for i, line in enumerate(lines) if line == f"{anchor}\n"]
    places = [*whole, *(i + 1 for i, line in enumerate(lines) if anchor in line)]
    assert places, f"{name} has no line with {anchor}"
    lines.insert(places[0] if anchor else len(lines), step.block)
    file.write_text("".join(lines), encoding="utf-8")
    return name.removesuffix(" at the end")


def run(command: Sequence[str | Path], copy: Path) -> None:
    kept = {name: value for name, value in without_settings().items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        command, cwd=copy, check=False, capture_output=True, text=True, timeout=110,
        env={**kept, "PYTHONPATH": f"{copy}:{copy / 'firmware-sim'}"},
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def type_in(line: str, copy: Path) -> None:
    run(["bash", "-c", line], copy)


def check_files(names: Sequence[str], copy: Path) -> None:
    code = [name for name in names if name.endswith(".py")]
    if code:
        run([BIN / "ruff", "format", "--no-cache", "--check", *code], copy)
        run([BIN / "ruff", "check", "--no-cache", *code], copy)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_fits_the_code_and_its_lines_pass_the_checks_of_style(recipe: str, copy: Path) -> None:
    check_files([name for step in steps(recipe) if (name := carry_out(step, copy))], copy)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_leaves_types_layers_and_the_tests_that_it_names_green(recipe: str, copy: Path) -> None:
    made = steps(recipe)
    names = [name for step in made if (name := carry_out(step, copy))]
    check_files(names, copy)
    for line in [line for step in made if step.told == "run" for line in step.block.splitlines()]:
        type_in(line, copy)
    code = [name for name in names if name.endswith(".py")]
    if code:
        run([BIN / "lint-imports", "--no-cache"], copy)
        run([BIN / "basedpyright", *code], copy)


def test_the_commands_of_the_first_change_name_what_is_there(copy: Path) -> None:
    chapter = PAGE.split("## Your first change in 20 minutes\n")[1].split("\n## ")[0]
    lines = [line for indent, _, _, block in STEP.findall(chapter) for line in _unindented(block, indent).splitlines()]
    type_in("git init -q . && git add -A", copy)
    author = "git -c user.name=Anna -c user.email=anna@localhost"
    type_in(f"{author} commit -qm start", copy)
    edits = [line for line in lines if line.startswith(("git switch", "sed "))]
    assert len(edits) == 2
    for line in edits:
        type_in(line, copy)
    (commit,) = [line for line in lines if line.startswith("git commit")]
    type_in(commit.replace("git", author, 1), copy)
    for word in " ".join(lines).split():
        assert not word.startswith(("tests/", "tools/")) or (copy / word).exists(), word
