"""Daily values of a climate station as the Deutscher Wetterdienst publishes them (Climate Data Center, daily/kl).

A text `produkt_klima_tag_….txt`, alone or in its archive `tageswerte_KL_….zip`: semicolons with blanks around values,
-999 where there is none, `eor` at the end of each row. TMK is the mean temperature in °C, RSK the rain in mm from six
o'clock to six, SDK the hours of sunshine. A file that is another one, or damaged, is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from geodata.errors import InvalidInput
from geodata.messages.message import Message, cut, message
from geodata.security import bounded_file, unpacking
from geodata.security.unpacking import BadArchive
from geodata.statistics.comparison.day import WeatherDay

MOST_BYTES = 64 << 20
"""Of an unpacked file: the longest series, of 150 years, has 8 MB."""
_MEMBER = re.compile(r"produkt_klima_tag_.*\.txt")
_DAY = re.compile(r"\d{8}", re.ASCII)
_STATION, _DATE, _END = "STATIONS_ID", "MESS_DATUM", "eor"
_RANGES = {"TMK": ("temperature", -50.0, 50.0), "RSK": ("rain", 0.0, 500.0), "SDK": ("sunshine", 0.0, 24.0)}
"""Column: the part of the weather, and what can occur in Germany."""
_HIGHEST_STATION = 99_999  # its numbers have five digits
_MISSING = -999.0
_HINT = "Take a file of daily values: tageswerte_KL_….zip, from daily/kl of the Climate Data Center."


@dataclass(frozen=True, slots=True)
class StationWeather:
    """The days of one station, by its number at the DWD; days on which it measured nothing of it are not in there."""

    station: int
    days: Mapping[date, WeatherDay]


def read(path: Path) -> StationWeather:
    """The days in a file or its archive. Raises InvalidInput with the line and the value, and OSError."""
    content = bounded_file.at_most(path, MOST_BYTES)
    if content.startswith(b"PK"):
        content = _unpacked(path)
    if len(content) > MOST_BYTES:
        raise InvalidInput(path.name, message("more than 64 MB"), "the file of one climate station", _HINT)
    return parsed(content.decode("latin-1"), path.name)


def _unpacked(path: Path) -> bytes:
    try:
        with unpacking.opened(path) as archive:
            members = [each for each in archive.infolist() if _MEMBER.fullmatch(each.filename)]
            if len(members) != 1:
                names = cut(", ".join(each.filename for each in archive.infolist()))
                raise InvalidInput(path.name, names, "an archive with one produkt_klima_tag_….txt in it", _HINT)
            return b"".join(unpacking.pieces(archive, members[0], MOST_BYTES))
    except BadArchive as error:
        raise InvalidInput(path.name, error.fault.value, "an archive of the DWD", "Download it again.") from error


def parsed(text: str, name: str) -> StationWeather:
    """The days in the text of a file called ``name``; raises InvalidInput with the line and the value."""
    lines = text.splitlines()
    header = [cell.strip() for cell in lines[0].split(";")] if lines else []
    if not {_STATION, _DATE, *_RANGES} <= set(header) or header[-1] != _END:
        expected = message("the columns {columns}", columns=", ".join((_STATION, _DATE, *_RANGES, _END)))
        raise InvalidInput(_at(name, 1), cut(lines[0] if lines else ""), expected, _HINT)
    station, days = None, dict[date, WeatherDay]()
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        at, row = _at(name, number), _row(_at(name, number), header, line)
        station = _same_station(at, station, row[_STATION])
        day = _day(at, row[_DATE])
        if day in days:
            raise InvalidInput(at, day.isoformat(), "each day once", "Download the file again.")
        days[day] = _weather(at, row)
    if station is None:
        raise InvalidInput(name, message("without a day"), "a row for each day", _HINT)
    return StationWeather(station, {day: weather for day, weather in days.items() if weather != WeatherDay()})


def _at(name: str, line: int) -> Message:
    return message("{file}, line {line}", file=cut(name), line=str(line))


def _row(at: Message, header: Sequence[str], line: str) -> dict[str, str]:
    cells = [cell.strip() for cell in line.split(";")]
    if len(cells) != len(header) or cells[-1] != _END:
        expected = message("{cells} values, the last of them eor", cells=len(header))
        raise InvalidInput(at, cut(line.strip()), expected, "The file was cut off or edited: download it again.")
    return dict(zip(header, cells, strict=True))


def _same_station(at: Message, before: int | None, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _HIGHEST_STATION:
        raise InvalidInput(at, cut(text), "the number of a station")
    if before is not None and int(text) != before:
        raise InvalidInput(at, text, message("station {before} as above", before=str(before)), "One station a file.")
    return int(text)


def _day(at: Message, text: str) -> date:
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise InvalidInput(at, text, "a day such as 20260131", _HINT) from error


def _weather(at: Message, row: Mapping[str, str]) -> WeatherDay:
    values = {part: _value(at, column, row[column], least, most) for column, (part, least, most) in _RANGES.items()}
    return WeatherDay(**values)


def _value(at: Message, column: str, text: str, least: float, most: float) -> float | None:
    try:
        value = float(text)
    except ValueError as error:
        raise InvalidInput(at, f"{column} {text}", "a number, or -999 where there is none") from error
    if value == _MISSING:
        return None
    if not least <= value <= most:
        expected = message("{column} from {least:.0f} to {most:.0f}", column=column, least=least, most=most)
        raise InvalidInput(at, value, expected, "Nothing is taken from a file with impossible values.")
    return value
