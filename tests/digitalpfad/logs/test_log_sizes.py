"""`digitalpfad doctor` tells what logs take of the disk, and when that is more than it should be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.logs import log_sizes
from tests.digitalpfad.commandline import run


def write(path: Path, size: int) -> None:
    """A file that is so large and takes no room."""
    with path.open("wb") as file:
        os.truncate(file.fileno(), size)


@pytest.mark.parametrize(
    ("sizes", "ok", "found"),
    [
        ({}, True, "none at {folder} ('digitalpfad up' writes there)"),
        (
            {"web.log": 1_500_000, "gateway.log": 9_000_000, "gateway.log.1": 10_000_000, "gateway.log.3": 400_000},
            True,
            "20.9 MB at {folder}, most of it of gateway (19.4 MB)",
        ),
        (
            {"postgresql.log": 81_000_000, "web.log": 1_000_000},
            False,
            "82.0 MB at {folder}, most of it of postgresql (81.0 MB), more than the 80.0 MB of one part",
        ),
    ],
)
def test_doctor_tells_what_the_logs_take(folder: Path, sizes: dict[str, int], ok: bool, found: str) -> None:
    data = DataDir.at(folder / "data").create()
    for name, size in sizes.items():
        write(data.logs / name, size)
    told = json.loads(run("doctor", "--json", DIGITALPFAD_DATA_DIR=str(data.path)).stdout)
    (logs,) = [one for one in told if one["check"] == "logs"]
    assert (logs["ok"], logs["found"]) == (ok, found.format(folder=data.logs))
    assert logs["hint"] == ("" if ok else log_sizes.HINT)
