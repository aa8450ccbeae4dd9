"""The layers of a geodata file as plain records in CRS84: geopandas reads here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import geopandas
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.listing import listed
from geodata.messages.message import message, phrase
from geodata.trailfiles import bounds
from geodata.trailfiles.draft.columns import names_of
from geodata.trailfiles.formats import geopackage
from geodata.trailfiles.source import AS_TEXT, Source, goes_by
from geodata.trailfiles.systems.reprojection import Systems, reprojected

_MAX_FEATURES = 20_000  # a city's whole network of paths has a few thousand
_GEOPANDAS: Any = geopandas  # half typed; what leaves this module is typed
_PYOGRIO: Any = pyogrio
_SHAPELY: Any = shapely


@dataclass(frozen=True, slots=True)
class Feature:
    """A geometry with lon, lat [, height] and the values of its columns, without the empty ones."""

    layer: str
    geometry: BaseGeometry
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    recording: int = -1
    """Segments of one recording in a GPX share it; -1 elsewhere."""


def read(
    file: str, sources: Sequence[Source], crs: Systems, layers: Sequence[str], findings: Findings
) -> list[Feature]:
    """All features of the ``sources`` of ``file``, or of these ``layers``; ``crs`` overrules theirs. Raises Refused."""
    names = {source: _names(source) for source in sources}
    _known(layers, names)
    features: list[Feature] = []
    for source, present in names.items():
        wanted = [name for name in present if not layers or name in layers or source.is_among(layers)]
        try:
            gpx = source.format == "gpx"
            layer_features = _gpx(source, wanted, findings) if gpx else _layers(source, wanted, crs, findings)
        except (DataSourceError, DataLayerError, UnicodeError) as error:
            raise _unreadable(source, error) from error
        features += (
            [replace(feature, geometry=_turned(feature.geometry)) for feature in layer_features]
            if gpx and crs.swap_axes
            else layer_features
        )
    if sum(int(_SHAPELY.get_num_coordinates(feature.geometry)) for feature in features) > bounds.MAX_VERTICES:
        raise bounds.too_many(file)
    if not features:
        raise Refused(
            message("{name} holds no geometry.", name=file),
            phrase("at least one line"),
            phrase("Check what was exported."),
            reason="no-geometry",
        )
    return features


def _turned(geometry: BaseGeometry) -> BaseGeometry:
    """Lon and lat exchanged, heights kept; other formats are turned before they are converted."""
    turned: BaseGeometry = shapely.transform(
        geometry, lambda xyz: xyz[:, [1, 0, 2][: xyz.shape[1]]], include_z=geometry.has_z
    )
    return turned


def _names(source: Source) -> list[str]:
    try:
        return [str(name) for name, _ in _PYOGRIO.list_layers(source.path)]
    except (DataSourceError, UnicodeError) as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Source, error: Exception) -> Refused:
    reason = (str(error).replace(str(source.path), source.name).splitlines() or [""])[0].rpartition(" failed: ")[2]
    sentence = message("{name} cannot be read: {reason}", name=source.name, reason=reason)
    return Refused(sentence, hint="Save it again in your GIS.", reason="file-unreadable")


def _known(layers: Sequence[str], names: Mapping[Source, Sequence[str]]) -> None:
    layer_names = [name for present in names.values() for name in present]
    for layer in layers:
        if layer not in layer_names and not any(goes_by(source.name, layer) for source in names):
            raise Refused(
                message("There is no layer {layer}.", layer=repr(layer)),
                message("one of {names}", names=", ".join(layer_names)),
                reason="layer-unknown",
            )


def _layers(source: Source, names: Sequence[str], crs: Systems, findings: Findings) -> list[Feature]:
    features: list[Feature] = []
    for name in names:
        if source.format == "gpkg":
            geopackage.check_layer(source, name)
        frame = _GEOPANDAS.read_file(source.path, layer=name, max_features=_MAX_FEATURES + 1, on_invalid="ignore")
        if not len(frame):
            continue
        if "geometry" not in frame:
            findings.note(
                message("The table {name} has no geometry and is left out.", name=name), reason="table-without-geometry"
            )
            continue
        if int(_SHAPELY.get_num_coordinates(frame.geometry.to_numpy()).sum()) > bounds.MAX_VERTICES:
            raise bounds.too_many(source.name)
        if len(frame) > _MAX_FEATURES:
            raise Refused(
                message("The layer {name} has more than {most} objects.", name=name, most=_MAX_FEATURES),
                phrase("a trail"),
                message("Choose layers with {option[layer]}, or export the trail alone."),
                reason="too-many-objects",
            )
        features.extend(_features(reprojected(frame, name, source, crs, findings), name, findings))
    return features


def _features(frame: Any, layer: str, findings: Findings) -> list[Feature]:
    """The rows with a geometry; the others are told, by their names."""
    columns = [str(column) for column in frame.columns if column != "geometry"]
    values = zip(*(frame[column].tolist() for column in columns), strict=True) if columns else [()] * len(frame)
    rows = [_filled(dict(zip(columns, row, strict=True))) for row in values]
    geometries: list[BaseGeometry] = frame.geometry.to_numpy().tolist()
    lost = [not geometry for geometry in geometries]  # None, or empty
    if any(lost):
        without = [row for row, gone in zip(rows, lost, strict=True) if gone]
        findings.warn(
            message(
                "Objects of the layer {layer} without a readable geometry are left out, {count} of them: {names}.",
                layer=layer, count=len(without), names=listed(names_of(without)),
            ),
            hint=phrase("Export them as lines or points if the trail needs them."), reason="objects-without-geometry",
        )  # fmt: skip
    return [
        Feature(layer, geometry, row) for geometry, row, gone in zip(geometries, rows, lost, strict=True) if not gone
    ]


def _filled(row: Mapping[str, object]) -> dict[str, object]:
    return {
        column: value.removeprefix(AS_TEXT) if isinstance(value, str) else value
        for column, value in row.items()
        if column and not _empty(value)  # where no column is chosen its name is "": none may go by that
    }


def _empty(value: object) -> bool:
    if isinstance(value, str):
        return not value
    return value is None or (isinstance(value, float | datetime) and value != value)  # noqa: PLR0124 - NaN, NaT


def _gpx(source: Source, names: Sequence[str], findings: Findings) -> list[Feature]:
    """Waypoints, tracks and routes; from their points, for GDAL's lines lose heights when a single one is missing."""
    features: list[Feature] = []
    for name, prefix in (("tracks", "track"), ("routes", "route")):
        if name in names:
            # without geometry: GDAL makes a line of one point, which breaks shapely, of a recorder switched on and off
            frame = _GEOPANDAS.read_file(source.path, layer=name, fid_as_index=True, ignore_geometry=True)
            values = {feature_id: dict(row) for feature_id, row in zip(frame.index, _rows(frame), strict=True)}
            key = f"{prefix}_fid"
            segment = [key, "track_seg_id"] if prefix == "track" else [key]
            points = _GEOPANDAS.read_file(source.path, layer=f"{prefix}_points", columns=[*segment, "ele"])
            if len(points) > bounds.MAX_VERTICES:
                raise bounds.too_many(source.name)
            features.extend(_gpx_lines(points, name, segment, values, findings))
    if "waypoints" in names:
        frame = _GEOPANDAS.read_file(source.path, layer="waypoints")
        for feature in _features(frame, "waypoints", findings):
            ((lon, lat),) = shapely.get_coordinates(feature.geometry)
            ele = feature.values.get("ele")
            geometry = shapely.Point(lon, lat, ele) if isinstance(ele, float) else feature.geometry
            features.append(Feature("waypoints", geometry, feature.values))
    return features


def _rows(frame: Any) -> list[Mapping[str, object]]:
    rows: list[dict[str, object]] = frame.to_dict("records")
    return [_filled(row) for row in rows]


def _gpx_lines(
    points: Any, layer: str, segment: Sequence[str], values: Mapping[int, Mapping[str, object]], findings: Findings
) -> list[Feature]:
    """A line for each segment of a track, each route; those of less than two points are told."""
    lines: list[Feature] = []
    single: list[int] = []
    for ids, group in points.groupby(list(segment), sort=False):
        feature_id = int(ids[0])
        if len(group) < 2:
            single.append(feature_id)
            continue
        plane = shapely.get_coordinates(group.geometry.to_numpy())
        heights = group["ele"].to_numpy()
        line = shapely.LineString([(x, y, z) for (x, y), z in zip(plane, heights, strict=True)])
        lines.append(Feature(layer, line, values.get(feature_id, {}), feature_id))
    used = {line.recording for line in lines}
    short = [*single, *(key for key in values if key not in used and key not in single)]
    if short:
        names = listed(names_of([values.get(key, {}) for key in short]))
        findings.note(
            message(
                "Pieces of the layer {layer} with less than two points are left out, {count} of them: {names}.",
                layer=layer, count=len(short), names=names,
            ), reason="pieces-too-short"
        )  # fmt: skip
    return lines
