"""The layers of a geodata file as plain records in CRS84: geopandas reads here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geodata.importing.findings import Findings, Refused
from geodata.importing.reprojection import Systems, reprojected
from geodata.importing.source import AS_TEXT, Source

_MAX_FEATURES = 20_000  # a city's whole network of paths has a few thousand
_GEOPANDAS: Any = geopandas  # half typed; what leaves this module is typed
_PYOGRIO: Any = pyogrio


@dataclass(frozen=True, slots=True)
class Feature:
    """A geometry with lon, lat [, height] and the values of its columns, without the empty ones."""

    layer: str
    geometry: BaseGeometry
    values: Mapping[str, object] = field(default_factory=dict[str, object])


def read(source: Source, crs: Systems, layers: Sequence[str], findings: Findings) -> list[Feature]:
    """All features of the file, or of these ``layers``; ``crs`` says what the file does not. Raises Refused."""
    try:
        names = [str(name) for name, _ in _PYOGRIO.list_layers(source.path)]
        _known(layers, names)
        wanted = [name for name in names if not layers or name in layers]
        features = _gpx(source, wanted) if source.format == "gpx" else _layers(source, wanted, crs, findings)
    except (DataSourceError, DataLayerError, UnicodeError) as error:
        reason = str(error).replace(str(source.path), source.name).splitlines()[0]
        raise Refused(f"{source.name} cannot be read: {reason}", mend="Save it again in your GIS.") from error
    if not features:
        raise Refused(f"{source.name} holds no geometry.", "at least one line", "Check what was exported.")
    return features


def _known(layers: Sequence[str], names: Sequence[str]) -> None:
    for layer in layers:
        if layer not in names:
            raise Refused(f"There is no layer {layer!r}.", f"one of {', '.join(names)}")


def _layers(source: Source, names: Sequence[str], crs: Systems, findings: Findings) -> list[Feature]:
    features: list[Feature] = []
    for name in names:
        frame = _GEOPANDAS.read_file(source.path, layer=name, max_features=_MAX_FEATURES + 1, on_invalid="ignore")
        if "geometry" not in frame or not len(frame):
            continue  # a table without geometry, or an empty layer
        if len(frame) > _MAX_FEATURES:
            mend = "Choose layers with --layer, or export the trail alone."
            raise Refused(f"The layer {name} has more than {_MAX_FEATURES} objects.", "a trail", mend)
        features.extend(_features(reprojected(frame, name, crs, findings), name))
    return features


def _features(frame: Any, layer: str) -> Iterator[Feature]:
    columns = [str(column) for column in frame.columns if column != "geometry"]
    values = zip(*(frame[column].tolist() for column in columns), strict=True) if columns else [()] * len(frame)
    for geometry, row in zip(frame.geometry, values, strict=True):
        if geometry is not None and not geometry.is_empty:
            yield Feature(layer, geometry, _filled(dict(zip(columns, row, strict=True))))


def _filled(row: Mapping[str, object]) -> dict[str, object]:
    return {
        column: value.removeprefix(AS_TEXT) if isinstance(value, str) else value
        for column, value in row.items()
        if not _empty(value)
    }


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _gpx(source: Source, names: Sequence[str]) -> list[Feature]:
    """Waypoints, tracks and routes; from their points, for GDAL's lines lose heights when a single one is missing."""
    features: list[Feature] = []
    for name, prefix in (("tracks", "track"), ("routes", "route")):
        if name in names:
            # without geometry: GDAL makes a line of one point, which breaks shapely, of a recorder switched on and off
            frame = _GEOPANDAS.read_file(source.path, layer=name, fid_as_index=True, ignore_geometry=True)
            values = {feature_id: dict(row) for feature_id, row in zip(frame.index, _rows(frame), strict=True)}
            points = _GEOPANDAS.read_file(source.path, layer=f"{prefix}_points")
            features.extend(_gpx_lines(points, name, f"{prefix}_fid", values))
    if "waypoints" in names:
        for feature in _features(_GEOPANDAS.read_file(source.path, layer="waypoints"), "waypoints"):
            ((lon, lat),) = shapely.get_coordinates(feature.geometry)
            ele = feature.values.get("ele")
            geometry = shapely.Point(lon, lat, ele) if isinstance(ele, float) else feature.geometry
            features.append(Feature("waypoints", geometry, feature.values))
    return features


def _rows(frame: Any) -> list[Mapping[str, object]]:
    rows: list[dict[str, object]] = frame.to_dict("records")
    return [_filled(row) for row in rows]


def _gpx_lines(points: Any, layer: str, key: str, values: Mapping[int, Mapping[str, object]]) -> Iterator[Feature]:
    segment = [key, "track_seg_id"] if "track_seg_id" in points else [key]
    for ids, group in points.groupby(segment, sort=False):
        if len(group) < 2:
            continue
        plane = shapely.get_coordinates(group.geometry.to_numpy())
        heights = group["ele"].to_numpy()
        line = shapely.LineString([(x, y, z) for (x, y), z in zip(plane, heights, strict=True)])
        yield Feature(layer, line, values.get(int(ids[0]), {}))
