"""The four files of open counting data as CSV, and the Table Schema of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from geodata.export.counting import columns
from geodata.export.counting.columns import FileColumn, Row
from geodata.export.counting.records import ChannelRow, MeasureRow, SiteRow
from geodata.text.csv_table import Column, Kind, write

_BASED_ON = "schema-comptage-mobilites 0.2.3, https://schema.data.gouv.fr/etalab/schema-comptage-mobilites/"


@dataclass(frozen=True, slots=True)
class CountingFile(Generic[Row]):
    """One of the files: its name, what a line of it is, its columns, and the columns that name a line."""

    name: str
    title: str
    columns: Sequence[FileColumn[Row]]
    key: tuple[str, ...]

    def write(self, rows: Iterable[Row]) -> bytes:
        """CSV by RFC 4180 in UTF-8, a line per record in the order given."""
        header = [Column(column.name, Kind.NUMBER if column.type == "number" else Kind.TEXT) for column in self.columns]
        cells = [column.cell or _empty for column in self.columns]
        return write(header, ([cell(row) for cell in cells] for row in rows))

    def lines(self, rows: Iterable[Row]) -> bytes:
        """As write(), without the header: to go on with a file whose beginning is sent."""
        return self.write(rows).partition(b"\r\n")[2]

    def table_schema(self) -> dict[str, Any]:
        """The file's Table Schema (Frictionless, version 1)."""
        return {
            "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
            "name": f"counting-{self.name}",
            "title": self.title,
            "sources": [{"title": _BASED_ON}],
            "fields": [_field(column) for column in self.columns],
            "missingValues": [""],
            "primaryKey": list(self.key),
        }


def _empty(_: object) -> None:
    return None


def _field(column: FileColumn[Any]) -> dict[str, Any]:
    constraints = ({"required": True} if column.required else {}) | dict(column.constraints)
    described: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.description}
    return described | ({"constraints": constraints} if constraints else {})


SITES: CountingFile[SiteRow] = CountingFile("site", "Places where people are counted", columns.SITE, ("site_id",))
CHANNELS: CountingFile[ChannelRow] = CountingFile(
    "channel", "What is counted at each place", columns.CHANNEL, ("channel_id",)
)
MEASURES: CountingFile[MeasureRow] = CountingFile(
    "measure", "How many passed", columns.MEASURE, ("channel_id", "start_datetime")
)
QUALITIES: CountingFile[MeasureRow] = CountingFile(
    "quality", "How sure each measure is", columns.QUALITY, ("channel_id", "start_datetime")
)
