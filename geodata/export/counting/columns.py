"""The columns of the files, once: the files are written by them, and their Table Schemas are made from them.

The first three files have the columns of schema-comptage-mobilites 0.2.3 (schema.data.gouv.fr) in its order. What it
requires is required here too; what does not exist outside France (`fr_insee_code`) stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from geodata.export.counting.records import ChannelRow, MeasureRow, SiteRow
from geodata.statistics.figure import FigureState

Row = TypeVar("Row")

TECHNOLOGIES: Mapping[str, str] = {
    "passive-infrared": "PASSIVE INFRARED",
    "active-infrared": "ACTIVE INFRARED",
    "radar": "RADAR SENSOR",
    "pressure": "SLAB SENSOR",
    "laser": "LIDAR",
    "magnetic": "MAGNETOMETER",
    "radio-beam": "OTHER",
    "other": "OTHER",
}
"""Technologies of counters as the schema calls them; unknown ones are left out."""


@dataclass(frozen=True, slots=True)
class FileColumn(Generic[Row]):
    """A column: its Table Schema type, what it says, and how its cell comes from a record (None: always empty)."""

    name: str
    type: str
    description: str
    cell: Callable[[Row], object] | None = None
    required: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict[str, Any])


def with_offset(moment: datetime | None) -> str | None:
    """RFC 3339 with the local offset: the days on which clocks change have 23 and 25 hours, and one hour twice."""
    return None if moment is None else moment.isoformat(timespec="seconds")


def _technologies(channel: ChannelRow) -> str | None:
    names = dict.fromkeys(TECHNOLOGIES[name] for name in channel.technologies if name in TECHNOLOGIES)
    return ",".join(names) or None


SITE: tuple[FileColumn[SiteRow], ...] = (
    FileColumn("site_id", "string", "The station's permanent code.", lambda s: s.code, required=True),
    FileColumn("parent_site_id", "string", "The trail that the station belongs to.", lambda s: s.trail),
    FileColumn("site_name", "string", "What the station is called.", lambda s: s.name, required=True),
    FileColumn("fr_insee_code", "string", "The municipality's code in France; empty elsewhere."),
    FileColumn(
        "xlong",
        "number",
        "Longitude in degrees, WGS 84.",
        lambda s: f"{s.lon:.6f}",
        required=True,
        constraints={"minimum": -180, "maximum": 180},
    ),
    FileColumn(
        "ylat",
        "number",
        "Latitude in degrees, WGS 84.",
        lambda s: f"{s.lat:.6f}",
        required=True,
        constraints={"minimum": -90, "maximum": 90},
    ),
    FileColumn("external_ids", "string", "Ids of the place in other public data.", lambda s: s.municipality),
    FileColumn(
        "infrastructure_type", "string", "The kind of way.", lambda _: "FOOTPATH", constraints={"enum": ["FOOTPATH"]}
    ),
)

CHANNEL: tuple[FileColumn[ChannelRow], ...] = (
    FileColumn("channel_id", "string", "The id that measures refer to.", lambda c: c.id, required=True),
    FileColumn("channel_provider_id", "string", "The maker's id of the channel; not known here."),
    FileColumn("site_provider_id", "string", "The maker's id of the site; not known here."),
    FileColumn("site_id", "string", "The site, as in the file of sites.", lambda c: c.site, required=True),
    FileColumn(
        "mobility_type",
        "string",
        "Who is counted.",
        lambda _: "PEDESTRIAN",
        constraints={"enum": ["PEDESTRIAN"]},
    ),
    FileColumn("comment", "string", "What is counted here.", lambda _: "both directions together"),
    FileColumn(
        "counter_transmission_type",
        "string",
        "How the counts leave the counter.",
        lambda _: "REMOTE TRANSMISSION",
        constraints={"enum": ["REMOTE TRANSMISSION", "MANUAL"]},
    ),
    FileColumn(
        "publication_transmission_type",
        "string",
        "How the counts are handed out.",
        lambda _: "API",
        constraints={"enum": ["API", "MANUAL"]},
    ),
    FileColumn("counter_type", "string", "What sees the people, several after commas.", _technologies),
    FileColumn("direction", "string", "Where the people go; empty, since both ways are counted together."),
    FileColumn("provider_direction_code", "string", "The maker's code of the direction; not known here."),
    FileColumn("provider_direction_name", "string", "The maker's name of the direction; not known here."),
    FileColumn("data_provider_name", "string", "Who hands out the counts; the municipality does."),
    FileColumn(
        "temporality",
        "string",
        "Whether it counts for good.",
        lambda _: "PERMANENT",
        required=True,
        constraints={"enum": ["TEMPORARY", "PERMANENT"]},
    ),
    FileColumn("started_at", "datetime", "Since when it counts.", lambda c: with_offset(c.started_at), required=True),
    FileColumn("ended_at", "datetime", "When it ended; empty: it counts still.", lambda c: with_offset(c.ended_at)),
    FileColumn(
        "last_updated_at", "datetime", "When measures were last added.", lambda c: with_offset(c.last_updated_at)
    ),
    FileColumn("time_step", "number", "Seconds of a measure; empty, since each says its end."),
    FileColumn("provider_portal_url", "string", "A page with the counts."),
)

_MEASURED: tuple[FileColumn[MeasureRow], ...] = (
    FileColumn("channel_id", "string", "The channel, as in the file of channels.", lambda m: m.channel, required=True),
    FileColumn(
        "counter_id", "string", "The device that counted: another one after a replacement.", lambda m: m.counter
    ),
    FileColumn("start_datetime", "datetime", "From when on, included.", lambda m: with_offset(m.start), required=True),
    FileColumn("end_datetime", "datetime", "Until when, not included.", lambda m: with_offset(m.end), required=True),
)

MEASURE: tuple[FileColumn[MeasureRow], ...] = (
    *_MEASURED,
    FileColumn(
        "count",
        "number",
        "How many passed; 0: nobody did; empty: not counted, or hidden (the file of quality says which).",
        lambda m: m.count,
        constraints={"minimum": 0},
    ),
)

QUALITY: tuple[FileColumn[MeasureRow], ...] = (
    *_MEASURED,
    FileColumn(
        "state",
        "string",
        "counted; estimated: likewise, but the share estimated is larger than coverage; hidden: too small to be"
        " published, or beside such a count; no-data: nobody counted.",
        lambda m: m.state.value,
        required=True,
        constraints={"enum": [state.value for state in FigureState]},
    ),
    FileColumn(
        "coverage",
        "number",
        "The share of the time for which the count is known hour by hour.",
        lambda m: f"{m.time.coverage:.3f}",
        required=True,
        constraints={"minimum": 0, "maximum": 1},
    ),
    FileColumn(
        "estimated",
        "number",
        "The share of the time in which the counter was silent and told later how many had passed: the count has them,"
        " when they did is estimated. With coverage at most 1; the rest is a gap.",
        lambda m: f"{m.time.estimated:.3f}",
        required=True,
        constraints={"minimum": 0, "maximum": 1},
    ),
    FileColumn(
        "at_least",
        "boolean",
        "Whether in such a silence more may have passed than the counter told: the count is a lower bound.",
        lambda m: str(m.time.at_least).lower(),
        required=True,
    ),
)
