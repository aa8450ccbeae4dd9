"""Devices that have the name of a service's login at the broker: registered before such names were refused."""

from __future__ import annotations

from collections.abc import Iterable

from digitalpfad.config.model import Settings
from gateway.mqtt.config import parse_url
from geodata.vocabulary.device_names import SERVICE_LOGINS

HINT = (
    "Register each anew under another id ('digitalpfad device add') and give the device that login, then"
    " 'digitalpfad device revoke' the old id: what it measured stays. At a broker of your own the user of that name is"
    " the service's: leave it alone."
)


def of(settings: Settings) -> frozenset[str]:
    """The user names of this system's own services at a broker of its operator's."""
    if settings.mqtt_url is None:
        return frozenset()  # the embedded broker's own users have names that no id can have
    user = parse_url(settings.mqtt_url.get_secret_value()).user
    return frozenset({user} if user else ())


def name_conflict(settings: Settings, devices: Iterable[str]) -> str:
    """A sentence on those of ``devices`` that have the name of a service's login; empty where there is none."""
    names = sorted((SERVICE_LOGINS | of(settings)) & set(devices))
    return f"a device has the name of a service's login: {', '.join(names)}" if names else ""
