"""`digitalpfad gateway`: the gateway process."""

from __future__ import annotations

import structlog
import typer

from digitalpfad import services
from digitalpfad.config import settings
from digitalpfad.logs import logging
from digitalpfad.process import open_files, watchdog
from digitalpfad.process.signals import stop_on_signals
from digitalpfad.tls import open_to_network
from gateway import service
from gateway.settings import GatewaySettings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("gateway")(run)


def run() -> None:
    """Take messages from the broker into the database until SIGINT or SIGTERM."""
    stop = stop_on_signals()
    present, _ = settings.load()
    logging.configure(present.log_format, present.log_level)
    open_files.raise_limit()
    for warning in open_to_network.gateway(present):
        structlog.get_logger(__name__).warning("open-to-network", hint=warning)
    raise typer.Exit(service.run(_gateway_settings(present), stop, services.retention(present), watchdog.begin))


def _gateway_settings(present: settings.Settings) -> GatewaySettings:
    return GatewaySettings(
        database_url=services.database_url(present),
        mqtt_url=services.mqtt_url(present),
        mqtt_ca_file=str(present.mqtt_ca_file or ""),
        mqtt_server_name=present.mqtt_server_name,
        client_id=services.gateway_client_id(present),
        protocol=present.mqtt_protocol,
        trail=present.partition or None,
        batch_size=present.gateway_batch_size,
        batch_wait_s=present.gateway_batch_ms / 1000,
        window=present.gateway_window,
        http_host=present.gateway_http_host,
        http_port=present.gateway_http_port,
    )
