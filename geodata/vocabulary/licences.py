"""What licences ask of those who reuse what is under them."""

from __future__ import annotations

import re

_REQUIRES_ATTRIBUTION = re.compile(r"(?:CC[ -]BY|dl-de[/-]by|ODbL|ODC-BY)(?![a-z])", re.IGNORECASE)


def requires_attribution(licence: str) -> bool:
    """Whether whoever reuses it has to name where it comes from; then it is to be said whom."""
    return _REQUIRES_ATTRIBUTION.match(licence) is not None
