"""Pages for the source files and folders that documents link, so that these links lead somewhere without the forge."""

from __future__ import annotations

import ast
from pathlib import Path

_LANGUAGES = {".py": "python", ".sh": "bash", ".conf": "nginx", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}
_UNSEARCHED = "---\nsearch:\n  exclude: true\n---\n"


def file_page(path: Path, name: str) -> str:
    """A page that shows a source file; ``name`` is its path in the repository."""
    text = path.read_text(encoding="utf-8")
    fence = "`" * 4
    return f"{_UNSEARCHED}# {name}\n\n{fence}{_LANGUAGES.get(path.suffix, 'text')}\n{text.rstrip()}\n{fence}\n"


def folder_page(path: Path, name: str) -> str:
    """A page that lists a folder; each Python module with the first line of its docstring."""
    entries = sorted(one for one in path.iterdir() if not one.name.startswith((".", "__", "node_modules")))
    lines = [f"| `{one.name}{'/' if one.is_dir() else ''}` | {_summary(one)} |" for one in entries]
    about = _summary(path)
    return "\n".join([f"{_UNSEARCHED}# {name}/", "", about, "", "| | |", "| --- | --- |", *lines, ""])


def _summary(path: Path) -> str:
    module = path / "__init__.py" if path.is_dir() else path
    if module.suffix != ".py" or not module.exists():
        return ""
    said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0].replace("|", r"\|")
