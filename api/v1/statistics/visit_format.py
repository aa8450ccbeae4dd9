"""Visit statistics as JSON or as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from api.http.caches.etag import Answer, answer
from api.licences import url_of
from api.v1.describe.stations import rights
from api.v1.router import PREFIX
from api.v1.series_format import CSV_MEDIA_TYPE
from geodata.conditions.annotations import PublicAnnotation
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.model.trail import Trail
from geodata.statistics.counting.periods import midnight
from geodata.statistics.figure import Figure
from geodata.text.csv_table import Column, Dialect, Kind, write
from geodata.vocabulary.figures import CountMeasure

_PARTS = {
    "": Kind.NUMBER,
    "_state": Kind.TEXT,
    "_coverage": Kind.NUMBER,
    "_estimated": Kind.NUMBER,
    "_at_least": Kind.NUMBER,
}
_COLUMNS = (
    Column("start", Kind.INSTANT),
    Column("end", Kind.INSTANT),
    Column("date", Kind.DAY),
    *(Column(f"{measure}{part}", kind) for measure in CountMeasure for part, kind in _PARTS.items()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAnswer:
    """Figures of passes and scans, bucket by bucket, of the days ``within`` (the last not included).

    ``trail``: whose licence holds; None for a municipality, whose trails may differ. ``least``: the smallest count that
    is published.
    """

    place: FigurePlace
    trail: Trail | None
    bucket: FigureBucket
    within: tuple[date, date]
    closed_until: date | None
    least: int
    annotations: Sequence[PublicAnnotation]
    rows: Sequence[tuple[Figure, Figure]]


def json(visits: VisitAnswer) -> Answer:
    """All of it with a head that says of what and until when."""
    place = visits.place
    first, last = (midnight(day, place.zone) for day in visits.within)
    of_trail = rights(visits.trail) if visits.trail else {"licence": None, "licence_url": None, "attribution": ""}
    body = {
        "scope": place.scope,
        "id": place.code,
        "bucket": visits.bucket,
        "from": first,
        "to": last,
        "closed_until": visits.closed_until,
        "timezone": str(place.zone),
        "least": visits.least,
        **of_trail,
        "annotations": [_annotation(each) for each in visits.annotations],
        "buckets": [
            {**_span(passes, place), "passes": _figure(passes), "scans": _figure(scans)}
            for passes, scans in visits.rows
        ],
    }
    return answer(msgspec.json.encode(body), "application/json", headers=_links(visits))


def csv(visits: VisitAnswer, dialect: Dialect) -> Answer:
    """A line per bucket; an empty count says in its state why."""
    body = write(_COLUMNS, _lines(visits), dialect, str(visits.place.zone))
    name = "_".join(
        ["visits", visits.place.code, visits.bucket, f"{visits.within[0]:%Y%m%d}-{visits.within[1]:%Y%m%d}"]
    )
    name += "" if dialect is Dialect.PLAIN else f"_{dialect}"
    file = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return answer(body, CSV_MEDIA_TYPE, headers=_links(visits) | file)


def _lines(visits: VisitAnswer) -> Iterator[list[object]]:
    for passes, scans in visits.rows:
        yield [*_span(passes, visits.place).values(), *_cells(passes), *_cells(scans)]


def _span(figure: Figure, place: FigurePlace) -> dict[str, object]:
    return {"start": figure.start, "end": figure.end, "date": figure.start.astimezone(place.zone).date()}


def _figure(figure: Figure) -> dict[str, object]:
    return {"count": figure.count, "state": figure.state.value, **msgspec.structs.asdict(figure.time.rounded())}


def _cells(figure: Figure) -> list[object]:
    """As _figure(), with a number for yes and no: every spreadsheet reads it."""
    *cells, at_least = _figure(figure).values()
    return [*cells, int(bool(at_least))]


def _annotation(annotation: PublicAnnotation) -> dict[str, object]:
    return {
        "kind": annotation.kind,
        "trail": annotation.trail,
        "station": annotation.station,
        "from": annotation.first_day,
        "to": annotation.last_day,
        "text": annotation.text,
    }


def _links(visits: VisitAnswer) -> dict[str, str]:
    if visits.trail is None:
        return {}
    targets = {"license": url_of(visits.trail.licence), "describedby": f"{PREFIX}/trails/{visits.trail.slug}"}
    return {"Link": ", ".join(f'<{target}>; rel="{rel}"' for rel, target in targets.items() if target)}
