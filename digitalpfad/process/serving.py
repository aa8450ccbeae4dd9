"""How the web process meets the network: its certificate, renewed while it serves, and whose word it takes."""

from __future__ import annotations

import ssl
from typing import Any

import structlog

from digitalpfad.config.model import Settings
from digitalpfad.tls import certificate as certificates
from digitalpfad.tls import configured
from digitalpfad.tls.certificate import Watched
from geodata.errors import StartRefused
from geodata.security import networks

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Serving:
    """What of the settings uvicorn needs; raise StartRefused where the certificate cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = [str(part) for part in networks.proxies(settings.trusted_proxies).parts]
        certificate = configured.of_web(settings)
        self._context: ssl.SSLContext | None = certificate.server_context() if certificate else None
        self._watched = Watched(certificate, configured.WEB) if certificate else None

    @property
    def options(self) -> dict[str, Any]:
        """For uvicorn.Config: by itself it would believe the headers of whoever connects from this machine."""
        context = self._context

        def ready(_config: object, _default: object) -> ssl.SSLContext | None:
            return context

        return {
            "proxy_headers": bool(self._proxies),
            "forwarded_allow_ips": self._proxies,
            "ssl_context_factory": ready if context else None,
        }

    def renew(self) -> None:
        """Show the new certificate to those who connect from now on, where the files changed and it can be used."""
        if not self._context or not self._watched:
            return
        try:
            certificate = self._watched.changed()
            if certificate:
                certificates.load(self._context, certificate.chain, certificate.key)
                _log.info("certificate-renewed", names=certificate.names, expires_at=certificate.expires_at.isoformat())
        except StartRefused as error:
            _log.error("certificate-not-renewed", reason=str(error), hint="The one of before is still shown.")
        except Exception:  # noqa: BLE001 - it would end the web process
            _log.exception("certificate-not-renewed")
