"""The legal pages: whose they are, and what that municipality says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.catalogue.latest import counts_people
from api.catalogue.snapshot import Snapshot
from api.languages.texts import texts
from api.webapp.language import Choice
from api.webapp.site import Site
from api.webapp.views.frame import Frame
from api.webapp.views.legal_pages import accessibility
from api.webapp.views.legal_pages.accessibility import Statement
from api.webapp.views.others import TownLink
from geodata.errors import NotFound
from geodata.model import operator
from geodata.model.municipality import Municipality
from geodata.model.operator import Operator
from geodata.model.report import ReportKind
from geodata.vocabulary.languages import DEFAULT, delivered, html_tag

PAGES = {"datenschutz": "privacy", "impressum": "imprint", "barrierefreiheit": "accessibility"}
"""The template of each address."""

_TEXTS = Path(__file__).parents[2] / "templates" / "legal"


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


def build(snapshot: Snapshot | None, site: Site, choice: Choice, address: str, town: str) -> tuple[str, LegalPage]:
    """Template and page of ``/address`` or ``/address/town``; ``site`` has the operator's settings.

    Without a town it is the page of the only one, or names all that there are. Without a ``snapshot`` (the database has
    never answered) it is what the settings say. Raises NotFound for an unknown town.
    """
    name = PAGES[address]
    variant = delivered(_written(name), choice.interface) or DEFAULT
    municipality, others = _town(snapshot, town)
    frame = Frame.of(choice, f"/{address}/{town}" if town else f"/{address}", town)
    page = LegalPage(
        frame=frame,
        operator=operator.effective(municipality.operator, site.operator) if municipality else site.operator,
        text_lang=html_tag(variant),
        town=municipality.name if municipality else "",
        has_counters=snapshot is not None
        and counts_people(snapshot.catalogue, municipality.slug if municipality else ""),
        statement=accessibility.build(snapshot, municipality.slug if municipality else "", variant, texts(variant))
        if name == "accessibility"
        else None,
        feedback=frame.link(
            "/report", kind=ReportKind.BARRIER, **({"town": municipality.slug} if municipality else {})
        ),
        map_host=site.base_map.host if site.base_map else "",
        towns=tuple(TownLink(other.name, frame.link(f"/{address}/{other.slug}")) for other in others),
    )
    return f"legal/{name}.{variant}.html", page


@cache
def _written(name: str) -> tuple[str, ...]:
    """The variants in which somebody has written the page."""
    return tuple(sorted(file.name.split(".")[1] for file in _TEXTS.glob(f"{name}.*.html")))


def _town(snapshot: Snapshot | None, slug: str) -> tuple[Municipality | None, list[Municipality]]:
    """The municipality asked for, or the several to choose from."""
    if snapshot is None:
        return None, []
    municipalities = snapshot.catalogue.municipalities
    if slug:
        if slug not in municipalities:
            raise NotFound("municipality", slug)
        return municipalities[slug], []
    active = sorted({trail.municipality for trail in snapshot.listed.values()})
    if len(active) == 1:
        return municipalities[active[0]], []
    return None, sorted((municipalities[slug] for slug in active), key=lambda municipality: municipality.name)
