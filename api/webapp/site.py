"""What an operator's settings say of the hikers' pages as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from api.webapp.base_map import BaseMap
from geodata.model.operator import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site's own facts. ``base_url`` is what signs carry, ``base_map`` lies below all maps.

    ``operator``: the lines of legal pages of towns that have none of their own. A closed report is kept for
    ``report_days``, and says for ``contact_days`` how to reach whoever wrote it.
    """

    base_url: str = ""
    operator: Operator = field(default_factory=Operator)
    base_map: BaseMap | None = None
    report_days: int = 365
    contact_days: int = 30

    @property
    def origin(self) -> str:
        """Scheme, host and port of its addresses, as a browser names them; ``://`` where none is set."""
        base = urlsplit(self.base_url)
        return f"{base.scheme}://{base.netloc}"

    @property
    def address(self) -> str:
        """What stands on signs before the path of a station: without ``https://``, empty where none is set."""
        return self.base_url.rpartition("://")[2]
