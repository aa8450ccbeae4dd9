"""Which database and which broker a command works with: the set ones, or those that `up` keeps running."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.tls import kept_certificate
from digitalpfad.tls.certificate import Certificate
from gateway.mqtt.config import Broker, parse_url
from geodata.errors import StartRefused, StoreUnavailable
from geodata.store.database import Database
from geodata.store.operations.retention import Retention

KEPT_DATABASE_URL = "database-url"
KEPT_MQTT_URL = "mqtt-url"
KEPT_MQTT_TLS = "mqtt-tls"
"""Of an embedded broker with a certificate: the name it bears, and the file with it, in two lines."""
STOPPED = "'digitalpfad up' is not running"


def database_url(settings: Settings) -> str:
    """The database's address; raise StartRefused when neither set nor kept by `up`, or while `up` does not run it."""
    url = known_database_url(settings)
    data = DataDir.at(settings.data_dir)
    if settings.database_url is None and not data.is_held() and not _takes_connections(url):
        raise StartRefused(f"{STOPPED} in {data.path}, and its database with it. Start it, then do this again.")
    return url


def known_database_url(settings: Settings) -> str:
    """The database's address, also while `up` does not run it; raise StartRefused when neither set nor kept by `up`."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return _kept(settings, KEPT_DATABASE_URL, "database", "DIGITALPFAD_DATABASE_URL")


def owner_database_url(settings: Settings) -> str | None:
    """The address with the owner's login, for a service that has a lesser one; None where it is not to be had.

    The setting has it, or the database is the embedded one of the data directory, whose owner's login is kept there.
    """
    if settings.owner_database_url is not None:
        return settings.owner_database_url.get_secret_value()
    kept = DataDir.at(settings.data_dir).read(KEPT_DATABASE_URL)
    ours = settings.database_url.get_secret_value() if settings.database_url else kept
    return kept if kept and _socket(kept) and _socket(kept) == _socket(ours or "") else None


def _socket(url: str) -> list[str]:
    return parse_qs(urlsplit(url).query).get("host", [])


def mqtt_url(settings: Settings) -> str:
    """The broker's address with our login; raise StartRefused when neither set nor kept by `up`."""
    if settings.mqtt_url is not None:
        return settings.mqtt_url.get_secret_value()
    return _kept(settings, KEPT_MQTT_URL, "MQTT broker", "DIGITALPFAD_MQTT_URL")


def broker(settings: Settings) -> Broker:
    """The broker's address in its parts, with the CA file and the name that its certificate is checked against."""
    server_name, ca_file = settings.mqtt_server_name, str(settings.mqtt_ca_file or "")
    if settings.mqtt_url is None and (kept_tls := DataDir.at(settings.data_dir).read(KEPT_MQTT_TLS)):
        server_name, _, ca_file = kept_tls.partition("\n")
    return parse_url(mqtt_url(settings), ca_file, server_name)


def keep_broker(data: DataDir, url: str, certificate: Certificate | None) -> None:
    """Let other commands find the embedded broker that `up` runs."""
    data.write_secret(KEPT_MQTT_URL, url)
    if certificate:
        data.write_secret(KEPT_MQTT_TLS, f"{certificate.name}\n{kept_certificate.file(data)}")
    else:
        (data.path / KEPT_MQTT_TLS).unlink(missing_ok=True)


def open_database(settings: Settings, *, role: str = "", name: str = "digitalpfad") -> Database:
    """The database, not yet connected: use it in a `with`."""
    return Database(database_url(settings), role=role, pool_size=2, name=name)


def check_role(settings: Settings, role: str) -> None:
    """Raise RoleRefused when the database's login may not work as ``role``; a database that is away is waited for."""
    with suppress(StoreUnavailable):
        open_database(settings, role=role).check_role()


def retention(settings: Settings) -> Retention:
    """How long what is kept; raise InvalidInput where the settings contradict each other."""
    return Retention(
        raw_days=settings.retention_raw_days,
        hourly_days=settings.retention_hourly_days,
        quarantine_days=settings.quarantine_max_days,
        quarantine_rows=settings.quarantine_max_rows,
        minute_days=settings.retention_throughput_days,
        receipt_days=settings.retention_receipt_days,
        audit_days=settings.retention_audit_days,
        report_days=settings.retention_report_days,
        report_contact_days=settings.retention_report_contact_days,
        columns_after_days=settings.columns_after_days,
    )


def gateway_client_id(settings: Settings) -> str:
    """The set id, or one that nobody guesses, made once: the broker keeps unread messages under it.

    Each partition has its own, gateways that take over from each other share one.
    """
    suffix = f"-{settings.partition}" if settings.partition else ""
    if settings.mqtt_client_id is not None:
        return settings.mqtt_client_id.get_secret_value() + suffix
    data = DataDir.at(settings.data_dir).create()
    return data.keep(f"mqtt-client-id{suffix}", lambda: f"digitalpfad-{secrets.token_hex(16)}")


def _takes_connections(url: str) -> bool:
    """Whether a server listens at the embedded database's socket, as while a backup is written."""
    asked = parse_qs(urlsplit(url).query)
    if "host" not in asked:
        return True  # no address of the embedded database: whoever connects will see
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.settimeout(5)
        client.connect(f"{asked['host'][0]}/.s.PGSQL.{asked['port'][0]}")
        return True
    return False


def _kept(settings: Settings, name: str, what: str, variable: str) -> str:
    data = DataDir.at(settings.data_dir)
    url = data.read(name)
    if url is None:
        raise StartRefused(
            f"No {what} is known: {variable} is not set, and 'digitalpfad up' was never started in {data.path}."
            f" Say where the system's folder is: export DIGITALPFAD_DATA_DIR=FOLDER. Or set {variable}, or start"
            " 'digitalpfad up'."
        )
    return url
