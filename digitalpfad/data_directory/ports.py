"""The ports of one system: chosen at its first start, kept in its data directory, so that several run on one machine.

Devices know the broker's port and signs the web app's: once chosen, they are the same at every start.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.network import check_port_free
from geodata.errors import StartRefused

FILE = "ports.json"
STEP = 10
"""The next system's ports are so much higher: 8090, 1893 and 8091."""

_MOST_SYSTEMS = 100
_Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Ports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the web app, the embedded broker and the gateway's health, as their settings are called."""

    port: _Port
    mqtt_port: _Port
    gateway_http_port: _Port


def load(folder: Path) -> dict[str, int]:
    """The ports that the data directory ``folder`` keeps, by setting; none where it keeps none or may not be read."""
    path = DataDir.at(folder).path / FILE
    try:
        ports = msgspec.json.decode(path.read_bytes(), type=Ports)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise StartRefused(
            f"{path} is damaged ({error}): expected the ports of this system, such as"
            f' {{"port": 8080, "mqtt_port": 1883, "gateway_http_port": 8081}}. Correct it, or restore it from a backup.'
        ) from error
    return {name: getattr(ports, name) for name in Ports.__struct_fields__}


def keep(data: DataDir, settled: Ports) -> None:
    """Keep ports that were found free, for every later start."""
    data.write_secret(FILE, json.dumps(msgspec.structs.asdict(settled)))


def settle(wanted: Mapping[str, int], hosts: Mapping[str, str], given: Collection[str]) -> dict[str, int]:
    """Choose the ports of a new system: the ``given`` as they are, free or not, the others as ``wanted`` or higher.

    Raises StartRefused when all that are tried are taken.
    """
    for step in range(0, _MOST_SYSTEMS * STEP, STEP):
        tried = {name: port if name in given else port + step for name, port in wanted.items()}
        if all(name in given or _is_free(hosts[name], port) for name, port in tried.items()):
            return tried
    raise StartRefused(
        "No free ports were found. Choose them with DIGITALPFAD_PORT, DIGITALPFAD_MQTT_PORT and"
        " DIGITALPFAD_GATEWAY_HTTP_PORT."
    )


def _is_free(host: str, port: int) -> bool:
    with suppress(StartRefused):
        check_port_free(host, port, "")
        return True
    return False
