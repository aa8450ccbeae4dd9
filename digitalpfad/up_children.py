"""The services that `up` runs as processes of their own: gateway, web app, simulator."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path

from digitalpfad.datadir import DataDir
from digitalpfad.embedded.process import Program
from digitalpfad.embedded.vitals import asks
from digitalpfad.network import reachable_host
from digitalpfad.settings_model import SECRETS, Settings, variable
from gateway.broker import parse_url

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
    }
    return Program(
        name=name,
        command=[sys.executable, "-m", "digitalpfad", command],
        log=data.logs / f"{command}.log",
        ready=answers(ready_url),
        ask=asks(ready_url),
        env=env,
    )


def gateway(settings: Settings, data: DataDir, database_url: str, mqtt_url: str) -> Program:
    """The gateway."""
    host = reachable_host(settings.gateway_http_host)
    return service(
        "The gateway", "gateway", settings, data, {"database_url": database_url, "mqtt_url": mqtt_url},
        f"http://{host}:{settings.gateway_http_port}/readyz",
    )  # fmt: skip


def web(settings: Settings, data: DataDir, database_url: str) -> Program:
    """The web app."""
    return service(
        "The web app", "web", settings, data, {"database_url": database_url},
        f"http://{reachable_host(settings.host)}:{settings.port}/readyz",
    )  # fmt: skip


def simulator(settings: Settings, data: DataDir, mqtt_url: str, credentials: Path) -> Program:
    """Simulated devices of the bundled trail, each with its own credentials."""
    broker = parse_url(mqtt_url)
    state = data.path / "simulator"
    state.mkdir(mode=0o700, exist_ok=True)
    command = [sys.executable, "-m", "firmware_sim", "--trail", "stadtwald", "--history", _HISTORY]
    command += ["--url", f"{'mqtts' if broker.tls else 'mqtt'}://{broker.host}:{broker.port}"]
    command += ["--credentials", str(credentials), "--state", str(state)]
    if settings.mqtt_ca_file:
        command += ["--ca", str(settings.mqtt_ca_file)]
    return Program(name="The simulator", command=command, log=data.logs / "simulator.log", ready=lambda: True)


def answers(url: str) -> Callable[[], bool]:
    """Whether ``url`` of this machine answers 200, as a question to be asked again."""
    # A proxy set in the environment is for other machines.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask() -> bool:
        try:
            with opener.open(url, timeout=3) as response:
                return response.status == 200
        except (OSError, UnicodeError, HTTPException):
            return False

    return ask
