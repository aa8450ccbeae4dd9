"""Pages beside the trail: legal texts, nothing found, nothing available right now."""

from __future__ import annotations

from dataclasses import dataclass

from api.webapp.views.accessibility import Statement
from api.webapp.views.frame import Frame, StationLink
from geodata.model.operator import Operator


@dataclass(frozen=True, slots=True)
class TownLink:
    """A municipality's name, and the address of the legal page that is shown, as that municipality has it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalPage:
    """What ``legal/*.html`` show. ``text_lang`` is the language of the text, which may be another than the page's.

    ``town``: the name of the municipality whose page it is. ``towns``: several to choose from, where it is of none.
    """

    frame: Frame
    operator: Operator
    text_lang: str
    town: str = ""
    towns: tuple[TownLink, ...] = ()
    statement: Statement | None = None
    """Of the accessibility statement alone."""
    feedback: str = ""
    """Where barriers are reported, as an address of ours; empty where there is no such page."""
    has_counters: bool = False
    """Whether a device on its trails counts people who pass."""
    map_host: str = ""
    """The other host that phones ask for the base map; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPage:
    """What ``missing.html`` shows: ``asked`` is the code that is not known, empty for any other address.

    ``is_refused``: where there is a page, but not for this method.
    """

    frame: Frame
    asked: str = ""
    is_refused: bool = False
    meant: tuple[StationLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailablePage:
    """What ``unavailable.html`` shows."""

    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPage:
    """What ``scan.html`` shows: the page whose camera reads a sign."""

    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReceptionPage:
    """What ``no_reception.html`` shows: a page for phones without reception, to be kept by what runs on them."""

    frame: Frame
