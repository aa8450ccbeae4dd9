"""Generated secrets can stand in a command line."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from geodata.security.secret import new_secret


def test_a_new_secret_never_begins_with_a_hyphen(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: Iterator[str] = iter(["-q1tP3v", "--help", "_-fine-"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _bytes: next(drawn))
    assert new_secret() == "_-fine-"


def test_a_new_secret_has_192_bits() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert {len(new_secret()) for _ in range(100)} == {32}
