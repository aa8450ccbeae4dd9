"""The log of a child that goes on writing stays within bounds, and its lines stay whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitalpfad.embedded.process import Program, Supervisor
from digitalpfad.logs import log_file
from tests.digitalpfad.conftest import new_folder
from tests.fixtures.process.waiting import wait_until

LIMIT = 200_000
LINES = 60_000
WRITER = f"import os\nfor i in range({LINES}):\n    os.write(1, b'line %07d of a program that says much\\n' % i)\n"


@contextmanager
def folder_on_disk() -> Generator[Path]:
    """Where logs lie in earnest; the tests' own folders may be in memory."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="dp-log-") as name:
        yield Path(name)


def written_and_bounded(folder: Path) -> list[bytes]:
    """All lines in order of what was set aside, of a program that writes as fast as it can."""
    log = folder / "x.log"
    with log_file.open_log(log) as output:
        child = subprocess.Popen([sys.executable, "-c", WRITER], stdout=output)
    lines: list[bytes] = []
    while child.poll() is None:
        if log_file.bound(log, LIMIT):
            lines += log_file.earlier(log)[0].read_bytes().splitlines()
    lines += log.read_bytes().splitlines()
    assert child.returncode == 0
    return [line for line in lines if line.strip()]


def can_collapse(folder: Path) -> bool:
    with (folder / "tried").open("w+b") as file:
        file.write(b"\n" * 20_000)
        file.flush()
        return log_file._collapse(file.fileno(), 8192)


def test_no_line_is_lost_cut_or_doubled_where_the_file_system_can_cut_at_the_beginning() -> None:
    with folder_on_disk() as folder:
        if not can_collapse(folder):
            pytest.skip("the file system below /var/tmp cannot take out the beginning of a file")
        lines = written_and_bounded(folder)
    assert lines == [b"line %07d of a program that says much" % i for i in range(LINES)]


def test_elsewhere_every_line_that_is_kept_is_whole_and_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "_collapse", lambda *_: False)
    lines = written_and_bounded(folder)
    numbers = [int(line[5:12]) for line in lines if len(line) == len(b"line 0000000 of a program that says much")]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > LINES // 2
    assert len(lines) - len(numbers) <= LINES * 40 // LIMIT, "at most the line at each cut"


def test_a_log_and_its_earlier_parts_are_private_and_bounded(folder: Path) -> None:
    log = folder / "x.log"
    for round_ in range(7):
        with log_file.open_log(log) as output:
            output.write(b"round %d\n" % round_ * 1000)
        assert log_file.bound(log, 5000)
    parts = log_file.earlier(log)
    assert sorted(folder.iterdir()) == sorted([log, *parts])
    assert [part.read_bytes()[:7] for part in parts] == [b"round 6", b"round 5", b"round 4"]
    assert {path.stat().st_mode & 0o777 for path in [log, *parts]} == {0o600}
    assert sum(path.stat().st_size for path in [log, *parts]) < 30_000
    assert not log_file.bound(log, 5000), "what is small is left"


@given(st.lists(st.integers(0, 9000), min_size=1, max_size=12), st.booleans())
def test_whatever_the_lines_are_long_together_the_parts_say_what_was_written(lengths: list[int], ends: bool) -> None:
    with folder_on_disk() as folder:
        log, lines = folder / "x.log", [bytes([97 + i % 26]) * length for i, length in enumerate(lengths)]
        with log_file.open_log(log) as output:
            output.write(b"\n".join(lines) + b"\n" * ends)
        bounded = log_file.bound(log, 0)
        parts = [log_file.earlier(log)[0], log] if bounded else [log]
        found = b"\n".join(part.read_bytes() for part in parts).split(b"\n")
    assert [line for line in found if line.strip()] == [line for line in lines if line]


def test_where_no_copy_can_be_made_the_log_stays_until_it_is_four_times_too_large(folder: Path) -> None:
    log = folder / "x.log"
    (folder / "x.log.part").mkdir()
    log.write_bytes(b"line\n" * 300)
    with pytest.raises(OSError, match="directory"):
        log_file.bound(log, 1000)
    assert log.read_bytes() == b"line\n" * 300
    with pytest.raises(OSError, match="directory"):
        log_file.bound(log, 300)
    assert log.stat().st_size == 0


def test_the_log_of_a_running_child_is_bounded_and_trouble_with_it_is_told_once(
    folder: Path, supervisor: Supervisor, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LIMIT", 50_000)
    monkeypatch.setattr("digitalpfad.embedded.process._CARE_S", 0.01)
    obstacle = folder / "log.part"
    obstacle.mkdir()
    code = "import time\nwhile True:\n    print('much ' * 200, flush=True)\n    time.sleep(0.001)"
    supervisor.start(Program(name="one", command=[sys.executable, "-c", code], log=folder / "log", ready=lambda: True))
    before = supervisor.pid("one")
    supervisor.caretaker.start()
    wait_until(lambda: (folder / "log").stat().st_size > 80_000)
    obstacle.rmdir()
    wait_until((folder / "log.3").exists)
    supervisor.watch()
    assert supervisor.pid("one") == before
    assert supervisor.caretaker.alive
    assert reports == [f"The log {folder / 'log'} cannot be set aside: Is a directory."]
    supervisor._stop.set()


@pytest.fixture
def full_disk() -> Iterator[Path]:
    """A file system of 1 MB that is full but for a log and an earlier part of it."""
    if os.geteuid() != 0:
        pytest.skip("a full disk needs a small file system, and mounting one needs root")
    with new_folder() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        mounted = subprocess.run(mount, capture_output=True, check=False)
        if mounted.returncode != 0:
            pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
        try:
            (folder / "log").write_bytes(b"a line of the log\n" * 5_000)
            (folder / "log.3").write_bytes(b"a line of before\n" * 3_000)
            with suppress(OSError), (folder / "others").open("wb", buffering=0) as others:
                while others.write(bytes(4096)):
                    pass
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)


def test_a_full_disk_ends_neither_the_child_nor_the_supervisor_and_costs_no_line_that_is_there(
    full_disk: Path, supervisor: Supervisor, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LIMIT", 50_000)
    monkeypatch.setattr("digitalpfad.embedded.process._CARE_S", 0.01)
    code = "import time\nwhile True:\n    time.sleep(0.001)"
    log = full_disk / "log"
    supervisor.start(Program(name="one", command=[sys.executable, "-c", code], log=log, ready=lambda: True))
    supervisor.caretaker.start()
    wait_until(lambda: reports)
    assert reports == [f"The log {log} cannot be set aside: No space left on device."]
    assert log.read_bytes() == b"a line of the log\n" * 5_000
    (full_disk / "others").unlink()
    wait_until((full_disk / "log.1").exists)
    assert (full_disk / "log.1").read_bytes() == b"a line of the log\n" * 5_000
    supervisor.watch()
    assert len(reports) == 1
    assert supervisor.caretaker.alive
    supervisor._stop.set()
    supervisor.stop_all()
