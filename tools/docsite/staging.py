"""Copies the documents into a folder for the generator, at the same places, so that their links stay as they are."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from tools.docsite.dialect import adapted
from tools.docsite.sources import file_page, folder_page

_CODE_OR_LINK = re.compile(
    r"(?P<code>^(`{3,}).*?^\2`*\s*?$|(`+)(?!`).*?(?<!`)\3(?!`))|\]\((?P<target>[^()\s]+)\)", re.DOTALL | re.MULTILINE
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


def documents(root: Path) -> list[str]:
    """The Markdown files of the site, as paths in the repository: those in its root and all of ``docs/``."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(path.relative_to(root).as_posix() for path in found)


def stage(root: Path, folder: Path) -> None:
    """Fill ``folder`` with the documents, what lies beside them in ``docs/``, and pages of the sources they link."""
    waiting, done = documents(root), set[str]()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        text = (root / name).read_text(encoding="utf-8")
        _write(folder / name, adapted(_linked(text, lambda target, name=name: _target(root, name, target))))
        for target in _targets(text):
            path = _path(name, target)
            if (further := _document(root, path)) is not None:
                waiting.append(further)
            elif (root / path).exists() and not path.startswith(".."):
                _stage_source(root, folder, path)
    for path in (root / "docs").rglob("*"):
        if path.is_file() and path.suffix != ".md":
            _copy(path, folder / path.relative_to(root))


def _targets(text: str) -> Iterator[str]:
    for match in _CODE_OR_LINK.finditer(text):
        target = match["target"]
        if target and not _ELSEWHERE.match(target):
            yield target


def _linked(text: str, renamed: Callable[[str], str]) -> str:
    """The text with the target of each relative link renamed; code stays as it is."""

    def replace(match: re.Match[str]) -> str:
        target = match["target"]
        return f"]({renamed(target)})" if target and not _ELSEWHERE.match(target) else match.group()

    return _CODE_OR_LINK.sub(replace, text)


def _path(document: str, target: str) -> str:
    """The path in the repository that a link of a document leads to."""
    file = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), file))


def _document(root: Path, path: str) -> str | None:
    """The Markdown file that a path stands for: itself, or the README of a folder."""
    for candidate in (path, f"{path}/README.md"):
        if candidate.endswith(".md") and (root / candidate).is_file():
            return candidate
    return None


def _target(root: Path, document: str, target: str) -> str:
    """A link's target in the site: the same, but pages where sources and folders are linked."""
    path, (file, mark, anchor) = _path(document, target), target.partition("#")
    if path.endswith(".md") or path.startswith("..") or not (root / path).exists():
        return target
    if (root / path).is_dir():
        page = "README.md" if (root / path / "README.md").is_file() else "index.md"
        return f"{file.rstrip('/')}/{page}{mark}{anchor}"
    return target if _is_beside(path) else f"{file}.md"


def _is_beside(path: str) -> bool:
    """Whether a file is handed on as it is: pictures, schemas and the like in ``docs/``."""
    return path.startswith("docs/")


def _stage_source(root: Path, folder: Path, path: str) -> None:
    if (root / path).is_dir():
        _write(folder / path / "index.md", folder_page(root / path, path))
    elif not _is_beside(path):
        _write(folder / f"{path}.md", file_page(root / path, path))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _copy(source: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
