"""The stations that are not retired, ready to be searched and sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api import describe, geojson
from api.dependencies import BBox, LonLat
from api.nearby import Floats, Indexes, nearest
from api.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class StationQuery:
    """What is asked for; everything that is given must hold."""

    trail: str | None = None
    bbox: BBox | None = None
    near: LonLat | None = None
    radius_m: float | None = None
    limit: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StationIndex:
    """Columns of equal length, one row per station, by trail and number."""

    version: int
    features: list[bytes]
    lons: Floats
    lats: Floats
    rows_of_trail: dict[str, Indexes]

    @classmethod
    def of(cls, snapshot: Snapshot, base_url: str) -> StationIndex:
        """Index a snapshot."""
        live = snapshot.live
        rows: dict[str, list[int]] = {}
        for row, station in enumerate(live.stations):
            rows.setdefault(station.trail, []).append(row)
        return cls(
            version=snapshot.version,
            features=[
                geojson.feature(
                    station.code,
                    geojson.point(station.lon, station.lat, station.height),
                    describe.station(station, base_url),
                )
                for station in live.stations
            ],
            lons=live.lons,
            lats=live.lats,
            rows_of_trail={trail: np.array(found, dtype=np.intp) for trail, found in rows.items()},
        )

    def answer(self, query: StationQuery) -> bytes:
        """The FeatureCollection that answers ``query``."""
        rows = self._rows(query)
        if query.near is None:
            return geojson.collection((self.features[int(row)] for row in rows[: query.limit]), len(rows))
        matched, found = nearest(
            self.lons[rows], self.lats[rows], query.near.lon, query.near.lat, radius_m=query.radius_m, limit=query.limit
        )
        features = (geojson.with_number(self.features[int(rows[i])], "distance_m", metres) for i, metres in found)
        return geojson.collection(features, matched)

    def _rows(self, query: StationQuery) -> Indexes:
        if query.trail is None:
            rows = np.arange(len(self.features))
        else:
            rows = self.rows_of_trail.get(query.trail, np.array([], dtype=np.intp))
        if query.bbox is None:
            return rows
        box, lons, lats = query.bbox, self.lons[rows], self.lats[rows]
        inside = (lons >= box.min_lon) & (lons <= box.max_lon) & (lats >= box.min_lat) & (lats <= box.max_lat)
        return rows[inside]
