"""The town's own base map below the trail, where a setting names one: a file that is served from here, or tiles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from geodata.errors import InvalidInput
from geodata.messages.message import message

ADDRESS = "/map/base.pmtiles"
"""Where a PMTiles file is served, in ranges."""

EXPECTED = "the path of a PMTiles file (version 3), or an address such as https://maps.town.example/{z}/{x}/{y}.png"
_TEMPLATE = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?/[^\s;,'\"<>\\]*")
_PLACES = ("{z}", "{x}", "{y}")
_MAGIC = b"PMTiles\x03"


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A base map with whom to name for it: ``file`` on this machine, or ``tiles``, the template of their addresses."""

    attribution: str
    file: Path | None = None
    tiles: str = ""

    @property
    def origin(self) -> str:
        """Scheme and host that phones ask for tiles; empty where nobody but this server is asked."""
        parts = urlsplit(self.tiles)
        return f"{parts.scheme}://{parts.netloc}" if self.tiles else ""

    @property
    def host(self) -> str:
        """The name of that host, for people."""
        return urlsplit(self.tiles).hostname or ""


def parse(text: str, attribution: str) -> BaseMap | None:
    """The base map that a setting names, None where it is empty.

    Raises InvalidInput where it is neither a PMTiles file that can be read nor a template of https addresses.
    """
    if not text:
        return None
    if "://" in text:
        return BaseMap(attribution, tiles=_template(text))
    return BaseMap(attribution, file=_archive(Path(text)))


def _template(text: str) -> str:
    if not _TEMPLATE.fullmatch(text) or any(text.count(place) != 1 for place in _PLACES):
        hint = "The address begins with https:// and holds {z}, {x} and {y} once each."
        raise InvalidInput("base map", text, EXPECTED, hint)
    return text


def _archive(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_MAGIC))
    except OSError as error:
        raise InvalidInput(
            "base map", str(path), EXPECTED, message("It cannot be read: {reason}.", reason=error.strerror)
        ) from error
    if beginning != _MAGIC:
        raise InvalidInput("base map", str(path), EXPECTED, "The file is no PMTiles archive of version 3.")
    return path.resolve()
