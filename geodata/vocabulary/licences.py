"""What licences ask of those who reuse what is under them."""

from __future__ import annotations

import re

_NAMES_SOMEBODY = re.compile(r"(?:CC-BY|dl-de[/-]by|ODbL|ODC-BY)(?![a-z])", re.IGNORECASE)


def asks_for_a_name(licence: str) -> bool:
    """Whether whoever reuses it has to name where it comes from; then it is to be said whom."""
    return _NAMES_SOMEBODY.match(licence) is not None
