"""All settings in one frozen class, with what each of them means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from digitalpfad.terminal.names import PREFIX, spelled
from gateway.mqtt.config import WINDOW, parse_url
from gateway.pipeline.limits import BATCH_SIZE, BATCH_WAIT_S
from geodata.errors import InvalidInput
from geodata.maps import base_map
from geodata.maps.base_map import BaseMap
from geodata.security import networks
from geodata.store.database import check_url
from geodata.vocabulary import names

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
    owner_database_url: SecretStr | None = Field(
        None,
        description="The same with the login that owns the tables: for checks and backups on the operator's page, where"
        " the web app has a lesser one. Unset: the page makes none, unless the database is the embedded one.",
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
        " session. Gateways on several machines that take over from each other need the same. Unset: made once and kept"
        " in the data directory.",
    )
    mqtt_ca_file: Path | None = Field(
        None, description="PEM file with the authority that signed the broker's certificate. Unset: the system's."
    )
    mqtt_server_name: str = Field(
        "",
        pattern=r"^[\w.:-]*$",
        description="Name that the broker's certificate must bear, where the address has another (a tunnel, an address"
        " inside). Unset: the address's.",
    )
    mqtt_host: Host = Field("127.0.0.1", description="Where the embedded broker listens; `0.0.0.0` lets devices in.")
    mqtt_port: Port = Field(1883, description="Port of the embedded broker.")
    mqtt_tls_certificate_file: Path | None = Field(
        None,
        description="Certificate of the embedded broker: it then speaks TLS alone, 1.2 or newer. Read again when it"
        " changes.",
    )
    mqtt_tls_key_file: Path | None = Field(None, description="Key of that certificate, without a password.")
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
    backup_dir: Path | None = Field(
        None,
        description="Folder of backups that are made on the operator's page, or without a file's name; best on another"
        " disk. Unset: `backups` in the data directory.",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server for mails to staff, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`;"
        " `@ # / : ? %` in user and password percent-encoded. Unset: mails become files in `mail` of the data"
        " directory, and nothing leaves the machine.",
    )
    mail_from: str = Field("digitalpfad@localhost", description="Sender of mails to staff.")
    host: Host = Field("127.0.0.1", description="Where the web app listens; `0.0.0.0` for the network.")
    port: Port = Field(8080, description="Port of the web app.")
    tls_certificate_file: Path | None = Field(
        None,
        description="Certificate of the web app, with those between it and the authority: it then speaks https alone,"
        " TLS 1.2 or newer. Read again when it changes.",
    )
    tls_key_file: Path | None = Field(None, description="Key of that certificate, without a password.")
    trusted_proxies: str = Field(
        "",
        description="Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, separated by commas. Unset:"
        " nobody's, and a visitor's address is that of the connection.",
    )
    metrics_from: str = Field(
        "private",
        description="Who may read `/metrics` and the single checks of `/readyz` of the web app; `private` is this"
        " machine and private networks.",
    )
    api_docs_from: str = Field(
        "all", description="Who may read the description of the interface, `/api` and `/api/v1/openapi.json`."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`auto`: readable on a terminal, JSON lines otherwise."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )
    partition: str = Field(
        "",
        pattern=f"^({names.PATTERN})?$",
        description="Trail that this gateway serves; one gateway is active per partition. Unset: all trails.",
    )
    gateway_batch_size: int = Field(
        BATCH_SIZE, ge=1, le=20_000, description="Messages after which the gateway writes a batch."
    )
    gateway_batch_ms: int = Field(
        round(BATCH_WAIT_S * 1000),
        ge=1,
        le=10_000,
        description="Milliseconds after which the gateway writes what it has.",
    )
    gateway_window: int = Field(
        WINDOW, ge=20, le=65_535, description="Unacknowledged messages at most: the bound of the gateway's memory."
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
    retention_audit_days: int = Field(
        365, ge=31, le=36_500, description="Days that an entry of the audit log is kept; at most the newest 100 000."
    )
    retention_report_days: int = Field(
        365, ge=1, le=36_500, description="Days that a report of a problem is kept with its picture once it is closed."
    )
    retention_report_contact_days: int = Field(
        30, ge=1, le=36_500, description="Days that a closed report still says how to reach the person who wrote it."
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
    operator_accessibility_law: str = Field(
        "", description="The law that the accessibility statement names. Unset: that of North Rhine-Westphalia."
    )
    operator_forest_office: str = Field("", description="The forest office in charge, by name. Hikers read it.")
    operator_forest_phone: str = Field("", description="Its telephone number.")
    base_map: str = Field(
        "",
        description="The town's own map below the trails: the path of a PMTiles file (version 3), which is served from"
        " here, or the address of picture tiles with `{z}`, `{x}` and `{y}`, which phones then ask for; that host must"
        " allow it (CORS). Unset: none, and no phone asks anybody else.",
    )
    base_map_attribution: str = Field(
        "",
        max_length=200,
        validate_default=True,
        description="Whom to name for that map, always to be seen with it. Needed where there is one.",
    )
    security_contact: str = Field(
        "",
        pattern=r"^(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+?[\d-]+)?$",
        description="Where weaknesses are reported, for `/.well-known/security.txt`. Unset: the operators' e-mail"
        " addresses.",
    )

    @field_validator("database_url")
    @classmethod
    def _readable_database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
                raise ValueError("a PostgreSQL address such as postgresql://user:password@host/database")
            _as_value_error(check_url, value.get_secret_value())
        return value

    @field_validator("mqtt_url")
    @classmethod
    def _readable_mqtt_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _as_value_error(parse_url, value.get_secret_value())
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _readable_proxies(cls, value: str) -> str:
        _as_value_error(networks.proxies, value)
        return value

    @field_validator("base_map")
    @classmethod
    def _readable_base_map(cls, value: str) -> str:
        _as_value_error(lambda text: base_map.parse(text, ""), value)
        return value

    @field_validator("base_map_attribution")
    @classmethod
    def _named_base_map(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("base_map") and not value.strip():
            raise ValueError(f"whom to name for the map of {variable('base_map')}, such as © Stadt Lemgo 2026")
        return value

    @field_validator("metrics_from", "api_docs_from")
    @classmethod
    def _readable_networks(cls, value: str) -> str:
        _as_value_error(networks.parse, value)
        return value

    @property
    def public_url(self) -> str:
        """Address of the web app without a trailing slash."""
        scheme = "https" if self.tls_certificate_file else "http"
        return (self.base_url or f"{scheme}://{self.host}:{self.port}").rstrip("/")

    @property
    def below_the_trails(self) -> BaseMap | None:
        """The base map that is set, or None."""
        return base_map.parse(self.base_map, self.base_map_attribution.strip())

    @property
    def operator(self) -> Mapping[str, str]:
        """The operator_… settings by the rest of their names, with real line ends."""
        lines = self.model_dump(include={name for name in type(self).model_fields if name.startswith(_OPERATOR)})
        return {name.removeprefix(_OPERATOR): text.replace("\\n", "\n") for name, text in lines.items()}


SECRETS = frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _as_value_error(check: Callable[[str], object], value: str) -> None:
    try:
        check(value)
    except InvalidInput as error:
        parts = (spelled(part).rstrip(".") for part in (error.expected, error.hint) if part)
        raise ValueError(". ".join(parts)) from error
