"""What lies below the trails on maps, and whom phones ask for it."""

from __future__ import annotations

from digitalpfad.config.model import Settings
from digitalpfad.doctor.result import CheckResult


def look(settings: Settings) -> CheckResult:
    """Never a fault: a base map that cannot be used is refused at the start. That somebody else is asked is said."""
    below = settings.below_the_trails
    if below is None:
        found = "none is set: no phone asks anybody else"
    elif below.file is not None:
        found = f"{below.file} ({below.file.stat().st_size / 1e6:.1f} MB), served from here"
    else:
        found = f"phones ask {below.host} for it; the privacy page says so"
    return CheckResult("base map", ok=True, found=found)
