"""Licences as people read them, and where the text of each stands."""

from __future__ import annotations

import re

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.0)")
_ZERO = "CC0-1.0"
_OTHERS = {
    "dl-de/by-2-0": "https://www.govdata.de/dl-de/by-2-0",
    "dl-de-by-2.0": "https://www.govdata.de/dl-de/by-2-0",
    "dl-de/zero-2-0": "https://www.govdata.de/dl-de/zero-2-0",
    "dl-de-zero-2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "odbl-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "odc-by-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "pddl-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Addresses of licences for data, by their SPDX or dl-de ids in small letters."""
BY_PERMISSION = "LicenseRef-permission"
"""Nothing may be done with it beyond this trail; no licence that people know by name."""


def name_of(licence: str) -> str:
    """An SPDX id as it is usually written, «CC BY-SA 4.0»; anything else as it stands."""
    if licence == _ZERO:
        return "CC0 1.0"
    match = _CREATIVE_COMMONS.fullmatch(licence)
    return f"CC {match[1]} {match[2]}" if match else licence


def url_of(licence: str, language: str = "en") -> str | None:
    """The address of a licence's text, of Creative Commons in ``language``; None of one that is not known here."""
    if licence == _ZERO:
        return f"https://creativecommons.org/publicdomain/zero/1.0/deed.{language}"
    match = _CREATIVE_COMMONS.fullmatch(licence)
    if match is None:
        return _OTHERS.get(licence.lower())
    return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/deed.{language}"
