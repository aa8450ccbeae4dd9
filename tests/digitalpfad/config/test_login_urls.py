"""Passwords with characters that mean something in an address: read as they are, or refused without a piece of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from psycopg.conninfo import conninfo_to_dict

from gateway.mqtt.config import parse_url
from geodata.errors import InvalidInput
from geodata.store.database import Database, check_url
from tests.digitalpfad.commandline import run, run_process
from tests.fixtures.brokers.mosquitto import Mosquitto

SIGNS = [
    "@",
    "#",
    "/",
    ":",
    "?",
    "%",
    "%41",
    "[",
    "]",
    " ",
    "\u00fc",
    "&",
    "=",
    "\\",
    "'",
    '"',
    "+",
    "$",
    "@/",
    "/@",
    "?@",
    "a@b#c",
]
TAKEN = {
    "mqtt": {"@", ":", "%", " ", "\u00fc", "&", "=", "\\", "'", '"', "+", "$"},
    "postgresql": {"#", ":", "?", "[", "]", "\u00fc", "&", "=", "\\", "'", '"', "+", "$"},
}
"""What each parser takes for a part of the password, wherever it stands."""
LEFT, RIGHT = "geheim", "kennwort"


def read(url: str) -> tuple[str, str, str]:
    """User, password and host as the parser sees them that works with such an address."""
    if url.startswith("mqtt"):
        broker = parse_url(url)
        return broker.user, broker.password, broker.host
    found = conninfo_to_dict(check_url(url))
    return str(found.get("user")), str(found.get("password")), str(found.get("host"))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("scheme", ["mqtt", "mqtts", "postgresql"])
def test_percent_encoded_every_password_arrives_as_it_is(scheme: str, sign: str):
    user, password = f"city{sign}town", f"{LEFT}{sign}{RIGHT}"
    url = f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:1"
    assert read(url) == (user, password, "127.0.0.1")


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign != "%41"])  # an escape, for all that anybody can tell
@pytest.mark.parametrize("scheme", ["mqtt", "postgresql"])
def test_a_bare_sign_is_read_as_a_part_of_the_password_or_refused_with_the_hint(scheme: str, sign: str):
    url = f"{scheme}://city:{LEFT}{sign}{RIGHT}@127.0.0.1:1/"
    if sign in TAKEN[scheme]:
        assert read(url) == ("city", f"{LEFT}{sign}{RIGHT}", "127.0.0.1")
        return
    with pytest.raises(InvalidInput) as refused:
        read(url)
    assert "percent-encoded: %40 %23 %2F" in str(refused.value)
    assert not any(piece in str(refused.value) for piece in (LEFT, RIGHT))
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///db",
        "postgresql://host/db?options=-c%20a@b",
        "postgresql://u:p@[::1]:5432/db",
        "postgresql://u:p@one:1,two:2/db?target_session_attrs=read-write",
        "postgresql://u@%2Frun%2Fpostgresql/db",
        "postgresql://u:p[1]@host/db",
        "mqtt://u@town:p@host",
        "mqtts://[::1]:8883",
    ],
)
def test_an_unmistakable_address_is_taken(url: str):
    assert read(url)[2]


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("postgresql://city:geheim", "host:1234"),
        ("mqtt://city:geheim", "host:1234"),
        ("postgresql://city:p@host/db?nonsense=1", 'invalid URI query parameter: "nonsense"'),
        ("mqtt://host:99999", "Port out of range"),
    ],
)
def test_another_fault_of_an_address_has_its_own_hint(url: str, hint: str):
    with pytest.raises(InvalidInput) as refused:
        read(url)
    assert hint in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if "'" not in sign])
@pytest.mark.parametrize("command", ["settings", "doctor"])
def test_no_command_prints_a_piece_of_a_password(tmp_path: Path, command: str, sign: str):
    password = f"{LEFT}{sign}{RIGHT}"
    for name, scheme in (("DATABASE_URL", "postgresql"), ("MQTT_URL", "mqtt"), ("BASE_URL", "https")):
        url = f"{scheme}://city:{password}@127.0.0.1:1"
        ended = run(command, DIGITALPFAD_DATA_DIR=str(tmp_path), **{f"DIGITALPFAD_{name}": url})
        said = ended.stdout + ended.stderr
        assert said
        assert not any(piece in said for piece in (LEFT, RIGHT)), (name, said)


def test_a_refused_password_leaves_no_piece_in_a_traceback_or_log(tmp_path: Path):
    url = f"postgresql://city:{LEFT}@{RIGHT}@127.0.0.1:1/db"
    for command in ("web", "gateway", "migrate", "up"):
        ended = run_process(command, DIGITALPFAD_DATA_DIR=str(tmp_path / "data"), DIGITALPFAD_DATABASE_URL=url)
        assert ended.returncode
        assert "percent-encoded" in ended.stderr
        assert not any(piece in ended.stdout + ended.stderr for piece in (LEFT, RIGHT, "Traceback"))


def test_doctor_says_percent_encode_where_a_login_is_refused(mosquitto: Callable[..., Mosquitto]):
    broker = mosquitto(users={"gateway": "right"})
    url = f"mqtt://gateway:{LEFT}@127.0.0.1:{broker.port}"
    ended = run("doctor", "--json", DIGITALPFAD_MQTT_URL=url)
    found = next(one for one in json.loads(ended.stdout) if one["check"] == "broker")
    assert "percent-encoded" in found["hint"]
    assert LEFT not in ended.stdout + ended.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", ""])
def test_a_secret_file_may_end_as_editors_end_it(tmp_path: Path, end: str):
    secret = tmp_path / "url"
    secret.write_bytes(b"\xef\xbb\xbf" + f"mqtt://city:p%20{LEFT}\u00fc%20@127.0.0.1:1{end}".encode())
    ended = run("settings", "--json", DIGITALPFAD_MQTT_URL_FILE=str(secret))
    assert (ended.returncode, LEFT in ended.stdout + ended.stderr) == (0, False)


@pytest.mark.parametrize("content", [f"{LEFT}\xfc".encode("latin-1"), None])
def test_a_secret_file_that_cannot_be_read_is_told_without_its_bytes(tmp_path: Path, content: bytes | None):
    secret = tmp_path / "url"
    if content:
        secret.write_bytes(content)
    ended = run("settings", DIGITALPFAD_MQTT_URL_FILE=str(secret))
    assert ended.returncode == 1
    assert str(secret) in ended.stderr
    assert "0xfc" not in ended.stderr
    assert LEFT not in ended.stderr


@pytest.mark.parametrize("secret", [f"mqtt://city:{LEFT}@host", LEFT])
def test_a_secret_in_place_of_its_files_path_is_not_shown(secret: str):
    ended = run("settings", DIGITALPFAD_MQTT_CLIENT_ID_FILE=secret)
    assert ended.returncode == 1
    assert "DIGITALPFAD_MQTT_CLIENT_ID_FILE" in ended.stderr
    assert LEFT not in ended.stderr


def test_a_database_object_shows_no_password():
    assert LEFT not in repr(Database(f"postgresql://city:{LEFT}@127.0.0.1:1/db"))
