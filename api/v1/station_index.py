"""The stations that are not retired, ready to be searched and sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from api.catalogue.nearby import Indexes, nearest
from api.catalogue.snapshot import Snapshot
from api.v1 import geojson
from api.v1.parsing import MAX_LIMIT, BBox, LonLat
from geodata.model.station import Station


@dataclass(frozen=True, slots=True)
class StationQuery:
    """What is asked for; everything that is given must hold."""

    trail: str | None = None
    bbox: BBox | None = None
    near: LonLat | None = None
    radius_m: float | None = None
    limit: int = MAX_LIMIT


class StationIndex:
    """The live stations of a snapshot; each is written as GeoJSON by ``write`` when it is first asked for.

    ``before`` is the index that this one replaces: what it wrote of the same stations is taken over.
    """

    def __init__(
        self, snapshot: Snapshot, write: Callable[[Station], bytes], before: StationIndex | None = None
    ) -> None:
        self._live = snapshot.live
        self._write = write
        self._written: dict[str, tuple[Station, bytes]] = before._written if before else {}
        self._features: list[bytes | None] = [None] * len(snapshot.live.stations)
        self._rows_of_trail: dict[str, Indexes] = {}
        start = 0
        for trail, stations in snapshot.stations_of_trail.items():  # the live stations are just these, one by one
            if trail not in snapshot.listed:
                continue
            self._rows_of_trail[trail] = np.arange(start, start + len(stations))
            start += len(stations)

    def answer(self, query: StationQuery) -> bytes:
        """The FeatureCollection that answers ``query``."""
        rows = self._rows(query)
        if query.near is None:
            matched = len(self._live.points) if rows is None else len(rows)
            page = range(min(matched, query.limit)) if rows is None else rows[: query.limit].tolist()
            return geojson.collection([self._feature(row) for row in page], matched)
        points = self._live.points if rows is None else self._live.points.take(rows)
        matched, neighbours = nearest(
            points, query.near.lon, query.near.lat, radius_m=query.radius_m, limit=query.limit
        )
        features = [
            geojson.with_number(self._feature(i if rows is None else int(rows[i])), "distance_m", metres)
            for i, metres in neighbours
        ]
        return geojson.collection(features, matched)

    def _feature(self, row: int) -> bytes:
        feature = self._features[row]
        if feature is None:
            feature = self._features[row] = self._feature_of(self._live.stations[row])
        return feature

    def _feature_of(self, station: Station) -> bytes:
        entry = self._written.get(station.code)
        if entry is None or entry[0] is not station:
            entry = self._written[station.code] = station, self._write(station)
        return entry[1]

    def _rows(self, query: StationQuery) -> Indexes | None:
        """Those that the conditions leave; None where they leave all."""
        rows = None if query.trail is None else self._rows_of_trail.get(query.trail, np.array([], dtype=np.intp))
        if query.bbox is None:
            return rows
        box, points = query.bbox, self._live.points
        lons, lats = (points.lons, points.lats) if rows is None else (points.lons[rows], points.lats[rows])
        inside = (lons >= box.min_lon) & (lons <= box.max_lon) & (lats >= box.min_lat) & (lats <= box.max_lat)
        return np.flatnonzero(inside) if rows is None else rows[inside]
