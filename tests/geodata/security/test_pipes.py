"""A pipe that nobody writes to, in the place of a file: refused at once, whatever reads it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.bundle import json_rows
from geodata.content import folder as content_folder
from geodata.errors import DigitalpfadError
from geodata.findings.content import TextFindings
from geodata.findings.trail_file import Findings
from geodata.media.files import PICTURE, MediaFile
from geodata.media.prepare import prepare
from geodata.security import bounded_file, unpacking
from geodata.trailfiles import closure_area
from geodata.trailfiles.draft import terrain
from geodata.trailfiles.systems.vertical import HowHigh


def _text(pipe: Path) -> None:
    findings = TextFindings()
    content_folder.read(pipe.parent.parent, findings)
    for error in findings.errors:
        raise error.as_error()


READERS: dict[str, Callable[[Path], object]] = {
    "notices.json": lambda pipe: json_rows.decode(pipe, list[str]),
    "area.geojson": lambda pipe: closure_area.read(pipe, "", Findings()),
    "de.md": _text,
    "teich.jpg": lambda pipe: prepare(MediaFile("m", PICTURE, "teich.jpg", pipe)),
    "backup.zip": lambda pipe: unpacking.opened(pipe).__enter__(),
    "dgm.tif": lambda pipe: list(terrain.heights([pipe], "", [(8.9, 52.0, 100.0)], HowHigh(), Findings())),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    pipe = tmp_path / "04-teiche" / name
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    with pytest.raises((DigitalpfadError, OSError), match="It is a pipe, not a file"):
        READERS[name](pipe)


def test_a_secret_may_come_from_the_pipe_of_a_shell(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "secret")
    reader = os.open(tmp_path / "secret", os.O_RDWR)
    os.write(reader, b"x")
    assert bounded_file.at_most(tmp_path / "secret", 0, may_be_pipe=True) == b"x"
    os.close(reader)
