"""What the gateway and the web app of this system say of themselves, where they run: only they know some of it."""

from __future__ import annotations

from dataclasses import dataclass

from digitalpfad.config.model import Settings
from digitalpfad.network import reachable_host
from digitalpfad.running import told_checks, web_port
from digitalpfad.running.web_port import Occupant

CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A check of /readyz that fails, in its own words."""

    service: str
    check: str
    detail: str


def troubles(settings: Settings, at_web_port: Occupant) -> list[Trouble]:
    """All checks that fail, none of what does not run or of another system's web app; a gateway does not say whose."""
    host = reachable_host(settings.gateway_http_host)
    name = f"[{host}]" if ":" in host else host
    gateway = web_port.fetch(f"http://{name}:{settings.gateway_http_port}/readyz") or b""
    bodies = {"gateway": gateway, "web app": at_web_port.own_body}
    return [
        Trouble(service, check, detail)
        for service, body in bodies.items()
        for check, detail in told_checks.read(body).failing.items()
    ]
