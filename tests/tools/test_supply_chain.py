"""What an installation brings: its bill of materials, its licences, published advisories, and bandit's findings."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.checkout import ROOT
from tools import sbom
from tools.bundles import BundleManifest, NpmPackage, bundle_manifests
from tools.vendor import manifests

MOMENT = datetime(2026, 11, 29, tzinfo=UTC)
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib"),
    "LGPL-3.0-only",  # psycopg: used as it is, and anybody may put another in its place
}
"""Licences that an Apache-2.0 project may be handed on together with; of an "A OR B" one of them is enough."""

PRODUCT = ("digitalpfad", "gateway", "api", "geodata", "dashboards", "firmware-sim/firmware_sim")
NO_FINDING = ("B404", "B405", "B406")
"""Imports that do nothing by themselves: each call that could do harm has a finding of its own."""
SPOKEN = {
    ("B107", "digitalpfad/broker/login_proof.py"): "an empty default: without a login there is nothing to prove",
    ("B603", "geodata/media/apart.py"): "our own module with our own interpreter; what is untrusted is on its input",
    ("B603", "geodata/actions/planned/apart.py"): "the same",
    ("B603", "geodata/typesetting/apart.py"): "the same",
    ("B603", "digitalpfad/signs/press.py"): "the same",
}
"""Findings on lines that ruff does not ask about."""


@cache
def bill() -> dict[str, Any]:
    return json.loads(json.dumps(sbom.build(MOMENT)))


def components(of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in of.get("components", []):
        yield one
        yield from components(one)


def test_the_bill_of_materials_is_valid_cyclonedx() -> None:
    folder = resources.files("cyclonedx.schema._res")
    schemas = {
        file.name: json.loads(file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name in {"bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"}
    }
    registry = jsonschema_rs.Registry([(f"http://cyclonedx.org/schema/{name}", one) for name, one in schemas.items()])
    validator = jsonschema_rs.validator_for(
        schemas["bom-1.6.SNAPSHOT.schema.json"], registry=registry, validate_formats=True
    )
    assert [f"{list(fault.instance_path)}: {fault.message}" for fault in validator.iter_errors(bill())] == []
    assert not validator.is_valid({**bill(), "components": [{"type": "library"}]}), "a component needs a name"
    assert bill()["specVersion"] == "1.6"


def test_it_names_every_locked_package_with_version_licence_and_hashes() -> None:
    named = {one["purl"]: one for one in bill()["components"] if "purl" in one}
    runtime = list(sbom.locked(ROOT / "requirements/runtime.txt"))
    assert len(runtime) > 60
    for one in runtime:
        entry = named[one.purl]
        assert [hashed["hashes"][0]["content"] for hashed in entry["externalReferences"]] == list(one.hashes)
        assert entry["licenses"] or one.marker, f"{one.name} says no licence"
    optional = {one["name"] for one in named.values() if one["scope"] == "optional"}
    assert {"rasterio", "typst"} <= optional
    assert not {"pytest", "ruff", "hypothesis"} & {one["name"] for one in named.values()}, "nobody installs these"


def test_it_names_the_front_end_files_and_the_font_with_their_sha_512() -> None:
    named = {one["name"]: one for one in components(bill())}
    for manifest in manifests():
        for name, entry in manifest.packages.items():
            assert named[name]["version"] == entry["version"]
            assert [one["alg"] for one in named[name]["externalReferences"][0]["hashes"]] == ["SHA-512"]
            assert {Path(one["name"]).name for one in named[name]["components"]} == set(entry["files"])
    files = [one for one in components(bill()) if one["type"] == "file"]
    assert all({hashed["alg"] for hashed in one["hashes"]} == {"SHA-256", "SHA-512"} for one in files)
    fonts = {one["name"] for one in named[sbom.FONT]["components"]}
    assert "geodata/typesetting/fonts/AtkinsonHyperlegible-Regular.ttf" in fonts


def test_it_names_the_npm_packages_within_scripts_of_ours_and_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha512(b"archive").digest()
    package: NpmPackage = {
        "version": "1.2.3",
        "licence": "MIT",
        "integrity": f"sha512-{base64.b64encode(digest).decode()}",
    }
    manifests = [
        BundleManifest(one.path, {**one.said, "packages": {**one.said["packages"], f"@example/part-{number}": package}})
        for number, one in enumerate(bundle_manifests())
    ]
    monkeypatch.setattr(sbom, "bundle_manifests", lambda: manifests)
    named = {one["name"]: one for one in components(json.loads(json.dumps(sbom.build(MOMENT))))}
    for manifest in manifests:
        for name, said in manifest.said["packages"].items():
            entry = named[name]
            assert entry["version"] == said["version"]
            found = {ROOT / one["location"] for one in entry["evidence"]["occurrences"]}
            assert found == {manifest.target / bundle for bundle in manifest.said["bundles"]}
            assert all(path.is_file() for path in found)
    entry = named["@example/part-0"]
    assert entry["purl"] == "pkg:npm/%40example/part-0@1.2.3"
    assert entry["externalReferences"][0]["hashes"] == [{"alg": "SHA-512", "content": digest.hex()}]


def test_it_says_who_needs_whom() -> None:
    needs = {one["ref"]: set(one["dependsOn"]) for one in bill()["dependencies"]}
    names = {one["purl"]: one["name"] for one in bill()["components"] if "purl" in one}
    root = needs[bill()["metadata"]["component"]["bom-ref"]]
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert {canonicalize_name(Requirement(text).name) for text in asked} <= {names.get(ref) for ref in root}
    (fastapi,) = [ref for ref in needs if ref.startswith("pkg:pypi/fastapi@")]
    assert {"starlette", "pydantic"} <= {names[ref] for ref in needs[fastapi]}


def test_the_same_checkout_gives_the_same_file_and_the_artefact_its_sha_512(tmp_path: Path) -> None:
    wheel = tmp_path / "digitalpfad-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    assert sbom.build(MOMENT) == sbom.build(MOMENT)
    (hashed,) = json.loads(json.dumps(sbom.build(MOMENT, wheel)))["metadata"]["component"]["hashes"]
    assert (hashed["alg"], len(hashed["content"])) == ("SHA-512", 128)
    file = tmp_path / "bom.json"
    subprocess.run([sys.executable, ROOT / "tools/sbom.py", file, "--artefact", wheel], check=True, timeout=60)
    assert json.loads(file.read_text())["bomFormat"] == "CycloneDX"


def test_every_licence_may_be_handed_on_with_ours() -> None:
    refused: list[str] = []
    for one in bill()["components"]:
        for entry in one.get("licenses", []):
            text = entry.get("expression") or entry["license"]["name"]
            if not any(set(choice.split(" AND ")) <= ALLOWED for choice in text.split(" OR ")):
                refused.append(f"{one['name']}: {text}")
    assert not refused


def advisories() -> list[dict[str, str]]:
    return tomllib.loads((ROOT / "requirements/advisories.toml").read_text(encoding="utf-8"))["fixed"]


@pytest.mark.parametrize("row", advisories(), ids=lambda row: f"{row['library']} {row['advisory']}")
def test_no_lock_file_holds_a_release_that_an_advisory_names(row: dict[str, str]) -> None:
    assert re.fullmatch(r"CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+", row["advisory"])
    found = [
        (file.name, one.version)
        for file in (ROOT / "requirements").glob("*.txt")
        for one in sbom.locked(file)
        if one.name == row["library"]
    ]
    assert found, "no lock file has it any more: take the row out"
    assert [one for one in found if Version(one[1]) < Version(row["release"])] == []


def test_what_we_ask_for_ourselves_is_never_below_the_fix() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {str(canonicalize_name(one.name)): one for one in map(Requirement, project["dependencies"])}
    for row in advisories():
        if row["library"] in asked:
            before = Version(row["release"])
            lowest = min(Version(one.version) for one in asked[row["library"]].specifier if one.operator == ">=")
            assert lowest >= before, f"{row['library']}: {row['advisory']}"


def test_each_library_is_locked_once_for_each_python() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        seen: dict[str, list[str]] = {}
        for one in sbom.locked(file):
            seen.setdefault(one.name, []).append(one.marker)
        assert [name for name, markers in seen.items() if len(markers) != len(set(markers))] == []


def test_bandit_finds_nothing_without_a_spoken_reason() -> None:
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", "-s", ",".join(NO_FINDING), "-r", *PRODUCT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    found = json.loads(done.stdout)
    assert found["errors"] == []
    assert found["metrics"]["_totals"]["loc"] > 20_000, "it looked at the product"
    silent: list[str] = []
    used: set[tuple[str, str]] = set()
    for one in found["results"]:
        lines = (ROOT / one["filename"]).read_text(encoding="utf-8").splitlines()
        spoken = re.compile(rf"# noqa: [A-Z0-9, ]*\bS{one['test_id'][1:]}\b.* - \S+")
        key = (one["test_id"], one["filename"])
        if key in SPOKEN:
            used.add(key)
        elif not any(spoken.search(lines[number - 1]) for number in one["line_range"]):
            silent.append(f"{one['filename']}:{one['line_number']} {one['test_id']} {one['issue_text']}")
    assert not silent
    assert used == SPOKEN.keys(), "take out of SPOKEN what is found no more"
