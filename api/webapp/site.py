"""What an operator's settings say of the hikers' pages as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from geodata.maps.base_map import BaseMap
from geodata.model.operator import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site's own facts. ``base_url`` is what signs carry, ``base_map`` lies below all maps.

    ``operator``: the lines of legal pages of towns that have none of their own. For so many days a closed report is
    kept (``report_days``), says how to reach whoever wrote it (``contact_days``), and an entry of the log of staff
    stays (``audit_days``).
    """

    base_url: str = ""
    operator: Operator = field(default_factory=Operator)
    base_map: BaseMap | None = None
    report_days: int = 365
    contact_days: int = 30
    audit_days: int = 365

    @property
    def origin(self) -> str:
        """Scheme, host and port of its addresses, as a browser names them; ``://`` where none is set."""
        base = urlsplit(self.base_url)
        return f"{base.scheme}://{base.netloc}"

    @property
    def address(self) -> str:
        """What stands on signs before the path of a station: without ``https://``, empty where none is set."""
        return self.base_url.rpartition("://")[2]
