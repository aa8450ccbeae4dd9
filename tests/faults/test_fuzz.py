"""Any bytes at all: each parser answers with a value or a sentence. `make faults` tries for ten minutes, and counts."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.checkout import ROOT
from tests.faults.conftest import note_fuzzed
from tests.faults.harness.fuzz_targets import TARGETS, Target
from tests.faults.harness.report import Fuzzed

long = pytest.mark.long
GUIDED = [name for name, target in TARGETS.items() if target.pure]
SECONDS = 600 / (len(TARGETS) + len(GUIDED))
"""Of each target by each fuzzer: ten minutes in all."""

SIGNS = (
    b"", b"\0", b"\xff", b"\xed\xa0\x80",
    b"{", b"}", b"[", b"]", b"<", b">", b"&", b'"', b"'", b",", b":", b"-", b"---\n", b"1e999",
    b"null", b"NaN", b"1" * 400, b"[" * 400, b"<a>" * 200, b"- " * 100,
    b"\xe2\x80\xae", b"\xf0\x9f\x8c\xb2", b"PK\3\4", b"&x;",
    b"<!DOCTYPE a>",
    b"<![CDATA[", b"<!--", b"\\ud800", b"/", b"#", b"+", b"$", b"%s", b"\x1b[", b"\r", b"\t",
)  # fmt: skip


@dataclass(frozen=True)
class Input:
    """Bytes, told in few words: a GeoPackage has some hundred thousand."""

    data: bytes

    def __repr__(self) -> str:
        return f"{self.data[:2000]!r} of {len(self.data)} bytes"


@st.composite
def inputs(draw: st.DrawFn, target: Target) -> bytes:
    """A sound input with pieces taken away, doubled, exchanged and put in; sometimes anything."""
    if draw(st.integers(0, 15)) == 0:
        return draw(st.binary(max_size=200))
    data = draw(st.sampled_from(target.sound))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 0, 1, 2, 8, 40]))
        piece = draw(st.sampled_from(SIGNS) | st.binary(max_size=4) | st.just(data[at : at + 30]))
        data = data[:at] + piece + data[at + length :]
    return data


def tried(target: Target, examples: int, number: int) -> Counter[str]:
    """What came of so many inputs."""
    outcomes: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(given_input=inputs(target).map(Input))
    def run(given_input: Input) -> None:
        outcomes[target.run(given_input.data)] += 1

    run()
    return outcomes


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_the_bytes_are_a_parser_answers(name: str) -> None:
    target = TARGETS[name]
    assert len(tried(target, 200 if target.pure else 40, 1)) > 1


@long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", TARGETS)
def test_whatever_the_bytes_are_a_parser_answers_for_a_long_time(name: str) -> None:
    outcomes: Counter[str] = Counter()
    began, chance = time.monotonic(), Random()
    while time.monotonic() - began < SECONDS:
        outcomes += tried(TARGETS[name], 500, chance.randrange(2**32))
    note_fuzzed(Fuzzed(name, "hypothesis", outcomes.total(), len(outcomes), time.monotonic() - began))
    assert outcomes.total() >= 500


@long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", GUIDED)
def test_inputs_that_reach_new_code_end_in_an_answer_too(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not here: .venv/bin/pip install atheris (it has wheels for some versions of Python).")
    (tmp_path / "corpus").mkdir()
    for number, data in enumerate(TARGETS[name].seeds):
        (tmp_path / "corpus" / str(number)).write_bytes(data)
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.harness.guided", name,
         str(tmp_path / "outcomes"), str(tmp_path / "corpus"), f"-max_total_time={SECONDS:.0f}",
         f"-artifact_prefix={tmp_path}/", "-print_final_stats=1", "-max_len=20000"],
        check=False, capture_output=True, text=True, errors="replace", cwd=ROOT, timeout=250,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "firmware-sim")])},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-3000:]
    runs = next(line for line in ended.stderr.splitlines() if "number_of_executed_units" in line)
    outcomes = len((tmp_path / "outcomes").read_text().splitlines())
    note_fuzzed(Fuzzed(name, "atheris", int(runs.split()[-1]), outcomes, time.monotonic() - began))
