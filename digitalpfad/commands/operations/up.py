"""`digitalpfad up`: the whole system in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitalpfad.config import settings
from digitalpfad.logs import logging
from digitalpfad.up import supervisor
from geodata.errors import InvalidInput


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(run)


def run(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="With the demonstration trail and its simulated devices.")
    ] = False,
    years: Annotated[
        bool, typer.Option("--years", help="With --demo, at its first start: what its counters counted since 2025.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Where the web app listens; 0.0.0.0 lets phones in.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the web app.")] = None,
    mqtt_port: Annotated[int | None, typer.Option(help="Port of the embedded broker.")] = None,
    gateway_http_port: Annotated[int | None, typer.Option(help="Port where the gateway says how it is.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of this system's data; a second system needs another.")
    ] = None,
) -> None:
    """Start database, broker, gateway and web app, and keep them running until Ctrl-C.

    The first start in a folder, new or restored, takes free ports and keeps them. DIGITALPFAD_DATABASE_URL and
    DIGITALPFAD_MQTT_URL replace the embedded database and broker.
    """
    present, sources = settings.load(
        host=host, port=port, mqtt_port=mqtt_port, gateway_http_port=gateway_http_port, data_dir=data_dir
    )
    logging.configure(present.log_format, present.log_level)
    if years and not demo:
        raise InvalidInput("--years", "given", "--demo beside it", "Only the demonstration has invented years.")
    supervisor.run(present, demo=demo, years=years, given=sources)
