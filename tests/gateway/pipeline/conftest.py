"""An ingest for each test of the pipeline that needs no database."""

from __future__ import annotations

import pytest

from tests.gateway.pipeline.ingest_between_lists import World


@pytest.fixture
def world() -> World:
    return World()
