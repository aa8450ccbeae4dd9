"""Settings: where values come from, and how wrong ones are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digitalpfad.config import settings, table
from geodata.errors import InvalidInput, StartRefused

SECRET = "geheim-und-lang"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default() -> None:
    present, sources = settings.load()
    assert (present.host, present.port, present.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert sources == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="dropping rights needs rights")
def test_a_command_started_in_a_folder_that_its_account_may_not_enter_has_no_settings_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DIGITALPFAD_PORT=1\n")
    tmp_path.chmod(0o700)
    os.seteuid(65534)
    try:
        present, _ = settings.load()
    finally:
        os.seteuid(0)
    assert present.port == 8080


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DIGITALPFAD_PORT=1\nDIGITALPFAD_HOST=a\nDIGITALPFAD_LOG_LEVEL=error\nOTHER=x\n")
    monkeypatch.setenv("DIGITALPFAD_PORT", "2")
    monkeypatch.setenv("DIGITALPFAD_HOST", "b")
    present, sources = settings.load(port=3, host=None)
    assert (present.port, present.host, present.log_level) == (3, "b", "error")
    assert sources == {"port": "command line", "host": "environment", "log_level": ".env"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "99999", "a whole number from 1 to 65535"),
        ("PORT", "eighty", "a whole number from 1 to 65535"),
        ("LOG_FORMAT", "xml", "auto or console or json"),
        ("MQTT_PROTOCOL", "4", "auto or 5 or 3.1.1"),
        ("MQTT_SYNC", "sometimes", "always, or a duration"),
        ("BASE_URL", "ftp://x", "an address such as https://"),
        ("PARTITION", "Stadtwald!", "a trail's short name"),
        ("HOST", "a b", "a name or address of this machine, such as 127.0.0.1"),
        ("MQTT_HOST", "http://x", "a name or address of this machine"),
        ("GATEWAY_WINDOW", "3", "a whole number from 20 to 65535"),
    ],
)
def test_a_wrong_value_is_refused_with_name_value_expectation_and_mend(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"DIGITALPFAD_{name}", value)
    with pytest.raises(StartRefused) as refused:
        settings.load()
    sentence = str(refused.value)
    assert sentence.startswith(f"DIGITALPFAD_{name} is {value!r} (from environment), expected {expected}")
    assert "Correct it, or remove it to use the default" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://u:{SECRET}@host/db"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@host/db?nonsense=1"),
        ("MQTT_URL", f"http://u:{SECRET}@host"),
        ("MQTT_URL", f"mqtt://u:{SECRET}@host:port"),
    ],
)
def test_a_wrong_address_is_refused_without_showing_the_password(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DIGITALPFAD_{name}", value)
    with pytest.raises(StartRefused, match=f"DIGITALPFAD_{name} is '\\(not shown\\)'") as refused:
        settings.load()
    assert SECRET not in str(refused.value)


def test_an_unknown_setting_is_refused_with_the_likely_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_ULR", "x")
    with pytest.raises(StartRefused, match=r"DIGITALPFAD_DATABASE_ULR .*Did you mean DIGITALPFAD_DATABASE_URL\?"):
        settings.load()


def test_an_unknown_setting_in_the_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DIGITALPFAD_PROT=1\n")
    with pytest.raises(StartRefused, match=r"DIGITALPFAD_PROT \(from \.env\).*Did you mean DIGITALPFAD_PORT"):
        settings.load()


def test_settings_of_the_test_suite_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_TEST_DATABASE_URL", "anything")
    settings.load()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", "")
    assert settings.load()[0].database_url is None


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"mqtt://u:{SECRET}@host\n")
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL_FILE", str(tmp_path / "url"))
    present, sources = settings.load()
    assert present.mqtt_url is not None
    assert present.mqtt_url.get_secret_value() == f"mqtt://u:{SECRET}@host"
    assert sources == {"mqtt_url": f"environment, file {tmp_path / 'url'}"}


def test_a_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL_FILE", "/nowhere")
    with pytest.raises(StartRefused, match="DIGITALPFAD_MQTT_URL_FILE is '/nowhere', expected a readable file"):
        settings.load()


@pytest.mark.timeout(20)
def test_a_secret_file_without_end_is_refused_and_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL_FILE", "/dev/zero")
    with pytest.raises(StartRefused, match=r"is '/dev/zero', expected .*: it is larger than 65536 bytes\."):
        settings.load()


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL", "mqtt://a")
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL_FILE", str(tmp_path))
    with pytest.raises(StartRefused, match="Both DIGITALPFAD_MQTT_URL and DIGITALPFAD_MQTT_URL_FILE are set"):
        settings.load()


def test_only_secrets_may_stand_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_PORT_FILE", "/x")
    with pytest.raises(StartRefused, match="DIGITALPFAD_PORT_FILE"):
        settings.load()


def test_no_secret_shows_in_the_table_or_in_the_objects_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL", f"mqtt://u:{SECRET}@host")
    present, sources = settings.load()
    assert SECRET not in repr(present)
    assert SECRET not in repr(table.present(present, sources))


def test_a_wrong_option_is_named_as_the_option() -> None:
    with pytest.raises(InvalidInput, match=r"^--port is 99999, expected a whole number from 1 to 65535\.$"):
        settings.load(port=99999)


def test_what_is_wrong_with_a_brokers_address_is_a_sentence_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITALPFAD_MQTT_URL", "mqtt://127.0.0.1:99999")
    with pytest.raises(StartRefused, match=r"or mqtts:// for TLS\. Port out of range 0-65535\. Correct it"):
        settings.load()
