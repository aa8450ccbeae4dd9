"""Committed bundles are what their sources were built to, and reach no foreign host."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tools.bundles import BundleManifest, bundle_manifests, offline_bundle_faults


def test_every_bundle_is_what_its_sources_were_built_to() -> None:
    found = bundle_manifests()
    assert found
    for manifest in found:
        assert offline_bundle_faults(manifest) == []
        for kind in ("packages", "builder"):
            for name, package in manifest.said[kind].items():
                assert package.get("integrity", "").startswith("sha512-"), name
                assert package["licence"], name
        licences = (manifest.target / "LICENSES.txt").read_text(encoding="utf-8")
        assert all(name in licences for name in manifest.said["packages"])


def test_a_script_that_was_changed_and_not_built_is_found_as_is_a_changed_bundle(tmp_path: Path) -> None:
    source = next(each for each in bundle_manifests() if "service-worker.js" in each.said["bundles"])
    shutil.copytree(source.path.parent, tmp_path / "scripts")
    shutil.copytree(source.target, tmp_path / "static" / "bundles")
    manifest = BundleManifest(tmp_path / "scripts" / "bundles.json", source.said)
    assert offline_bundle_faults(manifest) == []
    script = manifest.path.parent / "load.js"
    script.write_text(script.read_text(encoding="utf-8") + "// more\n", encoding="utf-8")
    bundle = manifest.target / "service-worker.js"
    bundle.write_bytes(bundle.read_bytes() + b" ")
    faults = offline_bundle_faults(manifest)
    assert len(faults) == 2
    assert "run tools/vendor.py" in faults[0]
    assert faults[1] == f"{bundle} was changed"


NAMED_ADDRESSES = {"explorer.js": ["https://github.com"]}
"""In the sentence of an error of ECharts."""


def test_no_bundle_names_a_foreign_host() -> None:
    for manifest in bundle_manifests():
        for script in manifest.target.glob("*.js"):
            assert re.findall(r"https?://[\w.-]+", script.read_text(encoding="utf-8")) == NAMED_ADDRESSES.get(
                script.name, []
            ), script
