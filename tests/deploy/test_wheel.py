"""The wheel, installed where nothing else of the project is, serves every file that pages load, and whole packs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest

from tests.checkout import ROOT
from tests.test_repository import tracked

FOLDERS = {"/static": "api/webapp/static", "/staff/static": "dashboards/static"}
Ran = Callable[..., Any]
"""A program and its arguments, run by the installed wheel's Python: the JSON that it prints."""
BEGIN = """
import hashlib, json, sys
from pathlib import Path
import api, dashboards
from starlette.testclient import TestClient

installed = Path(sys.prefix).resolve()
assert installed in Path(api.__file__).resolve().parents, api.__file__
"""
SERVE_FILES = """
from starlette.applications import Starlette
from starlette.routing import Mount
from api.http.assets import Assets

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
SERVE_PACK = """
from fastapi import FastAPI
from api.app import install
from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.services import Services
from api.webapp.pages import create_pages
from api.webapp.routes.site_files import STATIC_PATH, static_files
from api.webapp.scans.counter import ScanCounter
from geodata.store.database import Database

with Database(sys.argv[1]) as database:
    keeper = SnapshotKeeper(database)
    pages = create_pages(keeper, database, ScanCounter(database))
    app = FastAPI()
    services = Services(keeper=keeper, database=database, live=LiveHub(keeper))
    install(app, services, error_page=pages.error_page)
    app.include_router(pages.router)
    app.mount(STATIC_PATH, static_files())
    keeper.start()
    with TestClient(app) as client:
        manifest = client.get("/t/stadtwald/offline.json").json()
        served = {}
        for piece in manifest["pieces"]:
            answer = client.get(piece["url"])
            assert answer.status_code == 200, piece
            served[piece["url"]] = hashlib.sha256(answer.content).hexdigest()
        worker = client.get("/sw.js").text
    keeper.stop()
print(json.dumps([manifest, served, worker]))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run a program in an environment that has the wheel alone."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=100)
    (wheel,) = folder.glob("*.whl")
    empty = folder / "empty"
    venv.create(empty, with_pip=False)
    (packages,) = empty.glob("lib/python3*/site-packages")
    # Unpacking is what installs a wheel of Python alone, and needs no pip: an environment made by uv has none.
    ZipFile(wheel).extractall(packages)
    # What the project needs is lent from here; its own editable install is not: a path in a .pth file is no site.
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))

    def run(program: str, *arguments: str) -> Any:
        command = [empty / "bin/python", "-I", "-c", BEGIN + program, *arguments]
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_the_installed_wheel_serves_every_file_that_pages_load(ran: Ran) -> None:
    served = ran(SERVE_FILES, json.dumps(FOLDERS))
    committed = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tracked()
        if path.relative_to(ROOT).as_posix().startswith(tuple(f"{folder}/" for folder in FOLDERS.values()))
    }
    assert len(committed) > 15
    assert served == committed


def test_a_pack_of_the_installed_wheel_is_whole_and_each_piece_is_what_its_hash_says(
    ran: Ran, demo_trail: None, database_url: str
) -> None:
    manifest, served, worker = ran(SERVE_PACK, database_url)
    assert len(manifest["stations"]) == 10
    assert {piece["kind"] for piece in manifest["pieces"]} >= {"page", "file"}
    assert served == {piece["url"]: piece["sha256"] for piece in manifest["pieces"]}
    assert {page["sha256"] for page in manifest["pages"]} <= set(served.values())
    assert worker == (ROOT / "api/webapp/static/bundles/service-worker.js").read_text(encoding="utf-8")
