"""What is published is read of many places at once as of each alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from geodata.figures.publishing import public
from geodata.figures.publishing.closing import close_due
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.statistics.figure import FigureState
from geodata.store.database import Database
from geodata.vocabulary.figures import CountMeasure, FigureScope
from tests.geodata.figures.publishing.town import TOWN, count, found

NOVEMBER = (date(2026, 11, 1), date(2026, 12, 1))


@pytest.mark.parametrize("bucket", FigureBucket)
def test_many_stations_at_once_are_each_as_alone_whatever_their_order(database: Database, bucket: FigureBucket) -> None:
    codes = found(database, {"pfad": 3})["pfad"]
    counts = np.random.default_rng(1).poisson(1.5, (2, 30, 24))  # the third station has no counter
    count(database, "pfad", codes[:2], NOVEMBER[0], counts)
    list(close_due(database, datetime(2027, 1, 5, tzinfo=UTC)))
    places = [
        FigurePlace(scope=FigureScope.STATION, code=code, municipality=TOWN, zone=ZoneInfo("Europe/Berlin"))
        for code in codes
    ]
    with database.transaction() as connection:
        alone = [public.read(connection, place, CountMeasure.PASSES, bucket, NOVEMBER) for place in places]
        together = public.read_each(connection, places[::-1], CountMeasure.PASSES, bucket, NOVEMBER)
        nowhere = replace(places[0], code="nowhere")
        unknown = public.read(connection, nowhere, CountMeasure.PASSES, bucket, NOVEMBER)
    assert together == alone[::-1]
    assert {figure.state for figure in [*alone[2], *unknown]} <= {FigureState.NO_DATA}
    expected = {FigureBucket.HOUR: 30 * 24, FigureBucket.DAY: 30, FigureBucket.WEEK: 4, FigureBucket.MONTH: 1}
    assert len(alone[0]) == expected.get(bucket, 0)
    assert sum(figure.count or 0 for figure in alone[0]) > 0 or bucket in (FigureBucket.HOUR, FigureBucket.YEAR)
