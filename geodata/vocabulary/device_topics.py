"""The topics of one device, as it is told when it is registered and as the gateway reads them."""

from __future__ import annotations

ROOT = "digitalpfad/v1"


def telemetry(trail: str, device: str) -> str:
    """Where a device says what it measured."""
    return f"{ROOT}/{trail}/{device}/event/telemetry"


def confirm(trail: str, device: str) -> str:
    """Where a device learns what is committed."""
    return f"{ROOT}/{trail}/{device}/command/confirm"
