"""Certificates are judged before they are used, and whose headers are believed is a setting."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request

from dashboards.people.answers import address_of
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.doctor import certificate_checks
from digitalpfad.process.serving import Serving
from digitalpfad.tls import certificate, configured, kept_certificate, open_to_network
from geodata.errors import InvalidInput, StartRefused
from geodata.security.networks import parse, proxies
from tests.fixtures.process.programs import require
from tests.fixtures.web import certificates

SETTINGS = ("CERTIFICATE", "KEY")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    certificates.make(folder / "good")
    certificates.make(folder / "other")
    certificates.make(folder / "expired", expired=True)
    certificates.make(folder / "nameless", sans="none")
    certificates.make(folder / "wildcard", sans="DNS:*.example.org")
    locked = folder / "locked.pem"
    subprocess.run(
        [require("openssl"), "pkey", "-in", folder / "good/privkey.pem", "-aes256", "-passout", "pass:geheim",
         "-out", locked],
        check=True,
    )  # fmt: skip
    (folder / "empty.pem").touch()
    authority, own = ((folder / name / "fullchain.pem").read_text() for name in ("other", "good"))
    (folder / "turned.pem").write_text(authority + own)
    (folder / "torn.pem").write_text((folder / "good/fullchain.pem").read_text()[:300])
    return folder


@pytest.mark.parametrize(
    ("chain", "key", "sentence"),
    [
        ("none.pem", "good/privkey.pem", "The file {chain} (CERTIFICATE) cannot be read: No such file or directory."),
        ("good/fullchain.pem", "none.pem", "The file {key} (KEY) cannot be read: No such file or directory."),
        ("good", "good/privkey.pem", "The file {chain} (CERTIFICATE) cannot be read: Is a directory."),
        ("empty.pem", "good/privkey.pem", "The file {chain} (CERTIFICATE) holds no certificate in PEM form."),
        ("good/privkey.pem", "good/privkey.pem", "The file {chain} (CERTIFICATE) holds no certificate in PEM form."),
        ("good/fullchain.pem", "good/fullchain.pem", "The file {key} (KEY) holds no private key in PEM form."),
        ("torn.pem", "good/privkey.pem", "The certificate {chain} (CERTIFICATE) and its key {key} cannot be used: "),
        (
            "good/fullchain.pem",
            "other/privkey.pem",
            "The key {key} (KEY) does not belong to the certificate {chain}.\n",
        ),
        (
            "turned.pem",
            "good/privkey.pem",
            "The key {key} (KEY) does not belong to the certificate {chain}. The file holds several: the server's own",
        ),
        ("good/fullchain.pem", "locked.pem", "The key {key} (KEY) is protected by a password."),
        (
            "expired/fullchain.pem",
            "expired/privkey.pem",
            "The certificate {chain} (CERTIFICATE) has expired: renew it.",
        ),
        ("nameless/fullchain.pem", "nameless/privkey.pem", "The certificate {chain} (CERTIFICATE) names no host"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_refused_in_one_sentence(
    files: Path, chain: str, key: str, sentence: str
) -> None:
    with pytest.raises(StartRefused) as refused:
        certificate.read(files / chain, files / key, SETTINGS)
    assert f"{refused.value}\n".startswith(sentence.format(chain=files / chain, key=files / key))


def test_the_copy_holds_a_chain_and_its_own_key_however_the_files_are_made_up(files: Path, tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    both, crowded = tmp_path / "both.pem", tmp_path / "crowded.pem"
    chain, key = (files / "good/fullchain.pem").read_text(), (files / "good/privkey.pem").read_text()
    both.write_text("Grüße\n" + key + chain)
    crowded.write_text(key + (files / "other/fullchain.pem").read_text())
    for pair in ((files / "good/fullchain.pem", files / "good/privkey.pem"), (both, both), (both, crowded)):
        kept_certificate.keep(data, certificate.read(*pair, SETTINGS))
        assert kept_certificate.file(data).read_text().splitlines() == (chain + key).splitlines()
    judged = certificate.read(both, both, SETTINGS)
    both.write_text((files / "other/privkey.pem").read_text())
    kept_certificate.keep(data, judged)  # what was judged, not what the file holds since
    assert kept_certificate.file(data).read_text().splitlines() == (chain + key).splitlines()
    changed = replace(judged, key_text=both.read_text())  # while it was judged
    with pytest.raises(StartRefused, match="KEY_VALUES_MISMATCH"):
        kept_certificate.keep(data, changed)
    assert kept_certificate.file(data).read_text().splitlines() == (chain + key).splitlines()
    kept_certificate.keep(data, None)
    assert [file.name for file in tmp_path.glob("mqtt*")] == []


def test_a_certificate_knows_its_names_and_its_end(files: Path) -> None:
    found = certificate.read(files / "good/fullchain.pem", files / "good/privkey.pem", SETTINGS)
    assert (found.names, found.name) == ((certificates.NAME, "127.0.0.1"), certificates.NAME)
    assert found.expires_at.tzinfo
    wildcard = certificate.read(files / "wildcard/fullchain.pem", files / "wildcard/privkey.pem", SETTINGS)
    assert wildcard.name == "digitalpfad.example.org"
    named = (certificates.NAME, wildcard.name, "a.b.example.org", "example.org")
    assert [name for name in named if wildcard.covers(name)] == [certificates.NAME, wildcard.name]
    assert [name for name in named if found.covers(name)] == [certificates.NAME]


@pytest.mark.parametrize(("chain", "key", "names"), [("x", "", "KEY is not"), ("", "x", "CERTIFICATE is not")])
def test_a_certificate_without_its_key_is_refused_naming_what_is_missing(chain: str, key: str, names: str) -> None:
    with pytest.raises(StartRefused, match=names):
        certificate.of(Path(chain) if chain else None, Path(key) if key else None, SETTINGS)
    assert certificate.of(None, None, SETTINGS) is None


def test_pages_that_are_printed_with_http_are_refused_where_the_web_app_speaks_https(files: Path) -> None:
    present = _settings(
        base_url="http://pfad.example.org",
        tls_certificate_file=files / "good/fullchain.pem",
        tls_key_file=files / "good/privkey.pem",
    )
    with pytest.raises(StartRefused, match="write it with https"):
        configured.of_web(present)


def test_the_doctor_names_a_certificate_that_nobody_renewed(files: Path) -> None:
    present = _settings(
        tls_certificate_file=files / "good/fullchain.pem",
        tls_key_file=files / "good/privkey.pem",
        mqtt_tls_certificate_file=files / "expired/fullchain.pem",
        mqtt_tls_key_file=files / "expired/privkey.pem",
    )
    now = datetime.now(UTC) + timedelta(days=50)
    web, broker = certificate_checks.look(present, now)
    assert (web.check, web.ok, web.hint[:8]) == ("certificate of the web app", False, "Renew it")
    assert f"{certificates.NAME}, 127.0.0.1, until" in web.found
    assert (broker.check, broker.ok) == ("certificate of the broker", False)
    assert "has expired" in broker.found
    assert "while the part runs, it shows the one of before" in broker.hint
    assert next(certificate_checks.look(present, now - timedelta(days=30))).ok, "30 days are enough"
    assert list(certificate_checks.look(_settings(), now)) == []


def _settings(**given: object) -> Settings:
    return Settings.model_validate(given)


def seen_by_the_throttle(trusted: str, peer: str, forwarded: str | None, proto: str = "") -> tuple[str, str]:
    """Address and scheme that a request has for the login, through what uvicorn puts before the application."""
    seen: list[tuple[str, str]] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append((address_of(Request(scope)), scope["scheme"]))

    config = uvicorn.Config(application, log_config=None, **Serving(_settings(trusted_proxies=trusted)).options)
    config.load()
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded is not None else []
    headers += [(b"x-forwarded-proto", proto.encode())] if proto else []
    scope = {"type": "http", "scheme": "http", "client": (peer, 1234), "headers": headers, "path": "/", "method": "GET"}

    async def nothing(*_: object) -> Any:
        raise AssertionError("the application neither reads nor answers")

    asyncio.run(config.loaded_app(scope, nothing, nothing))  # pyright: ignore[reportArgumentType]
    return seen[0]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        ("", "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 10.0.0.0/8", "127.0.0.1", "192.0.2.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("10.0.0.0/8", "10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.0/8", "11.1.2.3", "203.0.113.9", "11.1.2.3"),
        ("fd00::/8", "fd00::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", None, "127.0.0.1"),
    ],
)
def test_the_address_that_a_login_counts_for_is_the_last_one_that_no_proxy_of_ours_has(
    monkeypatch: pytest.MonkeyPatch, trusted: str, peer: str, forwarded: str | None, address: str
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # uvicorn's own variable, which some images set
    assert seen_by_the_throttle(trusted, peer, forwarded)[0] == address


@pytest.mark.parametrize(
    ("trusted", "proto", "scheme"),
    [("", "https", "http"), ("127.0.0.1", "https", "https"), ("127.0.0.1", "gopher", "http")],
)
def test_a_scheme_is_believed_of_a_trusted_proxy_alone(trusted: str, proto: str, scheme: str) -> None:
    assert seen_by_the_throttle(trusted, "127.0.0.1", "203.0.113.9", proto)[1] == scheme


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", "with all networks every visitor"),
        ("0.0.0.0/0", "with all networks every visitor"),
        ("::/0", "with all networks every visitor"),
        ("10.0.0.1/8", "10.0.0.0/8 for the whole network, or 10.0.0.1 for one address"),
        ("proxy.local", "addresses and networks such as"),
        ("127.0.0.1,", "addresses and networks such as"),
        ("127.0.0.1 10.0.0.1", "addresses and networks such as"),
        ("private", "addresses and networks such as"),
    ],
)
def test_proxies_that_cannot_be_meant_are_refused(text: str, expected: str) -> None:
    with pytest.raises(InvalidInput, match=expected):
        proxies(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("all", ["203.0.113.9", "a socket"], []),
        ("none", [], ["127.0.0.1", "::1", ""]),
        ("private", ["127.0.0.1", "::1", "10.2.3.4", "172.31.0.1", "192.168.1.1", "fd12::1", "fe80::1%eth0"],
         ["203.0.113.9", "172.32.0.1", "2001:db8::1", "", "testclient"]),
        ("10.0.0.5, 192.168.7.0/24", ["10.0.0.5", "192.168.7.9"], ["10.0.0.6", "127.0.0.1"]),
    ],
)  # fmt: skip
def test_networks_hold_the_addresses_that_they_say(text: str, inside: list[str], outside: list[str]) -> None:
    found = parse(text)
    assert [host for host in inside if host not in found] == []
    assert [host for host in outside if host in found] == []


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({}, []),
        ({"host": "localhost", "mqtt_host": "::1"}, []),
        ({"host": "0.0.0.0"}, ["web"]),
        ({"host": "192.168.7.2", "mqtt_host": "::", "gateway_http_host": "0.0.0.0"}, ["web", "MQTT", "gateway"]),
        ({"host": "0.0.0.0", "tls_certificate_file": "x", "tls_key_file": "y"}, []),
        ({"host": "0.0.0.0", "trusted_proxies": "10.0.0.1", "base_url": "https://pfad.example.org"}, []),
        ({"mqtt_host": "0.0.0.0", "mqtt_tls_certificate_file": "x"}, []),
        ({"mqtt_host": "0.0.0.0", "mqtt_url": "mqtt://u:p@broker"}, []),
        ({"base_url": "https://pfad.example.org"}, ["proxy"]),
        ({"base_url": "https://pfad.example.org", "trusted_proxies": "127.0.0.1"}, []),
    ],
)
def test_what_is_open_to_a_network_without_tls_is_said(given: dict[str, str], parts: list[str]) -> None:
    found = open_to_network.of_all(_settings(**given))
    assert len(found) == len(parts)
    for sentence, part in zip(found, parts, strict=True):
        assert part in sentence


@pytest.mark.timeout(20)
def test_a_certificate_file_without_end_is_refused_and_not_read_to_its_end() -> None:
    with pytest.raises(StartRefused, match=r"The file /dev/zero \(.*\) holds no certificate in PEM form"):
        certificate.read(Path("/dev/zero"), Path("/dev/zero"), configured.WEB)
