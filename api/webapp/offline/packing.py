"""Making a pack: the same bytes in every process that knows the same catalogue, all day long."""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.webapp.language import Choice
from api.webapp.offline import page_view as offline_view
from api.webapp.offline.files import FileFinder
from api.webapp.offline.frozen_keeper import FrozenKeeper, last_warnings, warned_rules
from api.webapp.offline.moments import begin_of_day, moments, snapshot_at
from api.webapp.offline.pack import (
    HELP,
    Pack,
    PackPage,
    Piece,
    digest,
    page_url,
    variants_of,
    without_repetitions,
)
from api.webapp.offline.references import references
from api.webapp.rendering import Page, Renderer
from api.webapp.reporting import views as report_view
from api.webapp.reporting.fields import Typed
from api.webapp.views import stamps as stamps_view
from api.webapp.views.frame import Frame
from api.webapp.views.maps import map as map_view
from api.webapp.views.stamps import TEMPLATES
from api.webapp.views.stations import help as help_view
from api.webapp.views.stations import station as station_view
from api.webapp.views.stations.station import Around
from api.webapp.views.trails import trail as trail_view
from geodata.model.operator import Operator
from geodata.model.report import ReportPlace
from geodata.model.trail import Trail
from geodata.store.database import Database

_HTML = "text/html; charset=utf-8"
_A_DAY = timedelta(days=1)
_MOST_PAGES = 4000
"""From so many on no later moment is added: sixty stations in four languages have room for eight."""
_LEVEL = 4
"""Of zlib: pages take a third of their bytes, those of long trails a sixth, at little cost beside making them."""


@dataclass(frozen=True, slots=True)
class _PackedPage:
    """One page's bytes: compressed, or those of a long trail would not fit into the memory of a small machine."""

    packed: bytes
    size: int
    variants: set[str]
    """Those in which it is shown."""


@dataclass(frozen=True, slots=True)
class _Draft:
    pages: list[PackPage] = field(default_factory=list[PackPage])
    bodies: dict[str, _PackedPage] = field(default_factory=dict[str, _PackedPage])
    """By hash."""
    wanted: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Addresses of files that pages refer to, with the variants of these pages."""

    def add(self, address: str, variant: str, since: datetime | None, content: bytes) -> None:
        """Add a page; one that says what another one says is the same body."""
        sha256 = digest(content)
        body = self.bodies.get(sha256)
        if body is None:
            body = self.bodies[sha256] = _PackedPage(zlib.compress(content, _LEVEL), len(content), set())
        if variant not in body.variants:
            body.variants.add(variant)
            for named in references(content.decode()):
                self.wanted.setdefault(named, set()).add(variant)
        self.pages.append(PackPage(address, variant, since, sha256))


class PackBuilder:
    """Makes packs of ``keeper``'s trails; reads the hashes of media from ``database``, so call it from a thread.

    ``operator``: the lines of towns that have none of their own.
    """

    def __init__(
        self,
        keeper: SnapshotKeeper,
        database: Database,
        renderer: Renderer,
        files: FileFinder,
        operator: Operator,
    ) -> None:
        self._keeper = keeper
        self._operator = operator
        self._database = database
        self._renderer = renderer
        self._files = files

    def state(self, trail: str, now: datetime) -> Hashable:
        """Changes when the pack may."""
        snapshot = self._keeper.current
        warned = tuple(sorted(rule.id for rule in warned_rules(self._keeper, trail, now)))
        return trail, snapshot.version, begin_of_day(snapshot, trail, now), warned

    def build(self, trail: Trail, now: datetime) -> Pack:
        """The pack of a trail that is not given up, as it is on the day of ``now``."""
        snapshot = self._keeper.current
        variants = variants_of(snapshot, trail.slug)
        draft = self._draft(snapshot, trail, variants, now)
        pieces = [
            Piece(
                url=page_url(trail.slug, sha256),
                sha256=sha256,
                size=body.size,
                kind="page",
                content_type=_HTML,
                variants=frozenset(body.variants),
            )
            for sha256, body in draft.bodies.items()
        ]
        pieces += self._files.pieces(snapshot, draft.wanted)
        return Pack(
            trail=trail.slug,
            variants=variants,
            pages=without_repetitions(draft.pages),
            pieces=tuple(pieces),
            packed={sha256: body.packed for sha256, body in draft.bodies.items()},
        )

    def _draft(self, snapshot: Snapshot, trail: Trail, variants: tuple[str, ...], now: datetime) -> _Draft:
        begin, warned = begin_of_day(snapshot, trail.slug, now), warned_rules(self._keeper, trail.slug, now)
        draft = _Draft()
        for at in moments(snapshot, trail.slug, begin, warned):
            if len(draft.pages) >= _MOST_PAGES:
                break
            then = snapshot_at(snapshot, trail.slug, at)
            keeper = FrozenKeeper(self._database, then, last_warnings(then, warned, begin + _A_DAY))
            since = None if at == begin else at
            for variant in variants:
                for address, body in self._render(keeper, trail, variant, at):
                    draft.add(address, variant, since, body)
        return draft

    def _render(self, keeper: FrozenKeeper, trail: Trail, variant: str, at: datetime) -> Iterator[tuple[str, bytes]]:
        for address, template, page in _pages(keeper, trail, variant, at, self._operator):
            yield address, self._renderer.render(template, page).body


def _pages(
    keeper: FrozenKeeper, trail: Trail, variant: str, at: datetime, operator: Operator
) -> Iterator[tuple[str, str, Page]]:
    """Address, template and contents of each page of a trail."""
    snapshot, slug = keeper.current, trail.slug

    def frame(address: str) -> Frame:
        # explicit: what somebody began to read in a voice goes on in it
        return replace(Frame.of(Choice(variant, explicit=True), address, trail.municipality), is_pack=True)

    def report(address: str, place: ReportPlace) -> tuple[str, str, Page]:
        form = report_view.build(snapshot, place, frame(address), typed=Typed())
        return address, "report.html", replace(form, id="")  # the phone makes one: all would send the same report

    here, around = f"/t/{slug}", Around({}, operator)
    yield here, "trail.html", trail_view.build(keeper, trail, frame(here), at)
    for station in snapshot.stations_of_trail.get(slug, []):
        address = f"/s/{station.code}"
        yield address, "station.html", station_view.build(keeper, station, around, frame(address), at)
        yield report(f"{address}/report", ReportPlace(trail=slug, station=station.code))
    yield report(f"{here}/report", ReportPlace(trail=slug))
    yield f"{here}/map", "map.html", map_view.build(keeper, trail, frame(f"{here}/map"), at, "", None)
    yield f"{here}/help", "help.html", help_view.build(snapshot, trail, operator, frame(f"{here}/help"))
    for name in TEMPLATES:
        address = f"{here}/{name}"
        yield address, f"{name}.html", stamps_view.build(snapshot, trail, frame(address), at)
    yield f"{here}/offline", "offline.html", offline_view.build(snapshot, trail, frame(f"{here}/offline"))
    yield HELP, "offline_missing.html", offline_view.build_not_taken(snapshot, trail, frame(here))
