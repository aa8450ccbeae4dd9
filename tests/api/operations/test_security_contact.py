"""/.well-known/security.txt is a file of RFC 9116, and says whom to tell."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from api.operations.security_contact import PATH, contacts, text
from digitalpfad.config import settings
from geodata.errors import StartRefused
from geodata.model.operator import Operator
from tests.api.test_visibility import _web, asked

NOW = datetime(2026, 11, 29, 10, 30, tzinfo=UTC)


def parsed(file: str) -> dict[str, list[str]]:
    """Fields by name in small letters; fails on a line that RFC 9116 does not know."""
    found: dict[str, list[str]] = {}
    for line in file.splitlines():
        field = re.fullmatch(r"([A-Za-z-]+): (\S.*)", line)
        assert field, line
        found.setdefault(field[1].lower(), []).append(field[2])
    return found


def snapshot(*emails: str) -> Any:
    towns = {f"town-{number}": SimpleNamespace(operator=Operator(email=email)) for number, email in enumerate(emails)}
    trails = {town: SimpleNamespace(municipality=town) for town in towns}
    return SimpleNamespace(listed=trails, catalogue=SimpleNamespace(municipalities=towns))


@pytest.mark.parametrize(
    ("set_contact", "default", "towns", "expected"),
    [
        ("", "", [], []),
        ("", "", ["", " "], []),
        ("", "it@town.example", [], ["mailto:it@town.example"]),
        ("", "it@a.example", ["x@b.example", "it@a.example"], ["mailto:it@a.example", "mailto:x@b.example"]),
        ("https://town.example/security", "it@town.example", ["a@one.example"], ["https://town.example/security"]),
        ("", "a b@x.example\nExpires: never", [], ["mailto:a%20b@x.example%0AExpires%3A%20never"]),
    ],
)  # fmt: skip
def test_a_weakness_is_told_to_the_set_contact_or_to_the_operators(
    set_contact: str, default: str, towns: list[str], expected: list[str]
) -> None:
    assert contacts(set_contact, default, snapshot(*towns)) == expected


def test_the_file_has_what_the_standard_asks_and_expires_in_more_than_30_days_and_less_than_a_year() -> None:
    found = parsed(text(["mailto:it@town.example"], "https://pfad.example.org", NOW))
    assert found["contact"] == ["mailto:it@town.example"]
    assert found["preferred-languages"] == ["de, en"]
    assert found["canonical"] == ["https://pfad.example.org/.well-known/security.txt"]
    (expires,) = [datetime.fromisoformat(value) for value in found["expires"]]
    assert NOW + timedelta(days=30) < expires < NOW + timedelta(days=365)
    assert "canonical" not in parsed(text(["tel:+49"], "http://127.0.0.1:8080", NOW))


def test_it_is_served_as_plain_text_where_somebody_can_be_told_and_is_missing_otherwise() -> None:
    app = _web(operator_email="it@town.example", base_url="https://pfad.example.org")
    answer = asked(app, PATH, "203.0.113.9")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert parsed(answer.text)["contact"] == ["mailto:it@town.example"]
    assert datetime.fromisoformat(parsed(answer.text)["expires"][0]) > datetime.now(UTC) + timedelta(days=30)
    assert asked(_web(), PATH, "203.0.113.9").status_code == 404


@pytest.mark.parametrize("value", ["it@town.example", "http://town.example", "mailto:it", "call us"])
def test_a_contact_that_no_program_can_use_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DIGITALPFAD_SECURITY_CONTACT", value)
    with pytest.raises(StartRefused, match="an address such as mailto:"):
        settings.load()
