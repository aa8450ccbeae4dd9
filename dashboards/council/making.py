"""The report as bytes of a PDF; what a page, a command and a mailer call."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

import msgspec

from api.catalogue.snapshot import Snapshot
from dashboards.council import facts
from dashboards.council.facts import CouncilFacts
from dashboards.council.period import ReportPeriod
from dashboards.explorer.asked import ExplorerPlace
from geodata.store.database import Database
from geodata.store.transaction import see_one_moment
from geodata.typesetting import apart
from geodata.typesetting.font import legible

_TEMPLATE = Path(__file__).parent / "report.typ"


def month_report(
    database: Database, snapshot: Snapshot, place: ExplorerPlace, period: ReportPeriod, now: datetime
) -> bytes:
    """A PDF/UA-1 of a month or a year that is over, in the language of the request, German without one.

    Raises StartRefused without typst, StoreError, DigitalpfadError where it cannot be set.
    """
    with database.transaction() as connection:
        see_one_moment(connection)
        found = facts.read(connection, snapshot, place, period, now)
    return typeset(found, now)


def typeset(found: CouncilFacts, now: datetime) -> bytes:
    """The PDF of what was read."""
    return apart.pdf_ua(_TEMPLATE, cast("dict[str, object]", _legible(msgspec.to_builtins(found))), now)


def _legible(value: Any) -> Any:
    """With letters that our fonts have; the drawing is none of the texts."""
    if isinstance(value, str):
        return value if value.startswith("<svg") else legible(value)
    if isinstance(value, dict):
        return {name: _legible(each) for name, each in cast("dict[str, Any]", value).items()}
    return [_legible(each) for each in cast("list[Any]", value)] if isinstance(value, list) else value
