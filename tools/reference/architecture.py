"""The made parts of docs/architecture.md: a row for each package from its docstring, the layers from pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.reference.markdown import renewed, table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/architecture.md"
_HEAD = ("package", "what belongs there", "what does not, and what a new file needs")
_TOPS = ("geodata", "gateway", "api", "dashboards", "digitalpfad", "firmware-sim", "benchmarks")


def page() -> str:
    """The page with its made parts renewed; what people wrote around them stays."""
    text = PAGE.read_text(encoding="utf-8")
    for name, made in (("packages", packages()), ("layers", layers())):
        text = renewed(text, name, made)
    return text


def docstrings() -> dict[str, str]:
    """Every package of the product as its folder, with its docstring."""
    listed = subprocess.run(["git", "ls-files", "*__init__.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    folders = [Path(name).parent.as_posix() for name in listed.stdout.split()]
    found = [folder for folder in folders if folder.split("/")[0] in _TOPS]
    return {
        folder: ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        for folder in sorted(found, key=lambda folder: (_TOPS.index(folder.split("/")[0]), folder))
    }


def packages() -> str:
    """The table of packages."""
    rows: list[tuple[str, str, str]] = []
    for folder, docstring in docstrings().items():
        first, _, more = docstring.partition("\n\n")
        rows.append((f"`{folder}/`", _prose(first), _prose(more)))
    return table(_HEAD, rows)


def layers() -> str:
    """The contracts of imports: the upper may import what stands below, never above, nor its neighbours in a line."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    drawn = [_layers(one) for one in contracts if one["type"] == "layers"]
    return "".join(drawn) + "".join(f"- {_sentence(one)}\n" for one in contracts if one["type"] != "layers")


def _prose(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _layers(contract: Mapping[str, Any]) -> str:
    drawn = "\n".join(layer.replace(" | ", " · ") for layer in contract["layers"])
    return f"**{contract['name']}**\n\n```text\n{drawn}\n```\n\n"


def _sentence(contract: Mapping[str, Any]) -> str:
    name, kind = contract["name"], contract["type"]
    if kind == "protected":
        return (
            f"{name}. Only {_codes(contract['allowed_importers'])} may import {_codes(contract['protected_modules'])}."
        )
    if kind == "forbidden":
        of = _codes(contract["source_modules"])
        return f"{name}. Never imported by {of}: {_codes(contract['forbidden_modules'])}."
    return f"{name}: {_codes(contract['ancestors' if kind == 'acyclic_siblings' else 'modules'])}."


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
