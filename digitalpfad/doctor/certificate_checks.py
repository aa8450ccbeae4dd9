"""What `doctor` says of the certificates that are set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from digitalpfad.config.model import Settings
from digitalpfad.doctor.result import CheckResult
from digitalpfad.terminal.names import spelled
from digitalpfad.tls import configured
from digitalpfad.tls.certificate import Certificate
from geodata.errors import StartRefused

_RENEWED_BEFORE = timedelta(days=14)  # certbot, Caddy and others renew 30 days before the end
_HINT = "Renew it, and look why that did not happen by itself; the new files are taken without a restart."
_CORRECT = "Correct it: while the part runs, it shows the one of before; it does not start with this."
_OF: dict[str, Callable[[Settings], Certificate | None]] = {
    "certificate of the web app": configured.of_web,
    "certificate of the broker": configured.of_mqtt,
}


def look(settings: Settings, now: datetime) -> Iterator[CheckResult]:
    """One entry for each part that has a certificate."""
    for check, read in _OF.items():
        try:
            certificate = read(settings)
        except StartRefused as error:
            yield CheckResult(check, ok=False, found=str(spelled(error.sentence)), hint=_CORRECT)
            continue
        if certificate:
            left = certificate.expires_at - now
            until = f"until {certificate.expires_at.astimezone(UTC):%Y-%m-%d} ({left.days} days)"
            is_fresh = left >= _RENEWED_BEFORE
            yield CheckResult(
                check, ok=is_fresh, found=f"{', '.join(certificate.names)}, {until}", hint="" if is_fresh else _HINT
            )
