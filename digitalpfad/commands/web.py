"""`digitalpfad web`: the web process."""

from __future__ import annotations

import typer
import uvicorn

from api.connections import Bounds, Connections, most_connections
from api.server import Server
from digitalpfad import logging, open_files, services, settings, web
from digitalpfad.network import check_port_free
from geodata.store import roles


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("web")(run)


def run() -> None:
    """Serve hikers' pages, the public API and the staff pages."""
    present, _ = settings.load()
    logging.configure(present.log_format, present.log_level)
    check_port_free(present.host, present.port, "DIGITALPFAD_PORT")
    services.check_role(present, roles.WEB)
    connections = Connections(Bounds(connections=most_connections(open_files.raise_limit())))
    process = web.create(present)
    config = uvicorn.Config(
        process.app,
        host=present.host,
        port=present.port,
        log_config=None,
        access_log=False,  # no address of a visitor is ever written down
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    Server(config, process.end_streams, connections).run()
