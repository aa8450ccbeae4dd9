"""The stations that are not retired, ready to be searched and sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from api import geojson
from api.dependencies import BBox, LonLat
from api.nearby import Indexes, nearest
from api.snapshot import LiveStations, Snapshot
from geodata.model import Station


@dataclass(frozen=True, slots=True)
class StationQuery:
    """What is asked for; everything that is given must hold."""

    trail: str | None = None
    bbox: BBox | None = None
    near: LonLat | None = None
    radius_m: float | None = None
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class StationIndex:
    """The live stations of a snapshot. ``feature`` gives a station as GeoJSON, made when first asked for."""

    live: LiveStations
    rows_of_trail: dict[str, Indexes]
    feature: Callable[[Station], bytes]

    @classmethod
    def of(cls, snapshot: Snapshot, feature: Callable[[Station], bytes]) -> StationIndex:
        """Index a snapshot."""
        rows: dict[str, list[int]] = {}
        for row, station in enumerate(snapshot.live.stations):
            rows.setdefault(station.trail, []).append(row)
        return cls(snapshot.live, {trail: np.array(found, dtype=np.intp) for trail, found in rows.items()}, feature)

    def answer(self, query: StationQuery) -> bytes:
        """The FeatureCollection that answers ``query``."""
        rows = self._rows(query)
        if query.near is None:
            matched = len(self.live.points) if rows is None else len(rows)
            shown = range(min(matched, query.limit)) if rows is None else rows[: query.limit]
            return geojson.collection((self._feature(row) for row in shown), matched)
        points = self.live.points if rows is None else self.live.points.take(rows)
        matched, found = nearest(points, query.near.lon, query.near.lat, radius_m=query.radius_m, limit=query.limit)
        features = (
            geojson.with_number(self._feature(i if rows is None else rows[i]), "distance_m", metres)
            for i, metres in found
        )
        return geojson.collection(features, matched)

    def _feature(self, row: int | np.intp) -> bytes:
        return self.feature(self.live.stations[int(row)])

    def _rows(self, query: StationQuery) -> Indexes | None:
        """Those that the conditions leave; None where they leave all."""
        rows = None if query.trail is None else self.rows_of_trail.get(query.trail, np.array([], dtype=np.intp))
        if query.bbox is None:
            return rows
        box, points = query.bbox, self.live.points
        lons, lats = (points.lons, points.lats) if rows is None else (points.lons[rows], points.lats[rows])
        inside = (lons >= box.min_lon) & (lons <= box.max_lon) & (lats >= box.min_lat) & (lats <= box.max_lat)
        return np.flatnonzero(inside) if rows is None else rows[inside]
