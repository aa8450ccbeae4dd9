"""Pages beside the trail: a choice of towns, nothing found, nothing available right now."""

from __future__ import annotations

from dataclasses import dataclass

from api.webapp.views.frame import Frame, StationLink


@dataclass(frozen=True, slots=True)
class TownLink:
    """A municipality's name, and the address of the legal page that is shown, as that municipality has it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPage:
    """What ``missing.html`` shows: ``asked`` is the code that is not known, empty for any other address.

    ``host``: of a typed address that is none of ours. ``is_refused``: where there is a page, but not for this method.
    ``is_report``: of a report that is not there.
    """

    frame: Frame
    asked: str = ""
    host: str = ""
    is_refused: bool = False
    is_report: bool = False
    meant: tuple[StationLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailablePage:
    """What ``unavailable.html`` shows."""

    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPage:
    """What ``scan.html`` shows: the page whose camera reads a sign."""

    frame: Frame
