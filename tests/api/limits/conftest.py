"""Servers with the usual bounds and with narrow ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from api.limits.connections import Bounds
from tests.api.limits.bounded_server import Guarded, guarded


@pytest.fixture(scope="module")
def usual() -> Iterator[Guarded]:
    with guarded(Bounds()) as running:
        yield running


@pytest.fixture
def make() -> Iterator[Callable[..., Guarded]]:
    with ExitStack() as stack:
        yield lambda **bounds: stack.enter_context(guarded(Bounds(**bounds)))
