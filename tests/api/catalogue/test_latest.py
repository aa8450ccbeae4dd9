"""What a device with a clock ahead measured becomes known when its time has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.services import Services
from geodata.model.observation import Observation
from geodata.store.database import Database
from tests.api.conftest import Clock
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import write_observations


def test_a_value_of_the_future_is_neither_latest_nor_news_before_its_time(
    services: Services, filled_url: str, clock: Clock
) -> None:
    stream = next(iter(services.keeper.current.catalogue.datastreams.values()))
    news: list[Observation] = []
    services.keeper.subscribe(news.extend)
    now, ahead = datetime.now(UTC), datetime.now(UTC) + timedelta(minutes=8)
    with Database(filled_url) as database:
        write_observations(database, [(stream.device, stream.observed_property, ahead, 8.0)])
        write_observations(database, [(stream.device, stream.observed_property, now, 7.0)])
    wait_until(lambda: news, what="the value of now")
    latest = services.keeper.latest(stream.id)
    assert latest is not None
    assert (latest.phenomenon_time, latest.result) == (now, 7.0)
    clock.ahead = timedelta(minutes=8)
    wait_until(lambda: len(news) == 2, what="the value whose time has come")
    latest = services.keeper.latest(stream.id)
    assert latest is not None
    assert (latest.phenomenon_time, latest.result) == (ahead, 8.0)
