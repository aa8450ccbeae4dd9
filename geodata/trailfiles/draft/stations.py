"""The stations of a file: its points, with what their columns say of number, name, code and place along the line."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from geodata.findings.trail_file import Findings
from geodata.messages.listing import listed
from geodata.messages.message import Message, message, phrase
from geodata.trailfiles.draft import checks, columns, numbers, shapes
from geodata.trailfiles.draft.layers import Feature
from geodata.trailfiles.draft.numbers import Numbered
from geodata.trailfiles.draft.recording import without_recorded
from geodata.trailfiles.draft.records import ParsedStation, ReadOptions

_HEIGHTS_M = (-450, 9000)  # a height outside is a value that stands for none


def read(
    points: Sequence[Feature], trail_lines: Sequence[Feature], how: ReadOptions, findings: Findings
) -> tuple[list[ParsedStation], Message]:
    """The stations, and which columns were taken for what. Points of a recording along ``trail_lines`` are none."""
    recognised = columns.recognised([point.values for point in points])
    points = shapes.single_points(points, recognised, trail_lines, findings)
    points = without_recorded(points, recognised, trail_lines, how.layers, findings)
    if not points:
        return [], phrase("")
    rows = [point.values for point in points]
    if not all(rows):  # some lost the values of a line: its columns may go with them
        recognised = columns.recognised(rows)
    places: list[list[float]] = shapely.get_coordinates([point.geometry for point in points], include_z=True).tolist()
    checks.on_earth(f"The layer {points[0].layer}", [(lon, lat) for lon, lat, _ in places], findings)
    numbered, origin = numbers.read(rows, recognised, how.numbers, findings)
    _tell_unread(rows, recognised, findings)
    parsed = [
        _station(row, place, number, recognised) for row, place, number in zip(rows, places, numbered, strict=True)
    ]
    return parsed, _origins(origin, recognised)


def _origins(numbers_from: Message, recognised: columns.Columns) -> Message:
    name = message("name from {column}", column=repr(recognised.name)) if recognised.name else phrase("no name")
    code = message("code from {column}", column=repr(recognised.code)) if recognised.code else phrase("no code")
    return message("{numbers}, {names}, {codes}", numbers=numbers_from, names=name, codes=code)


def _station(
    row: columns.Row, place: Sequence[float], numbered: Numbered, recognised: columns.Columns
) -> ParsedStation:
    lon, lat, z = place
    lowest, highest = _HEIGHTS_M
    return ParsedStation(
        lon=lon,
        lat=lat,
        height=z if z and lowest <= z <= highest else None,
        number=numbered.number,
        unread_number=numbered.unread,
        name=numbered.name,
        code=columns.text(row, recognised.code),
        along_m=columns.measure(row[recognised.along_m]) if recognised.along_m in row else None,
    )


def _tell_unread(rows: Sequence[columns.Row], recognised: columns.Columns, findings: Findings) -> None:
    """Warn of what stands where a name or a place along the line is expected, and is none."""
    for column, values, expected in (
        (recognised.name, columns.untold_names(rows, recognised.name), phrase("text")),
        (recognised.along_m, columns.unread_measures(rows, recognised.along_m), phrase("metres, such as 1234.5")),
    ):
        if values:
            findings.warn(
                message("Values of the column {column} are not read, {count} of them: {values}.", column=repr(column),
                        count=len(values), values=listed(values)),
                expected,
                reason="values-not-read",
            )  # fmt: skip
