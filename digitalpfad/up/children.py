"""The services that `up` runs as separate processes: gateway, web app, simulator."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path

from digitalpfad.config.model import SECRETS, Settings, variable
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.process import Program
from digitalpfad.embedded.vitals import asks
from digitalpfad.network import reachable_host
from digitalpfad.running import web_port
from gateway.mqtt.config import Broker

_HISTORY = "7d"


def service(
    name: str, command: str, settings: Settings, data: DataDir, urls: Mapping[str, str], ready_url: str
) -> Program:
    """``python -m digitalpfad COMMAND``, ready when ``ready_url`` answers 200; ``urls`` are settings by name."""
    env = {variable(key): value for key, value in urls.items()}
    env |= {f"{variable(key)}_FILE": "" for key in SECRETS if key in urls}
    env |= {
        variable("data_dir"): str(data.path),
        variable("host"): settings.host,
        variable("port"): str(settings.port),
        variable("gateway_http_port"): str(settings.gateway_http_port),
    }
    return Program(
        name=name,
        command=[sys.executable, "-m", "digitalpfad", command],
        log=data.logs / f"{command}.log",
        ready=answers(ready_url),
        ask=asks(ready_url, web_port.opener),
        env=env,
    )


def gateway(settings: Settings, data: DataDir, database_url: str, broker: Broker, mqtt_url: str) -> Program:
    """The gateway; ``broker`` says what the broker's certificate is checked against."""
    host = reachable_host(settings.gateway_http_host)
    urls = {"database_url": database_url, "mqtt_url": mqtt_url}
    trust = {"mqtt_ca_file": broker.ca_file, "mqtt_server_name": broker.server_name}
    return service(
        "The gateway", "gateway", settings, data, urls | trust, f"http://{host}:{settings.gateway_http_port}/readyz"
    )


def web(settings: Settings, data: DataDir, database_url: str) -> Program:
    """The web app. Where the database is not ours, its one login is that of checks and backups too."""
    url = f"{web_port.address(settings)}/readyz"
    urls = {"database_url": database_url}
    if settings.database_url is not None:
        urls["owner_database_url"] = database_url
    return service("The web app", "web", settings, data, urls, url)


def simulator(data: DataDir, broker: Broker, credentials: Path, *, years: bool) -> Program:
    """Simulated devices of the bundled trail, each with its own credentials; ``years``: with what counters counted."""
    state = data.path / "simulator"
    state.mkdir(mode=0o700, exist_ok=True)
    command = [sys.executable, "-m", "firmware_sim", "--trail", "stadtwald", "--history", _HISTORY]
    command += ["--url", f"{'mqtts' if broker.tls else 'mqtt'}://{broker.host}:{broker.port}"]
    command += ["--credentials", str(credentials), "--state", str(state)]
    if years:
        command += ["--years"]
    if broker.ca_file:
        command += ["--ca", broker.ca_file]
    if broker.server_name:
        command += ["--server-name", broker.server_name]
    return Program(name="The simulator", command=command, log=data.logs / "simulator.log", ready=lambda: True)


def answers(url: str) -> Callable[[], bool]:
    """Whether ``url`` of this machine answers 200, as a question to be asked again."""

    def ask() -> bool:
        try:
            with web_port.opener().open(url, timeout=3) as response:
                return response.status == 200
        except (OSError, UnicodeError, HTTPException):
            return False

    return ask
