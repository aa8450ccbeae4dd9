"""Write the software bill of materials of a release: CycloneDX 1.6, JSON, made without a network.

    python tools/sbom.py FILE [--artefact dist/digitalpfad-….whl]

It names what an installation brings: the packages of requirements/runtime.txt with the hashes that installing checks,
the packages of the extras, the front-end files from npm, the npm packages within scripts of ours, and the font.
Versions, hashes and who needs whom come from the lock files, licences from the installed packages, so it is run in the
environment of the development packages. The same checkout gives the same file: its time is that of the last commit, or
SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if __package__:
    from tools.bundles import NpmPackage, bundle_manifests
    from tools.vendor import Entry, manifests
else:
    from bundles import NpmPackage, bundle_manifests
    from vendor import Entry, manifests

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FONT = "Atkinson Hyperlegible"
_OURS = "digitalpfad (pyproject.toml)"
_SPDX = {
    "MIT License": "MIT",
    "ISC License": "ISC",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD License",
    "New BSD": "BSD-3-Clause",
}
_SEVERAL = "Dual License"  # what some authors call it; their classifiers name the choices
_CLASSIFIER = "License :: OSI Approved :: "

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of a lock file; ``needed_by`` as uv writes it behind "via"."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]

    @property
    def purl(self) -> str:
        """What the package is called everywhere; also its reference within the file."""
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(file: Path) -> Iterator[Locked]:
    """The packages of a lock file; one of two versions for different Pythons comes twice."""
    for block in re.split(r"\n(?=[a-z0-9])", file.read_text(encoding="utf-8").strip()):
        requirement = Requirement(block.partition("\\\n")[0].strip())
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
        via: list[str] = re.findall(r"^    # (?:via)? *(.*)$", block, re.MULTILINE)
        names = frozenset(line.strip() for line in via if line.strip())
        marker = str(requirement.marker or "")
        yield Locked(
            canonicalize_name(requirement.name), str(requirement.specifier).removeprefix("=="), marker, hashes, names
        )


def licence(name: str) -> str | None:
    """The SPDX expression of an installed package, or what its author calls it; None where it is not installed."""
    try:
        found = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return None  # for another system, such as colorama
    expression, named = str(found.get("license_expression", "")), str(found.get("license", ""))
    if expression:
        return expression
    classifiers = [text.removeprefix(_CLASSIFIER) for text in found.get("classifier", []) if "License" in text]
    if named == _SEVERAL:
        return " OR ".join(_SPDX.get(text, text) for text in classifiers)
    if not named or len(named) > 20 or "\n" in named:  # the licence's text
        named = next(iter(classifiers), "")
    return _SPDX.get(named, named) or None


def extras() -> list[Locked]:
    """The packages that the extras bring beside runtime.txt, with what they need."""
    everything = list(locked(ROOT / "requirements/dev.txt"))
    there = {one.name for one in locked(ROOT / "requirements/runtime.txt")}
    asked = {
        canonicalize_name(Requirement(text).name)
        for group in PROJECT["optional-dependencies"].values()
        for text in group
    }
    wanted, grown = asked, True
    while grown:
        more = {one.name for one in everything if one.needed_by & wanted}
        grown = not more <= wanted
        wanted = wanted | more
    return [one for one in everything if one.name in wanted - there]


def _licences(text: str | None) -> list[Json]:
    if text is None:
        return []
    is_expression = bool(re.fullmatch(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*", text))
    return [{"expression": text}] if is_expression else [{"license": {"name": text}}]


def _package(one: Locked, *, is_optional: bool) -> Json:
    return {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "scope": "optional" if is_optional or one.marker else "required",
        "purl": one.purl,
        "licenses": _licences(licence(one.name)),
        "externalReferences": [
            {
                "type": "distribution",
                "url": one.purl,
                "comment": "one of these files is installed",
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for digest in one.hashes
        ],
        "properties": [{"name": "digitalpfad:marker", "value": one.marker}] if one.marker else [],
    }


def _from_npm() -> Iterator[Json]:
    """Packages whose files are handed on as they are, and those that are parts of scripts of ours."""
    for manifest in manifests():
        for name, entry in manifest.packages.items():
            files = [_file(manifest.folder(name) / file) for file in entry["files"]]
            yield _npm_package(name, entry) | {"components": files}
    for bundles in bundle_manifests():
        where = [{"location": (bundles.target / name).relative_to(ROOT).as_posix()} for name in bundles.said["bundles"]]
        for name, package in bundles.said["packages"].items():
            yield _npm_package(name, package) | {"evidence": {"occurrences": where}}


def _npm_package(name: str, package: Entry | NpmPackage) -> Json:
    purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
    archive = base64.b64decode(package.get("integrity", "").removeprefix("sha512-")).hex()
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": package["version"],
        "scope": "required",
        "purl": purl,
        "licenses": _licences(package["licence"]),
        "externalReferences": [
            {"type": "distribution", "url": purl, "hashes": [{"alg": "SHA-512", "content": archive}]}
        ],
    }


def _font() -> Json:
    folder = ROOT / "geodata/typesetting/fonts"
    return {
        "type": "library",
        "bom-ref": "font:atkinson-hyperlegible",
        "name": FONT,
        "scope": "required",
        "licenses": _licences("OFL-1.1"),
        "components": [_file(path) for path in sorted(folder.iterdir())],
    }


def _file(path: Path) -> Json:
    content, name = path.read_bytes(), path.relative_to(ROOT).as_posix()
    digests = {"SHA-256": hashlib.sha256(content), "SHA-512": hashlib.sha512(content)}
    hashes = [{"alg": algorithm, "content": digest.hexdigest()} for algorithm, digest in digests.items()]
    return {"type": "file", "bom-ref": f"file:{name}", "name": name, "hashes": hashes}


def _dependencies(packages: Iterable[Locked], root: str, others: Iterable[Json]) -> list[Json]:
    known = list(packages)
    direct = [one.purl for one in known if _OURS in one.needed_by] + [str(one["bom-ref"]) for one in others]
    needs: list[Json] = [
        {"ref": one.purl, "dependsOn": sorted({other.purl for other in known if one.name in other.needed_by})}
        for one in known
    ]
    return [{"ref": root, "dependsOn": sorted(set(direct))}, *needs]


def _moment() -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        epoch = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return datetime.fromtimestamp(int(epoch), UTC)


def build(moment: datetime, artefact: Path | None = None) -> Json:
    """The bill of materials as of ``moment``; with the hashes of the built ``artefact`` where there is one."""
    needed, optional = list(locked(ROOT / "requirements/runtime.txt")), extras()
    others = [*_from_npm(), _font()]
    root: Json = {
        "type": "application",
        "bom-ref": f"pkg:pypi/{PROJECT['name']}@{PROJECT['version']}",
        "name": PROJECT["name"],
        "version": PROJECT["version"],
        "description": PROJECT["description"],
        "purl": f"pkg:pypi/{PROJECT['name']}@{PROJECT['version']}",
        "licenses": _licences(PROJECT["license"]),
    }
    if artefact is not None:
        content = artefact.read_bytes()
        root["hashes"] = [{"alg": "SHA-512", "content": hashlib.sha512(content).hexdigest()}]
        root["properties"] = [{"name": "digitalpfad:artefact", "value": artefact.name}]
    components = [
        *(_package(one, is_optional=False) for one in needed),
        *(_package(one, is_optional=True) for one in optional),
        *others,
    ]
    body: Json = {
        "metadata": {
            "timestamp": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "lifecycles": [{"phase": "build"}],
            "tools": {"components": [{"type": "application", "name": "tools/sbom.py", "version": PROJECT["version"]}]},
            "component": root,
        },
        "components": components,
        "dependencies": _dependencies([*needed, *optional], str(root["bom-ref"]), others),
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1, **body}


def main() -> None:
    """Write the file that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--artefact", type=Path, help="the built wheel or archive, whose SHA-512 is noted")
    given = parser.parse_args()
    text = json.dumps(build(_moment(), given.artefact), indent=1, ensure_ascii=False)
    given.file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
