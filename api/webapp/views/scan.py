"""The page whose camera reads a sign."""

from __future__ import annotations

from dataclasses import dataclass

from api.webapp.views.frame import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPage:
    """What ``scan.html`` shows."""

    frame: Frame
