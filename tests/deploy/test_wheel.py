"""The wheel, installed where nothing else of the project is, serves every file that pages load."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.checkout import ROOT
from tests.test_repository import tracked

FOLDERS = {"/static": "api/webapp/static", "/staff/static": "dashboards/static"}
SERVE = """
import hashlib, json, sys
from pathlib import Path
import api, dashboards
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from api.http.assets import Assets

installed = Path(sys.prefix).resolve()
assert installed in Path(api.__file__).resolve().parents, api.__file__
found = {}
for prefix, folder in json.loads(sys.argv[1]).items():
    files = Path(api.__file__).parents[1] / folder
    assets = Assets(files, prefix)
    client = TestClient(Starlette(routes=[Mount(prefix, assets)]))
    for path in sorted(files.rglob("*")):
        if path.is_file():
            name = path.relative_to(files).as_posix()
            answer = client.get(assets.url(name))
            assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"], name
            found[f"{folder}/{name}"] = hashlib.sha256(answer.content).hexdigest()
print(json.dumps(found))
"""


def test_the_installed_wheel_serves_every_file_that_pages_load(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=100)
    (wheel,) = tmp_path.glob("*.whl")
    empty = tmp_path / "empty"
    venv.create(empty, with_pip=False)
    python = empty / "bin/python"
    (packages,) = empty.glob("lib/python3*/site-packages")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", packages, wheel]
    subprocess.run(install, check=True, capture_output=True, timeout=100)
    # What the project needs is lent from here; its own editable install is not: a path in a .pth file is no site.
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    serve = [python, "-I", "-c", SERVE, json.dumps(FOLDERS)]
    done = subprocess.run(serve, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    served = json.loads(done.stdout)
    committed = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tracked()
        if path.relative_to(ROOT).as_posix().startswith(tuple(f"{folder}/" for folder in FOLDERS.values()))
    }
    assert len(committed) > 15
    assert served == committed
