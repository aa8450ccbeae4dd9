"""The legal pages: whose they are, and what that municipality says of itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from api.catalogue.latest import counts_people
from api.catalogue.snapshot import Snapshot
from api.webapp.language import Choice
from api.webapp.views.frame import Frame
from api.webapp.views.others import LegalPage, TownLink
from geodata.errors import NotFound
from geodata.model import operator
from geodata.model.municipality import Municipality
from geodata.model.operator import Operator
from geodata.vocabulary.languages import DEFAULT, delivered, html_tag

PAGES = {"datenschutz": "privacy", "impressum": "imprint", "barrierefreiheit": "accessibility"}
"""The template of each address."""

_TEXTS = Path(__file__).parents[1] / "templates" / "legal"


def build(
    snapshot: Snapshot | None, default: Operator, choice: Choice, address: str, town: str, map_host: str = ""
) -> tuple[str, LegalPage]:
    """Template and page of ``/address`` or ``/address/town``; ``default`` are the operator's settings.

    Without a town it is the page of the only one, or names all that there are. Without a ``snapshot`` (the database has
    never answered) it is what the settings say. ``map_host`` is whom phones ask for map tiles, or empty. Raises
    NotFound for an unknown town.
    """
    name = PAGES[address]
    variant = delivered(_written(name), choice.interface) or DEFAULT
    municipality, others = _town(snapshot, town)
    frame = Frame.of(choice, f"/{address}/{town}" if town else f"/{address}", town)
    page = LegalPage(
        frame=frame,
        operator=operator.effective(municipality.operator, default) if municipality else default,
        text_lang=html_tag(variant),
        town=municipality.name if municipality else "",
        has_counters=snapshot is not None
        and counts_people(snapshot.catalogue, municipality.slug if municipality else ""),
        map_host=map_host,
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
