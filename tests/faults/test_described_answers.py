"""What the OpenAPI document allows, and more, asked two hundred times a path: each answer is as described."""

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


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_every_answer_is_as_described_two_hundred_times(
    shared_client: httpx.Client, path: str, mode: GenerationMode
) -> None:
    began = time.monotonic()
    answers = asked(shared_client, path, mode, EXAMPLES, derandomize=False)
    wrong = " with wrong parameters" if mode is GenerationMode.NEGATIVE else ""
    note_fuzzed(Fuzzed(f"GET {path}{wrong}", "schemathesis", answers, None, time.monotonic() - began))
