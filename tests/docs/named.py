"""What texts name of this repository: paths, links, commands, settings, metrics, modules; and whether it is there.

A text is a Markdown page, a docstring or a sentence in the code. What is no name of ours (`/etc/…`, `NNNN`, `…`) is not
looked at.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from typer.main import get_command

from digitalpfad import cli
from digitalpfad.config.model import PREFIX, SECRETS, Settings, variable
from tests.checkout import ROOT
from tools.reference.markdown import anchor

ENDINGS = "py|md|html|sql|json|jsonl|ya?ml|toml|sh|po|svg|css|js|mjs|conf|txt|geojson|service|timer|typ|sha256|acl|xml"
PATH = re.compile(rf"(?<![\w./<{{$~…*%:-])(?:[\w.-]+/)+[\w.-]*\w\.(?:{ENDINGS})\b(?![\w/])")
FILE = re.compile(rf"`([\w-][\w.-]*\.(?:{ENDINGS}))`")
FOLDER = re.compile(r"`((?:[\w-]+/)+)`")
LINK = re.compile(r"\]\(([^()\s]*)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
CODE = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)|(?:(?<![\w'])'|„)([a-z][^'“\n]* [^'“\n]*)(?:'(?!\w)|“)")
SETTING = re.compile(rf"\b{PREFIX}[A-Z][A-Z0-9_]*\b(?!…)")
METRIC = re.compile(r"\bdigitalpfad_[a-z0-9_]+\b(?![…/@.*]|\.service)")
PACKAGES = ("digitalpfad", "gateway", "api", "geodata", "dashboards", "firmware_sim", "tools", "tests", "benchmarks")
MODULE = re.compile(rf"(?<![\w./@-])(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+(?![\w/@-])")
TARGET = re.compile(r"\bmake ([a-z]+)\b")
NO_MODULE = frozenset(
    ["env", "conf", "example", "log", "service", "acl", "passwd", "crt", "key", "md", "py", "json", "v1"]
)


@dataclass(frozen=True, slots=True)
class Text:
    """Something that people read; ``where`` is the file, with the line in code."""

    where: str
    words: str
    is_page: bool = False

    @property
    def folder(self) -> PurePosixPath:
        return PurePosixPath(self.where).parent


def pages(files: frozenset[str]) -> Iterator[Text]:
    """The Markdown pages; the changelog names what was."""
    for name in sorted(files):
        if name.endswith(".md") and name != "CHANGELOG.md" and not name.startswith("geodata/trails/"):
            yield Text(name, (ROOT / name).read_text(encoding="utf-8"), is_page=True)


def sentences(files: frozenset[str]) -> Iterator[Text]:
    """Docstrings and other texts of more than one word in product code and tools."""
    for name in sorted(files):
        if not name.endswith(".py") or name.startswith(("tests/", "benchmarks/", "tools/docsite/")):
            continue
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                yield Text(f"{name}:{node.lineno}", node.value)


def translations(files: frozenset[str]) -> Iterator[Text]:
    """Lines of the translated sentences, which people see instead of those in the code."""
    for name in sorted(files):
        if name.endswith(".po"):
            for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
                yield Text(f"{name}:{number}", line)


def missing_paths(text: Text, files: frozenset[str]) -> Iterator[str]:
    """Paths of files and folders that are nowhere; from the root, from the page's folder, or the end of a path."""
    named = [one.group() for one in PATH.finditer(_without_links(text.words))]
    if text.is_page:
        named += FILE.findall(text.words)
    for path in named:
        if not _is_ours(path) or _is_file(path, text.folder, files):
            continue
        yield path
    for folder in FOLDER.findall(text.words) if text.is_page else ():
        if not any(f"/{name}".find(f"/{folder}") >= 0 for name in files):
            yield folder


def missing_links(text: Text, files: frozenset[str]) -> Iterator[str]:
    """Links of a page to files or headings that are not there."""
    for target in LINK.findall(text.words) if text.is_page else ():
        path, _, heading = target.partition("#")
        if "://" in path or path.startswith(("mailto:", "/")):
            continue
        there = _normal(text.folder / path) if path else text.where
        if (there not in files and not (ROOT / there).is_dir()) or (
            heading and there.endswith(".md") and heading not in _anchors(there)
        ):
            yield target


def missing_commands(text: Text) -> Iterator[str]:
    """Commands of ``digitalpfad`` that do not exist, or that do not know an option they are given."""
    for typed in _typed(text):
        words = _words(typed)
        if words[:1] == ["digitalpfad"]:
            words = words[1:]
        elif len(words) < 2 or words[0] not in _groups() or not re.fullmatch(r"[a-z][a-z-]+", words[1]):
            continue
        problem = _problem(words)
        if problem:
            yield f"{typed} ({problem})"


def missing_settings(text: Text) -> Iterator[str]:
    """Settings that are none; ``…_`` is a group of them, ``…_FILE`` the file with a secret."""
    known = {variable(name) for name in Settings.model_fields} | {f"{variable(name)}_FILE" for name in SECRETS}
    for name in SETTING.findall(text.words):
        is_group = name.endswith("_") and any(one.startswith(name) for one in known)
        if name not in known and not is_group and not name.startswith(f"{PREFIX}TEST"):
            yield name


def missing_metrics(text: Text, known: frozenset[str]) -> Iterator[str]:
    """Metrics, channels and roles that are not among ``known``; histograms by their own name."""
    for name in METRIC.findall(text.words):
        base = re.sub(r"_(bucket|count|sum)$", "", name)
        is_group = name.endswith("_") and any(one.startswith(name) for one in known)
        if not {name, base} & known and not is_group:
            yield name


def missing_modules(text: Text, files: frozenset[str]) -> Iterator[str]:
    """Dotted names of modules, and of what stands in them, that are nowhere."""
    for name in MODULE.findall(text.words):
        if name.rpartition(".")[2] in NO_MODULE or ".v1." in name:
            continue  # a file, a host or a topic
        if not _is_module(name.split("."), files):
            yield name


def missing_targets(text: Text) -> Iterator[str]:
    """Targets of make, named as code, that the Makefile does not have."""
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for typed in _typed(text):
        if typed.startswith("make "):
            yield from (f"make {name}" for name in TARGET.findall(typed) if name not in known)


def _without_links(words: str) -> str:
    return re.sub(r"\b\w+://\S+", " ", LINK.sub("]", words))


def _is_ours(path: str) -> bool:
    return not path.startswith(("/", "~", ".")) and not re.search(r"NNNN|NN-|VARIANT|NAME|\.\.\.|^build/|^\d\d-", path)


def _is_file(path: str, folder: PurePosixPath, files: frozenset[str]) -> bool:
    return path in files or _normal(folder / path) in files or path in _ends(files) or (ROOT / path).exists()


@cache
def _ends(files: frozenset[str]) -> frozenset[str]:
    """Every end of every path: ``store/roles.py`` and ``roles.py`` of ``geodata/store/roles.py``."""
    return frozenset("/".join(parts[i:]) for name in files for parts in [name.split("/")] for i in range(len(parts)))


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@cache
def _anchors(page: str) -> frozenset[str]:
    words = CODE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    found = {
        anchor(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")) for heading in HEADING.findall(words)
    }
    return frozenset(found | set(re.findall(r'<a (?:id|name)="([^"]+)"', words)))


def _typed(text: Text) -> Iterator[str]:
    """What could be typed: lines of code blocks, and code or quoted words within a sentence."""
    for kind, block in CODE.findall(text.words) if text.is_page else ():
        if kind in {"", "sh", "bash", "console"}:
            for line in re.sub(r"\\\n\s*", " ", block).splitlines():
                yield line.strip().removeprefix("$ ").removeprefix("sudo ").removeprefix(".venv/bin/")
    for match in SPAN.finditer(CODE.sub("", text.words) if text.is_page else text.words):
        yield (match[1] or match[2]).strip().removeprefix(".venv/bin/")


def _words(typed: str) -> list[str]:
    try:
        return shlex.split(typed, comments=True)
    except ValueError:
        return typed.split()


@cache
def _root() -> Any:
    return get_command(cli.build(None))


@cache
def _group(name: str) -> Any:
    return get_command(cli.build(name)).commands[name]  # pyright: ignore[reportAttributeAccessIssue]


@cache
def _groups() -> frozenset[str]:
    return frozenset(name for name in _root().commands if getattr(_group(name), "commands", None))


def _problem(words: list[str]) -> str:
    """What is wrong with ``digitalpfad`` and these words; empty where nothing is."""
    if not words or words[0].startswith("-") or not re.fullmatch(r"[a-z][a-z-]*", words[0]):
        return ""
    if words[0] not in _root().commands:
        return f"no command {words[0]}"
    command, rest = _group(words[0]), words[1:]
    below = getattr(command, "commands", None)
    if below and rest and re.fullmatch(r"[a-z][a-z-]*(\|[a-z-]+)*", rest[0]):
        unknown = [one for one in rest[0].split("|") if one not in below]
        if unknown:
            return f"no command {words[0]} {unknown[0]}"
        command, rest = below[rest[0].split("|")[0]], rest[1:]
    known = {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)} | {"--help", "--debug"}
    asked = [re.split(r"[=\]]", word.lstrip("["))[0] for word in _until_pipe(rest) if re.match(r"\[?--[a-z]", word)]
    unknown = [flag for flag in asked if flag not in known] if not getattr(command, "commands", None) else []
    return f"no option {unknown[0]}" if unknown else ""


def _until_pipe(words: list[str]) -> list[str]:
    ends = [i for i, word in enumerate(words) if word in {"|", ">", "&&", ";", "&", "||", "<"}]
    return words[: min(ends, default=len(words))]


def _is_module(parts: list[str], files: frozenset[str]) -> bool:
    """Whether the dotted name is a module, or a name that stands in one."""
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        path = f"firmware-sim/{path}" if parts[0] == "firmware_sim" else path
        if (ROOT / path).is_dir() and any(name.startswith(f"{path}/") for name in files):
            return length == len(parts) or _stands_in(f"{path}/__init__.py", parts[length], files)
        if f"{path}.py" in files:
            return length == len(parts) or _stands_in(f"{path}.py", parts[length], files)
    return False


def _stands_in(file: str, name: str, files: frozenset[str]) -> bool:
    return file in files and re.search(rf"\b{name}\b", Path(ROOT / file).read_text(encoding="utf-8")) is not None
