"""Who calls which outside program: found in the source of tests, benchmarks and tools, and while tests run."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tools.programs import PROGRAMS, ROOT

NAMES = frozenset(name for each in PROGRAMS for name in (each.name, each.file) if name)
RUNNERS = {"run", "Popen", "call", "check_call", "check_output", "start", "execv", "execvp", "create_subprocess_exec"}
PREFIXES = {"env", "exec", "command", "sudo", "setpriv"}  # what follows their options is a program too


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """``asked``: the program has to be there; otherwise the caller looks whether it is."""

    place: str
    program: str
    asked: bool = True


def in_python(path: Path, text: str | None = None) -> Iterator[Call]:
    """``require("…")``, ``services()["…"]``, ``which("…")`` and what begins a command that is written in the file."""
    tree = ast.parse(path.read_text() if text is None else text)
    lists = _lists(tree)
    for node in ast.walk(tree):
        place = f"{path}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call) and _name(node.value) == "services":
            yield from (Call(place, name, asked=False) for name in _literal(node.slice))
        if not isinstance(node, ast.Call) or not node.args:
            continue
        match _name(node):
            case "require":
                yield from (Call(place, name) for name in _literal(node.args[0]))
            case "which":
                yield from (Call(place, name, asked=False) for name in _literal(node.args[0]))
            case name if name in RUNNERS:
                commands = lists.get(node.args[0].id, []) if isinstance(node.args[0], ast.Name) else [node.args[0]]
                yield from (Call(place, name) for command in commands for name in _first(command))
            case _:
                pass


def _lists(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Lists and tuples by the name they are assigned to, wherever in the file."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.List | ast.Tuple):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _literal(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _first(command: ast.expr) -> list[str]:
    """The program of a command, and the one that it runs in turn."""
    words = command.elts if isinstance(command, ast.List | ast.Tuple) else []
    first = _literal(words[0]) if words else []
    if not first or first[0] not in PREFIXES:
        return first
    rest = (node for node in words[1:] if not isinstance(node, ast.Starred | ast.JoinedStr))  # options and settings
    inner = next((node for node in rest if not any(map(_is_option, _literal(node)))), None)
    return first + (_literal(inner) if inner else [])


def _is_option(word: str) -> bool:
    return word.startswith("-") or "=" in word


def closure(files: Iterable[Path]) -> set[Path]:
    """These files and what of tests, benchmarks and tools they import, directly or not."""
    found: set[Path] = set()
    todo = list(files)
    while todo:
        path = todo.pop()
        if path not in found and path.exists():
            found.add(path)
            todo += [ROOT / f"{name.replace('.', '/')}.py" for name in _imports(path)]
    return found


def _imports(path: Path) -> Iterator[str]:
    package = ".".join(path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            module = f"{package}.{node.module}" if node.level else str(node.module)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def _of_the_shell() -> frozenset[str]:
    said = subprocess.run(["bash", "-c", "compgen -b; compgen -k"], capture_output=True, text=True, check=True).stdout
    return frozenset(said.split())


def in_shell(place: str, text: str) -> Iterator[Call]:
    """The programs of a script or of a Makefile's recipes."""
    own = set(re.findall(r"^(\w+)\(\) \{", text, re.MULTILINE))
    text = re.sub(r"\\\n", " ", re.sub(r"(^|\s)#.*", r"\1", text, flags=re.MULTILINE))
    text = re.sub(r"\$\([A-Z_]+\)", "variable", text)  # of make
    text = re.sub(r"\(\(.*?\)\)", "true", text)  # arithmetic
    empty = set(re.findall(r"(\w+)=\(\)", text))
    for name in re.findall(r"(?:\.venv/bin|\$venv/bin|\$bin)/(?!digitalpfad)([\w-]+)", text):
        yield Call(place, name)
    for command in _commands(text):
        words = iter(command)
        for word in words:
            if word in PREFIXES or word in {"if", "then", "else", "elif", "do", "while", "until", "!", "{"}:
                if word in PREFIXES - _of_the_shell():
                    yield Call(place, word)
                continue
            if re.match(r"-|\w+\+?=", word) or any(word == f"${{{name}[@]}}" for name in empty):
                continue
            if re.fullmatch(r"[A-Za-z][\w.-]*", word) and word not in own | _of_the_shell():
                yield Call(place, word)
            break


def _commands(text: str) -> Iterator[list[str]]:
    """Words of each simple command, those within $(…) too."""
    inner = re.compile(r"[$<]\(([^()]*)\)")
    while found := inner.search(text):
        yield from _commands(found[1])
        text = f"{text[: found.start()]}$inner{text[found.end() :]}"
    text = re.sub(r"^\s*(?:for .*?; do|case .*)", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*(@|[\w*]+\) )", "", text, flags=re.MULTILINE)  # a silent recipe, a pattern of case
    text = re.sub(r"\w+\+?=\(", "; ", text)  # an array may hold a command
    for line in text.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
        lexer.commenters, lexer.whitespace_split = "", True
        words: list[str] = []
        for word in lexer:
            if set(word) <= set("();|&"):
                yield words
                words = []
            else:
                words.append(word)
        yield words


def refuse_unlisted(event: str, details: tuple[Any, ...]) -> None:
    """Audit hook: a test, benchmark or tool that runs a program which tools/programs.py lacks fails."""
    if event != "subprocess.Popen":
        return
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename == subprocess.__file__:
        frame = frame.f_back
    if frame is None or not frame.f_code.co_filename.startswith(
        tuple(f"{ROOT}/{n}/" for n in ("tests", "benchmarks", "tools"))
    ):
        return
    command = [str(word) for word in details[1]]
    programs = [command[0]]
    if Path(command[0]).name in PREFIXES:
        programs += [word for word in command[1:] if not _is_option(word)][:1]
    for program in programs:
        ours = Path(program).is_relative_to(ROOT / "tools") or Path(program).is_relative_to(tempfile.gettempdir())
        if not ours and program != sys.executable and Path(program).name not in NAMES:
            pytest.fail(f"{program} is run, but tools/programs.py does not say what brings it.")
