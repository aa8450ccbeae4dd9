"""What an import says of a trail's licence: that nobody said it, or that it asks for a name and nobody is named."""

from __future__ import annotations

from geodata.findings.trail_file import Findings
from geodata.messages.message import message
from geodata.vocabulary.licences import requires_attribution

NO_LICENCE = "NOASSERTION"
"""SPDX: nobody said under which licence."""

_SAY_LICENCE = message(
    "Say it with {option[licence]}, such as {option[licence]:dl-de/zero-2-0} or CC-BY-4.0; until then"
    " nobody may reuse it."
)
_SAY_ATTRIBUTION = message("Say it with {option[attribution]}, such as {option[attribution]:Stadt Lemgo}.")


def warn(licence: str, attribution: str, findings: Findings) -> None:
    """Warn of what whoever reuses the trail has to know and cannot."""
    if licence == NO_LICENCE:
        findings.warn("The licence of the line is not known.", hint=_SAY_LICENCE, reason="licence-unknown")
    if requires_attribution(licence) and not attribution:
        sentence = message("The licence {licence} asks for a name to be given, and nobody is named.", licence=licence)
        findings.warn(sentence, _SAY_ATTRIBUTION, reason="attribution-missing")
