"""Published passes as rows of open data: which stations have any, and what counted there in each closed period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geodata.export.counting.records import ChannelRow, MeasureRow
from geodata.figures.publishing import public
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.model.counting.counter import Mounting
from geodata.statistics.counting.periods import midnight
from geodata.store.counting import mountings
from geodata.store.figures import reading
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A station of whose passes something is published, the day ``first`` on, and the counters that hung there."""

    place: FigurePlace
    first: date
    hung: tuple[Mounting, ...]
    updated_at: datetime | None

    @property
    def row(self) -> ChannelRow:
        """The channel as its file has it."""
        zone = self.place.zone
        ends = [each.ends_at for each in self.hung if each.ends_at is not None]
        return ChannelRow(
            site=self.place.code,
            started_at=midnight(self.first, zone).astimezone(zone),
            ended_at=max(ends).astimezone(zone) if ends and len(ends) == len(self.hung) else None,
            technologies=tuple(dict.fromkeys(each.technology for each in self.hung)),
            last_updated_at=self.updated_at.astimezone(zone) if self.updated_at else None,
        )

    def counter_at(self, end: datetime) -> str:
        """The device that hung there when a period ended, several after commas; empty where none did."""
        return ",".join(
            each.device
            for each in self.hung
            if (each.starts_at is None or each.starts_at < end) and (each.ends_at is None or end <= each.ends_at)
        )


def channels(connection: Transaction, municipality: str, places: Sequence[FigurePlace]) -> list[OpenChannel]:
    """Those of the stations ``places``, all of one municipality, that have any, in the order given."""
    codes = [place.code for place in places]
    first = reading.first_days(connection, codes, CountMeasure.PASSES)
    updated_at = reading.last_closing(connection, municipality)
    hung: defaultdict[str | None, list[Mounting]] = defaultdict(list)
    for each in mountings.load_at(connection, list(first)):
        hung[each.station].append(each)
    return [
        OpenChannel(place, first[place.code], tuple(hung[place.code]), updated_at)
        for place in places
        if place.code in first
    ]


def measures(
    connection: Transaction, channel: OpenChannel, bucket: FigureBucket, within: tuple[date, date]
) -> list[MeasureRow]:
    """The closed hours or days of a channel that lie within these days (the last not included), since it counts."""
    first, end = within
    if channel.first >= end:
        return []
    zone, row = channel.place.zone, channel.row
    figures = public.read(connection, channel.place, CountMeasure.PASSES, bucket, (max(first, channel.first), end))
    return [
        MeasureRow(
            channel=row.id,
            counter=channel.counter_at(figure.end),
            start=figure.start.astimezone(zone),
            end=figure.end.astimezone(zone),
            count=figure.count,
            state=figure.state,
            time=figure.time.rounded(),
        )
        for figure in figures
    ]
