"""`digitalpfad web`: the web process."""

from __future__ import annotations

import structlog
import typer
import uvicorn

from api.http.server import BoundedServer
from api.limits.connections import Bounds, Connections, most_connections
from api.limits.visitor_network import NotVisitors
from digitalpfad import services
from digitalpfad.config import settings
from digitalpfad.logs import logging
from digitalpfad.network import check_port_free
from digitalpfad.process import open_files, watchdog, web
from digitalpfad.process.serving import Serving
from digitalpfad.tls import open_to_network
from geodata.security import networks
from geodata.store import roles

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("web")(run)


def run() -> None:
    """Serve hikers' pages, the public API and the staff pages."""
    present, _ = settings.load()
    logging.configure(present.log_format, present.log_level)
    check_port_free(present.host, present.port, "DIGITALPFAD_PORT")
    services.check_role(present, roles.WEB)
    serving = Serving(present)
    connections = Connections(_bounds(present))
    process = web.create(present, connections)
    for warning in open_to_network.web(present):
        _log.warning("open-to-network", hint=warning)
    config = uvicorn.Config(
        process.app,
        host=present.host,
        port=present.port,
        log_config=None,
        access_log=False,  # no address of a visitor is ever written down
        server_header=False,
        timeout_graceful_shutdown=5,
        **serving.options,
    )

    def dead() -> list[str]:
        return [*process.dead(), *(["event-loop"] if server.stands_still else [])]

    server = BoundedServer(
        config,
        process.end_streams,
        serving.renew,
        lambda: watchdog.begin(dead),
        connections=connections,
    )
    server.run()


def _bounds(present: settings.Settings) -> Bounds:
    """What a visitor may take; behind a proxy it is the proxy that connects."""
    proxies = NotVisitors(networks.proxies(present.trusted_proxies))
    return Bounds(connections=most_connections(open_files.raise_limit()), exempt=proxies)
