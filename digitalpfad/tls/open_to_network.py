"""What is open to a network without TLS, in words; each process says its own once, at its start."""

from __future__ import annotations

from digitalpfad.config.model import Settings, variable
from digitalpfad.network import is_loopback
from digitalpfad.tls.configured import MQTT, WEB


def web(settings: Settings) -> list[str]:
    """Of the web app: no TLS before a network, or a proxy that is not told of."""
    proxies = variable("trusted_proxies")
    if settings.tls_certificate_file or settings.trusted_proxies:
        return []
    warnings: list[str] = []
    if not is_loopback(settings.host):
        warnings.append(
            f"The web app listens on {settings.host}:{settings.port} without TLS: whoever shares the network can read"
            f" the passwords of staff. Set {WEB[0]} and {WEB[1]}, or let it listen on 127.0.0.1 behind a proxy."
        )
    if settings.base_url.startswith("https://"):
        warnings.append(
            f"The pages are public as {settings.base_url}, so a proxy stands before the web app, but {proxies} is"
            " not set: all visitors count as one where logins are limited. Set it to the proxy's address, such as"
            " 127.0.0.1."
        )
    return warnings


def broker(settings: Settings) -> list[str]:
    """Of the embedded broker, where it is used."""
    if settings.mqtt_url is not None or settings.mqtt_tls_certificate_file or is_loopback(settings.mqtt_host):
        return []
    return [
        (
            f"The MQTT broker listens on {settings.mqtt_host}:{settings.mqtt_port} without TLS: whoever shares the"
            f" network can read the passwords of devices and what they send. Set {MQTT[0]} and {MQTT[1]}."
        )
    ]


def gateway(settings: Settings) -> list[str]:
    """Of the gateway's health port."""
    if is_loopback(settings.gateway_http_host):
        return []
    return [
        (
            f"The gateway's health port {settings.gateway_http_host}:{settings.gateway_http_port} has neither TLS nor a"
            " login: whoever shares the network can read its figures. Let it listen on 127.0.0.1, or on an address that"
            " only the monitor reaches."
        )
    ]


def of_all(settings: Settings) -> list[str]:
    """Of all parts that `up` runs."""
    return [*web(settings), *broker(settings), *gateway(settings)]
