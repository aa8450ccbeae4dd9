"""What the OpenAPI document allows, and more, asked two hundred times a path: each answer is as described.

The same questions with other numbers each time; those of tests/api/v1/test_openapi.py are always the same.
"""

from __future__ import annotations

import time

import httpx
import pytest
from schemathesis import GenerationMode

from tests.api.conftest import shared_client as shared_client  # noqa: PLC0414 - a fixture
from tests.api.v1.test_openapi import ASKED, asked
from tests.faults.conftest import note_fuzzed
from tests.faults.harness.report import Fuzzed

EXAMPLES = 200


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("path", "mode", "examples"),
    [(*ASKED[0], 3), *(pytest.param(*asked_for, EXAMPLES, marks=pytest.mark.long) for asked_for in ASKED)],
)
def test_every_answer_is_as_described_however_often_one_asks(
    shared_client: httpx.Client, path: str, mode: GenerationMode, examples: int
) -> None:
    began = time.monotonic()
    answers = asked(shared_client, path, mode, examples, derandomize=False)
    wrong = " with wrong parameters" if mode is GenerationMode.NEGATIVE else ""
    if examples == EXAMPLES:
        note_fuzzed(Fuzzed(f"GET {path}{wrong}", "schemathesis", answers, None, time.monotonic() - began))
