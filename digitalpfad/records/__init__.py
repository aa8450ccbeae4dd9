"""Drafts of the two records that data protection law asks of whoever runs a trail, filled in from what is set.

The record of processing activities (Art. 30 GDPR) and the technical and organisational measures (Art. 32), in German.
They say what the software does; what only the municipality knows is in square brackets, to be completed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboards.access import accounts, passwords
from dashboards.access.throttle import ACCOUNT_FROM_NETWORK, FROM_NETWORK, REMEMBERED
from digitalpfad.config.model import Settings
from geodata.model.operator import Operator
from geodata.store.access.staff import ONE_TIME_DAYS

FILES: Mapping[str, str] = {
    "verarbeitungstaetigkeiten.md": "processing.md",
    "massnahmen.md": "measures.md",
}
"""Each file that is written, with its template."""

_environment = Environment(
    loader=PackageLoader("digitalpfad", "records"),
    autoescape=False,  # noqa: S701 - plain text for people, read by no browser
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def _is_mqtts(present: Settings) -> bool:
    if present.mqtt_url is None:
        return present.mqtt_tls_certificate_file is not None
    return present.mqtt_url.get_secret_value().startswith("mqtts://")


def build(operator: Operator, town: str, present: Settings, today: date, *, has_counters: bool) -> dict[str, str]:
    """The texts by file name. ``has_counters``: a device of the town counts people who pass."""
    context = {
        "operator": asdict(operator),
        "town": town,
        "today": f"{today:%d.%m.%Y}",
        "has_counters": has_counters,
        "is_https": present.base_url.startswith("https://"),
        "is_mqtts": _is_mqtts(present),
        "audit_days": present.retention_audit_days,
        "report_days": present.retention_report_days,
        "report_contact_days": present.retention_report_contact_days,
        "quarantine_days": present.quarantine_max_days,
        "raw_days": present.retention_raw_days,
        "hourly_days": present.retention_hourly_days,
        "idle_hours": int(accounts.IDLE.total_seconds() // 3600),
        "session_days": accounts.LIFETIME.days,
        "one_time_days": ONE_TIME_DAYS,
        "password_length": passwords.MIN_LENGTH,
        "attempts": ACCOUNT_FROM_NETWORK,
        "attempts_of_network": FROM_NETWORK,
        "remembered": REMEMBERED,
    }
    return {file: _environment.get_template(template).render(context) for file, template in FILES.items()}
