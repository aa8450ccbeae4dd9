"""The certificate of the embedded broker of `up`: taken anew when its files change."""

from __future__ import annotations

import time
from collections.abc import Callable

from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from digitalpfad.tls import configured
from digitalpfad.tls.certificate import Certificate, Watched
from geodata.errors import StartRefused

_AGAIN_S = 60.0


class BrokerCertificate:
    """Call look() about every second. ``say`` gets a sentence on a new certificate, and on one that cannot be used."""

    def __init__(
        self, broker: EmbeddedNats, present: Certificate, supervisor: Supervisor, say: Callable[[str], None]
    ) -> None:
        self._broker, self._present, self._supervisor, self._say = broker, present, supervisor, say
        self._watched = Watched(present, configured.MQTT)
        self._waiting: Certificate | None = None
        self._again_at, self._refused = 0.0, ""

    def look(self) -> None:
        """Show the new certificate where there is one that can be used; the one of before else."""
        try:
            if certificate := self._watched.changed() or self._due():
                self._take(certificate)
        except StartRefused as error:
            if str(error) != self._refused:
                self._say(f"{error} The MQTT broker continues with the certificate of before.")
            self._refused = str(error)

    def _due(self) -> Certificate | None:
        return self._waiting if time.monotonic() >= self._again_at else None

    def _take(self, certificate: Certificate) -> None:
        self._waiting, self._again_at = (
            certificate,
            time.monotonic() + _AGAIN_S,
        )  # tried again where the disk is full, say
        self._broker.renew(self._supervisor, certificate)
        self._waiting, self._refused = None, ""
        self._say("The MQTT broker shows a new certificate.")
        if not certificate.covers(self._present.name):
            self._say(f"It does not name {self._present.name}: start anew, or the gateway may not come back to it.")
