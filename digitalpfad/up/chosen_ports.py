"""The ports with which `up` starts: a folder's first start takes free ones, and what was found free is kept there."""

from __future__ import annotations

from collections.abc import Collection

from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.data_directory import ports
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.network import check_port_free
from geodata.errors import StartRefused

_WEB_LOG = "web.log"


def with_free_ports(settings: Settings, data: DataDir, given: Collection[str]) -> Settings:
    """The settings with free ports, where no system was ever started in ``data``; also where it was restored into it.

    Ports that are kept, and those of a system started by a release that kept none, stay: its devices know them.
    """
    if ports.load(data.path) or _was_started(data):
        return settings
    unused = set(_of(settings)).difference(_used(settings))
    return settings.model_copy(update=ports.settle(_of(settings), _hosts(settings), unused.union(given)))


def check(settings: Settings) -> None:
    """Raise StartRefused, naming each port that is taken and how to choose another."""
    refused: list[str] = []
    for name in _used(settings):
        option = f"--{name.replace('_', '-')} or DIGITALPFAD_{name.upper()}"
        try:
            check_port_free(_hosts(settings)[name], _of(settings)[name], option)
        except StartRefused as error:
            refused.append(str(error))
    if refused:
        raise StartRefused(" ".join(refused))


def keep(settings: Settings, data: DataDir) -> None:
    """Keep the ports, once `check` found them free, unless the folder keeps some: others are for one start then."""
    if not ports.load(data.path):
        ports.keep(data, ports.Ports(**_of(settings)))


def line(settings: Settings, data: DataDir) -> str:
    """The ports for the terminal, and whether the next start has the same."""
    present, kept_ports = _of(settings), ports.load(data.path)
    if present == kept_ports:
        return f"{_named(present)}   (kept in {data.path})"
    return f"{_named(present)}   (for this start; {data.path} keeps {_named(kept_ports)})"


def _named(of: dict[str, int]) -> str:
    return f"web {of['port']}, MQTT {of['mqtt_port']}, gateway's health {of['gateway_http_port']}"


def _of(settings: Settings) -> dict[str, int]:
    return {name: getattr(settings, name) for name in ports.Ports.__struct_fields__}


def _hosts(settings: Settings) -> dict[str, str]:
    return {
        "port": settings.host, "mqtt_port": settings.mqtt_host, "gateway_http_port": settings.gateway_http_host,
    }  # fmt: skip


def _used(settings: Settings) -> list[str]:
    """With a broker of one's own, the embedded one's port may be anybody's."""
    return [name for name in _of(settings) if name != "mqtt_port" or settings.mqtt_url is None]


def _was_started(data: DataDir) -> bool:
    addresses = (services.KEPT_DATABASE_URL, services.KEPT_MQTT_URL)
    return any((data.path / name).exists() for name in addresses) or (data.logs / _WEB_LOG).exists()
