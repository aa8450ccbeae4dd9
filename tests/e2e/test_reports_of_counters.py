"""What a counter reports is told nowhere: published are closed figures alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.fixtures.web.hikers import OAKS, PONDS, Hikers

COUNTER, TOTAL, PROPERTIES = "zaehler-01", 73_218_400, ("passes_in_total", "passes_out_total")
WORDS = {*PROPERTIES, *(str(TOTAL + i) for i in range(12))}


@pytest.fixture
def counted(hikers: Hikers) -> Hikers:
    """The demonstration whose counter has just reported numbers that are like no other."""
    now = datetime.now(UTC).replace(microsecond=0)
    rows = [
        (COUNTER, name, now - timedelta(minutes=10 * i), float(TOTAL + 10 - i)) for name in PROPERTIES for i in range(8)
    ]
    hikers.observe(rows)
    return hikers


def words_of_counters(text: str) -> set[str]:
    return WORDS & {*re.findall(r"\w+", re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d{3})", "", text))}


@pytest.mark.parametrize(
    "path",
    [
        "/metrics", "/readyz", "/healthz", "/api", "/api/v1/trails", "/api/v1/trails/stadtwald", "/api/v1/stations",
        f"/api/v1/stations/{OAKS}", "/", "/t/stadtwald", "/t/stadtwald/visits", "/t/stadtwald/map",
        "/t/stadtwald/print", f"/s/{OAKS}", f"/s/{OAKS}/now", f"/s/{PONDS}/now", "/data/counting/lemgo/site.csv",
        "/data/counting/lemgo/channel.csv",
    ],
)  # fmt: skip
def test_no_answer_has_a_running_total(counted: Hikers, path: str) -> None:
    answer = counted.get(path)
    assert answer.status_code == 200
    assert words_of_counters(answer.text) == set()


@pytest.mark.parametrize("name", PROPERTIES)
@pytest.mark.parametrize("bucket", ["raw", "hour", "day"])
def test_there_is_no_series_of_a_counter(counted: Hikers, name: str, bucket: str) -> None:
    now = datetime.now(UTC)
    span = {"from": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}", "to": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    asked = {"property": name, "bucket": bucket, **span}
    answer = httpx.get(f"{counted.url}/api/v1/stations/{OAKS}/series", params=asked)
    assert not {str(TOTAL + i) for i in range(12)} & words_of_counters(answer.text), answer.text


def test_the_live_stream_passes_over_a_counter(counted: Hikers) -> None:
    with httpx.stream("GET", f"{counted.url}/api/v1/live", timeout=10) as stream:
        lines = stream.iter_lines()
        heard = [next(lines)]
        now = datetime.now(UTC)
        counted.observe([(COUNTER, PROPERTIES[0], now, float(TOTAL + 11))])
        counted.observe([("klima-01", "air_temperature", now, 4.25)])
        while "4.25" not in heard[-1]:
            heard.append(next(lines))
    assert words_of_counters("\n".join(heard)) == set()
