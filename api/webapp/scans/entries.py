"""Whether a page request is a person's, and how that person came to the station.

What is looked at to decide (user agent, where the request came from) is forgotten with the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NO_PERSON = (
    "crawl", "spider", "slurp", "preview", "scan", "monitor", "uptime", "probe", "headless", "facebookexternalhit",
    "whatsapp", "curl", "wget", "python", "httpx", "aiohttp", "go-http", "java/", "libwww", "okhttp", "node-fetch",
    "axios", "postman", "lighthouse", "wrk",
)  # fmt: skip
_BOT = re.compile(r"bot\b|bot[/_-]")

VIAS = frozenset({"nfc", "sign"})
"""What an address may say of itself: how its reader came by it."""


def entry_of(method: str, headers: Mapping[str, str], via: str | None) -> str | None:
    """How a person came to a station's page: ``sign``, ``nfc`` or ``link``; None for machines and prefetching.

    ``via`` is the address's own word: an NFC tag carries ``via=nfc``, a code typed from the sign ``via=sign``.
    """
    if method != "GET" or not _is_person(headers):
        return None
    if via in VIAS:
        return via
    site = headers.get("sec-fetch-site")
    came_from_a_page = site not in {None, "none"} or "referer" in headers
    return "link" if came_from_a_page else "sign"


def _is_person(headers: Mapping[str, str]) -> bool:
    agent = headers.get("user-agent", "").lower()
    ahead_of_need = "prefetch" in headers.get("sec-purpose", headers.get("purpose", "")).lower()
    navigates = headers.get("sec-fetch-mode", "navigate") == "navigate"
    is_machine = any(map(agent.__contains__, _NO_PERSON)) or ("bot" in agent and _BOT.search(agent) is not None)
    return bool(agent) and not is_machine and not ahead_of_need and navigates
