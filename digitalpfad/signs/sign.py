"""What stands on a sign, and whether it may be printed at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

import segno

from digitalpfad.network import is_loopback
from geodata.errors import InvalidInput, NotFound, StartRefused
from geodata.messages.message import message, phrase
from geodata.model.municipality import Municipality
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.vocabulary.languages import DEFAULT

_RESERVED = (".local", ".localhost", ".internal", ".lan", ".test", ".invalid", ".example")
_QUIET_ZONE = 4  # modules, ISO/IEC 18004
_LEAST_VERSION = 10  # 57 × 57 modules, 0.86 mm each on the plate
_DRAFT_URL = "https://entwurf.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One station's sign. ``site`` is the public address without its scheme, as people type it."""

    code: str
    number: int
    title: str
    lead: str
    trail: str
    municipality: str
    site: str
    address: str
    nfc_address: str
    lon: float
    lat: float
    along_m: float
    qr_svg: str
    qr_modules: int
    """Modules along a side, with the quiet zone."""


def public_address(base_url: str, *, draft: bool) -> str:
    """``base_url`` without a trailing slash, if a sign may carry it for ten years; raise StartRefused otherwise.

    A draft takes any address, and none at all.
    """
    url = base_url.rstrip("/")
    if draft:
        return url or _DRAFT_URL
    if not url:
        raise StartRefused(
            "DIGITALPFAD_BASE_URL is not set, and signs print it. Set it to the public address of the web app, such as"
            " https://pfad.example.org, or look at the signs with --draft."
        )
    reason = _unfit(url)
    if reason:
        raise StartRefused(
            f"DIGITALPFAD_BASE_URL is {url!r}: {reason}. A sign stands for ten years: set the address that the public"
            " will use, such as https://pfad.example.org, or look at the signs with --draft."
        )
    return url


def _unfit(url: str) -> str:
    """Why a printed sign must not carry this address; empty when it may."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return "only this machine reaches that"
    try:
        return "" if ipaddress.ip_address(host).is_global else "only its own network reaches that"
    except ValueError:
        pass
    if "." not in host or host.endswith(_RESERVED):
        return "that is no name of the public internet"
    return "" if parts.scheme == "https" else "expected https, so that nobody between can change the page"


def signs_of(
    trail: Trail, municipality: Municipality, stations: Iterable[Station], base_url: str, code: str | None = None
) -> list[Sign]:
    """The signs of a trail's live stations in order of their numbers, or only the one of ``code``."""
    live = sorted((s for s in stations if s.trail == trail.slug and s.retired_at is None), key=lambda s: s.number)
    chosen = [station for station in live if code in (None, station.code)]
    if code is not None and not chosen:
        raise NotFound(message("station of trail {trail} that is not retired", trail=repr(trail.slug)), code)
    if not chosen:
        raise InvalidInput("TRAIL", trail.slug, "a trail with stations", "'digitalpfad station add' adds one.")
    return [_sign(trail, municipality, station, base_url) for station in chosen]


def _sign(trail: Trail, municipality: Municipality, station: Station, base_url: str) -> Sign:
    content = station.contents.get(DEFAULT)
    if content is None:
        raise InvalidInput(
            message("station {code}", code=station.code),
            phrase("no German text"),
            "a title and one sentence for the sign",
            "Write them first.",
        )
    address = f"{base_url}/s/{station.code}"
    svg, modules = qr_svg(address)
    return Sign(
        code=station.code,
        number=station.number,
        title=content.title,
        lead=content.lead,
        trail=trail.name() or trail.slug,
        municipality=municipality.name,
        site=base_url.split("://", 1)[-1],
        address=address,
        nfc_address=f"{address}?via=nfc",
        lon=station.lon,
        lat=station.lat,
        along_m=station.along_m,
        qr_svg=svg,
        qr_modules=modules,
    )


def qr_svg(text: str) -> tuple[str, int]:
    """A QR code as SVG, one unit per module, and its width in modules; both with the quiet zone.

    Error level H and at least version 10: mud or a sticker on a fifth of the area hides more than the quarter of the
    code words that level Q hints, and in small versions a single spot spoils more words than in this one.
    One path of filled rectangles: where rows are separate lines, printers leave hairs of white between them.
    """
    code = segno.make_qr(text, error="h", boost_error=False)
    if int(code.version) < _LEAST_VERSION:
        code = segno.make_qr(text, error="h", version=_LEAST_VERSION)
    rows = [[bool(module) for module in row] for row in code.matrix_iter(border=_QUIET_ZONE)]
    runs = (f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _dark_runs(row))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{"".join(runs)}"/></svg>'
    ), size


def _dark_runs(row: list[bool]) -> Iterable[tuple[int, int]]:
    x = 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            yield x, length
        x += length
