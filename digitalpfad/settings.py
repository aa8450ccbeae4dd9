"""All settings in one frozen class: `DIGITALPFAD_*` in the environment, in `.env`, or for secrets in a `_FILE`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from digitalpfad import ports
from digitalpfad.secret_file import read_secret, why_unreadable
from gateway.broker import parse_url
from geodata.errors import InvalidInput, StartRefused
from geodata.store.database import check_url

PREFIX = "DIGITALPFAD_"
ENV_FILE = Path(".env")
_FOR_TESTS = f"{PREFIX}TEST_"
_OPERATOR = "operator_"

Port = Annotated[int, Field(ge=1, le=65535)]
Host = Annotated[str, Field(pattern=r"^[\w.:%-]+$")]


class Settings(BaseSettings):
    """What an operator can set; the descriptions are the settings table of the docs."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # compose files pass unset variables on as empty ones
        frozen=True,
        extra="ignore",  # .env may hold what is not ours; `load` refuses what has our prefix
        hide_input_in_errors=True,
    )

    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL address, `postgresql://user:password@host/database`; `@ # / : ? %` in user and password"
        " percent-encoded. Unset: the embedded one.",
    )
    mqtt_url: SecretStr | None = Field(
        None,
        description="Broker address, `mqtt[s]://user:password@host:port`; `@ # / : ? %` in user and password"
        " percent-encoded. Unset: the embedded broker.",
    )
    mqtt_protocol: Literal["auto", "5", "3.1.1"] = Field(
        "auto", description="MQTT version of the gateway; `auto` tries 5 and falls back to 3.1.1."
    )
    mqtt_client_id: SecretStr | None = Field(
        None,
        description="The gateway's client id: secret, since whoever takes it disturbs the gateway. The broker keeps"
        " unread messages under it; after a change the gateway stores what waits under the old one and ends that"
        " session. Gateways on several machines that stand in for each other need the same. Unset: made once and kept"
        " in the data directory.",
    )
    mqtt_ca_file: Path | None = Field(
        None, description="PEM file with the authority that signed the broker's certificate. Unset: the system's."
    )
    mqtt_host: Host = Field("127.0.0.1", description="Where the embedded broker listens; `0.0.0.0` lets devices in.")
    mqtt_port: Port = Field(1883, description="Port of the embedded broker.")
    mqtt_sync: str = Field(
        "2m",
        pattern=r"^(always|[1-9][0-9]{0,5}(ms|s|m))$",
        description="How often the embedded broker forces messages to disk: `always`, or a duration such as `10s`."
        " Devices keep what is not yet confirmed, so the default loses nothing either.",
    )
    base_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#@]+(/[^\s?#@]*)?)?$",
        description="Public address of the web app, as printed on signs. Unset: made from host and port.",
    )
    data_dir: Path = Field(
        Path(".digitalpfad"), description="Folder of the embedded services' data, generated secrets and logs."
    )
    host: Host = Field("127.0.0.1", description="Where the web app listens; `0.0.0.0` for the network.")
    port: Port = Field(8080, description="Port of the web app.")
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`auto`: readable on a terminal, JSON lines otherwise."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )
    partition: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9-]{0,62})?$",
        description="Trail that this gateway serves; one gateway is active per partition. Unset: all trails.",
    )
    gateway_batch_size: int = Field(
        2500, ge=1, le=20_000, description="Messages after which the gateway writes a batch."
    )
    gateway_batch_ms: int = Field(
        100, ge=1, le=10_000, description="Milliseconds after which the gateway writes what it has."
    )
    gateway_window: int = Field(
        5000, ge=20, le=65_535, description="Unacknowledged messages at most: the bound of the gateway's memory."
    )
    gateway_http_host: Host = Field(
        "127.0.0.1", description="Where the gateway answers `/healthz`, `/readyz` and `/metrics`."
    )
    gateway_http_port: Port = Field(8081, description="Port for the same.")
    retention_raw_days: int = Field(
        1096,
        ge=0,
        le=36_500,
        description="Days that single observations are kept, 0: for ever, else at least 32; older ones are refused.",
    )
    retention_hourly_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Days that hourly values are kept, 0: for ever; never fewer than the single ones.",
    )
    retention_throughput_days: int = Field(
        30, ge=0, le=36_500, description="Days that the number of messages by the minute is kept, 0: for ever."
    )
    retention_receipt_days: int = Field(
        365,
        ge=0,
        le=36_500,
        description="Days for which a repeated message of a device without a clock is known as such, 0: for ever.",
    )
    columns_after_days: int = Field(
        14, ge=0, le=36_500, description="With TimescaleDB: days after which observations go into columns, 0: never."
    )
    quarantine_max_days: int = Field(
        180, ge=1, le=36_500, description="Days that an entry of the quarantine is kept, replayed or not."
    )
    quarantine_max_rows: int = Field(
        100_000, ge=100, le=100_000_000, description="Entries of the quarantine at most; the oldest go first."
    )
    operator_name: str = Field("", description="Who runs the trail, for the legal pages: the municipality.")
    operator_address: str = Field("", description="Its postal address; `\\n` between the lines.")
    operator_represented_by: str = Field("", description="Who represents it: the mayor.")
    operator_email: str = Field("", description="E-mail address for hikers.")
    operator_phone: str = Field("", description="Telephone number for hikers.")
    operator_data_protection_contact: str = Field("", description="How to reach the data protection officer.")
    operator_supervisory_authority: str = Field("", description="The data protection authority in charge.")
    operator_accessibility_ombuds: str = Field("", description="The ombuds office for digital accessibility.")

    @field_validator("database_url")
    @classmethod
    def _readable_database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
                raise ValueError("a PostgreSQL address such as postgresql://user:password@host/database")
            _as_value_error(check_url, value)
        return value

    @field_validator("mqtt_url")
    @classmethod
    def _readable_mqtt_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _as_value_error(parse_url, value)
        return value

    @property
    def public_url(self) -> str:
        """Address of the web app without a trailing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def operator(self) -> Mapping[str, str]:
        """The operator_… settings by the rest of their names, with real line ends."""
        given = self.model_dump(include={name for name in type(self).model_fields if name.startswith(_OPERATOR)})
        return {name.removeprefix(_OPERATOR): text.replace("\\n", "\n") for name, text in given.items()}


SECRETS = frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def load(env_file: Path = ENV_FILE, **given: object) -> tuple[Settings, dict[str, str]]:
    """Read the settings: ``given`` (not None), environment, ``env_file``, ports of the data directory, defaults.

    Returns them with the source of each that is not a default. Raises StartRefused, naming variable, value (never a
    secret's), expectation and mend; InvalidInput, naming the option, where a ``given`` value is wrong.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for source, variables in ((str(env_file), _dotenv(env_file)), ("environment", os.environ)):
        for name, value, origin in _own_values(variables, source):
            values[name], sources[name] = value, origin
    for name, value in given.items():
        if value is not None:
            values[name], sources[name] = value, "command line"
    folder = Path(values.get("data_dir") or Settings.model_fields["data_dir"].default)
    for name, port in ports.kept(folder).items():
        if name not in values:
            values[name], sources[name] = port, str(folder / ports.FILE)
    overriding = {
        name: values[name] for name, source in sources.items() if source not in {str(env_file), "environment"}
    }
    try:
        return Settings(_env_file=env_file, **overriding), sources  # pyright: ignore[reportCallIssue] - made at run time
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0])
            if sources.get(name) == "command line":
                raise InvalidInput(f"--{name.replace('_', '-')}", values[name], _expected(name, problem)) from error
        raise StartRefused(" ".join(_sentence(problem, values, sources) for problem in error.errors())) from error


def _as_value_error(check: Callable[[str], object], secret: SecretStr) -> None:
    try:
        check(secret.get_secret_value())
    except InvalidInput as error:
        raise ValueError(". ".join(part.rstrip(".") for part in (error.expected, error.mend) if part)) from error


def _dotenv(path: Path) -> dict[str, str]:
    try:
        return {name: value for name, value in dotenv_values(path).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise StartRefused(f"The settings file {path} cannot be read: {why_unreadable(error)}.") from None


def _own_values(variables: Mapping[str, str], source: str) -> list[tuple[str, str, str]]:
    """Name, value and origin of each setting among ``variables``; secrets may stand in a file that `_FILE` names."""
    found: list[tuple[str, str, str]] = []
    for key, value in variables.items():
        if not key.startswith(PREFIX) or key.startswith(_FOR_TESTS) or not value:
            continue
        name = key.removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if name in Settings.model_fields:
            found.append((name, value, source))
        elif secret in SECRETS:
            if variables.get(variable(secret)):
                raise StartRefused(f"Both {variable(secret)} and {key} are set: remove one of them.")
            found.append((secret, read_secret(key, value), f"{source}, file {value}"))
        else:
            raise StartRefused(_unknown(key, source))
    return found


def _unknown(key: str, source: str) -> str:
    from_file = {f"{variable(name)}_FILE" for name in SECRETS}
    close = difflib.get_close_matches(key, [*map(variable, Settings.model_fields), *from_file], n=1)
    hint = f"Did you mean {close[0]}?" if close else "'digitalpfad settings' lists them all."
    return f"{key} (from {source}) is no setting of Digitalpfad. {hint} Correct or remove it."


def _sentence(problem: Any, values: Mapping[str, object], sources: Mapping[str, str]) -> str:
    name = str(problem["loc"][0])
    is_secret = name in SECRETS or "@" in str(values.get(name))  # a password where none belongs
    shown: object = "(not shown)" if is_secret else values.get(name)
    origin = sources.get(name, "default")
    return (
        f"{variable(name)} is {shown!r} (from {origin}), expected {_expected(name, problem)}."
        f" Correct it, or remove it to use the default ({default_text(name)})."
    )


def _expected(name: str, problem: Any) -> str:
    cause = problem.get("ctx", {}).get("error")
    return str(cause) if isinstance(cause, ValueError) else expectation(name)


def expectation(name: str) -> str:
    """What values a setting takes, as a phrase."""
    schema = Settings.model_json_schema()["properties"][name]
    schema = next((part for part in schema.get("anyOf", []) if part.get("type") != "null"), schema)
    if "enum" in schema:
        return " or ".join(str(value) for value in schema["enum"])
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    return _PHRASES.get(name, "a text that is not empty")


_HOST = "a name or address of this machine, such as 127.0.0.1"
_PHRASES = {
    "database_url": "a PostgreSQL address such as postgresql://user:password@host/database",
    "mqtt_url": "a broker address such as mqtt://user:password@host:1883",
    "mqtt_sync": "always, or a duration such as 500ms, 10s or 2m",
    "mqtt_ca_file": "the path of a PEM file",
    "base_url": "an address such as https://pfad.example.org without query, user and password",
    "data_dir": "the path of a folder",
    "mqtt_host": _HOST,
    "host": _HOST,
    "gateway_http_host": _HOST,
    "partition": "a trail's short name (a-z, 0-9 and -)",
}


def default_text(name: str) -> str:
    """A setting's default as text; empty ones as «unset»."""
    default = Settings.model_fields[name].default
    return "unset" if default in (None, "") else str(default)
