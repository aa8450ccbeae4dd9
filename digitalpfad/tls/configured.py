"""The certificates that the settings name: those of the web app and of the embedded broker."""

from __future__ import annotations

from digitalpfad.config.model import Settings, variable
from digitalpfad.tls import certificate
from digitalpfad.tls.certificate import Certificate
from geodata.errors import StartRefused

WEB = variable("tls_certificate_file"), variable("tls_key_file")
MQTT = variable("mqtt_tls_certificate_file"), variable("mqtt_tls_key_file")


def of_web(settings: Settings) -> Certificate | None:
    """The web app's; raise StartRefused where it cannot be used."""
    web_certificate = certificate.of(settings.tls_certificate_file, settings.tls_key_file, WEB)
    if web_certificate and settings.base_url.startswith("http://"):
        raise StartRefused(
            f"{variable('base_url')} is {settings.base_url!r}, but with {WEB[0]} the web app speaks https alone: write"
            " it with https."
        )
    return web_certificate


def of_mqtt(settings: Settings) -> Certificate | None:
    """The embedded broker's, None where there is none or another broker is set; raise StartRefused likewise."""
    if settings.mqtt_url is not None:
        return None
    return certificate.of(settings.mqtt_tls_certificate_file, settings.mqtt_tls_key_file, MQTT)
