"""Passkeys without a browser: for whom they are good, and that nothing made up opens anything."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest

from dashboards.access.passkeys import RelyingParty
from geodata.store.database import Database
from tests.dashboards.office import Office, hire, open_office, seed


@pytest.fixture
def named(database: Database) -> Iterator[Office]:
    """The pages under a name, as browsers need it."""
    seed(database)
    hire(database, "anna")
    with open_office(database, host="localhost") as opened:
        yield opened


def text(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("base_url", "party"),
    [
        ("https://pfad.example.org", RelyingParty("pfad.example.org", "https://pfad.example.org")),
        ("https://pfad.example.org:8443/", RelyingParty("pfad.example.org", "https://pfad.example.org:8443")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://pfad.example.org", None),
        ("https://192.0.2.7", None),
        ("https://[2001:db8::1]", None),
        ("http://127.0.0.1:8000", None),
        ("", None),
    ],
)
def test_passkeys_are_offered_where_browsers_take_part_alone(base_url: str, party: RelyingParty | None) -> None:
    assert RelyingParty.of(base_url) == party


def test_a_challenge_is_good_once_and_for_minutes(named: Office) -> None:
    visitor = named.visitor()

    def asked() -> str:
        return str(visitor.post("/staff/login/passkey/options").json()["challenge"])

    def waiting() -> int:
        with named.database.transaction() as connection:
            row = connection.execute("SELECT count(*)::int FROM staff_token").fetchone()
        return int(row[0]) if row else 0

    def shown(challenge: str) -> int:
        client = text({"type": "webauthn.get", "challenge": challenge, "origin": named.url})
        response = {"clientDataJSON": client, "authenticatorData": "", "signature": ""}
        credential = json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": response})
        return visitor.post("/staff/login/passkey", data={"credential": credential}).status_code

    challenge = asked()
    assert (waiting(), shown("eA"), waiting()) == (1, 422, 1)
    assert (shown(challenge), waiting()) == (422, 0), "used up, whatever became of it"
    asked()
    with named.database.transaction() as connection:
        connection.execute("UPDATE staff_token SET created_at = now() - interval '6 minutes'")
    asked()
    assert waiting() == 1, "what is over is forgotten"


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"response": 7}',
        '{"response": {"clientDataJSON": "ä"}}',
        "[" * 3000,
        '{"rawId": []}',
        "\x00",
    ],
)
def test_what_no_browser_sends_is_refused_and_does_no_harm(named: Office, credential: str) -> None:
    answer = named.visitor().post("/staff/login/passkey", data={"credential": credential})
    assert answer.status_code == 422
    assert "nicht angenommen" in answer.text
    anna = named.signed_in("anna")
    assert anna.post("/staff/account/passkeys", data={"credential": credential, "name": "x"}).status_code == 422


def test_one_network_gets_so_many_challenges_and_no_more(named: Office) -> None:
    visitor = named.visitor()
    statuses = [visitor.post("/staff/login/passkey/options").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [422]
