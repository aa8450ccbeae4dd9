"""Where on the trail: what the phone computes is what the server says, and it never claims more than it knows."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from geodata.geometry.line import GEOD, TrailGeometry
from tests.checkout import ROOT
from tests.fixtures.web.hikers import Hikers
from tools.vendor import NODE

SCRIPTS = ROOT / "api/webapp/static/map"
ASKED = """
import { createInterface } from "node:readline";
const modules = ["where", "sentences"].map((name) => import(`${process.argv[1]}/${name}.js`));
const [where, spoken] = await Promise.all(modules);
for await (const line of createInterface({ input: process.stdin })) {
  const { document, points } = JSON.parse(line);
  const route = where.prepare(document);
  const answers = points.map((point) => {
    const judged = where.judge(route, point);
    const { previous, next } = where.neighbours(route, judged.along);
    const said = document.words ? spoken.sentences(judged, document.words, "de") : [];
    return { along: judged.along, off: judged.off, at: judged.at, gaps: judged.gaps, said, nearby: judged.isFar ? 0 : 1,
      previous: previous?.number ?? null, next: next?.number ?? null };
  });
  console.log(JSON.stringify(answers));
}
"""
Json = dict[str, Any]
Ask = Callable[[Json, list[tuple[float, float, float]]], list[Json]]
"""A document and lon, lat, accuracy of points; what the phone makes of each."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """The page's own modules, in Node."""
    command = [NODE / "bin/node", "--input-type=module", "-e", ASKED, SCRIPTS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def answer(document: Json, points: list[tuple[float, float, float]]) -> list[Json]:
            asked = [{"at": [lon, lat], "accuracy": accuracy} for lon, lat, accuracy in points]
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps({"document": document, "points": asked}), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield answer
        assert process.stdin is not None
        process.stdin.close()


@st.composite
def lines(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A trail of some bends, anywhere that people walk; some come back to their start."""
    lon, lat = draw(st.floats(-170, 170)), draw(st.floats(-60, 68))
    steps = draw(st.lists(st.tuples(st.floats(0, 360), st.floats(8, 250)), min_size=3, max_size=25))
    places = accumulate(steps, lambda at, step: GEOD.fwd(*at, *step)[:2], initial=(lon, lat))
    line = [(round(x, 6), round(y, 6)) for x, y in places]
    return [*line, line[0]] if draw(st.booleans()) else line


def document_of(line: list[tuple[float, float]], alongs: list[float]) -> tuple[Json, TrailGeometry]:
    """What the server writes for a trail with stations at these metres along."""
    geometry = TrailGeometry(LineString(line))
    if geometry.is_loop and line[0] != line[-1]:
        line = [*line, line[0]]
    stations = [
        {"geometry": {"coordinates": geometry.point_at(along)}, "properties": {"number": i, "along_m": along}}
        for i, along in enumerate(sorted(alongs), 1)
    ]
    trail = {
        "geometry": {"type": "LineString", "coordinates": line},
        "properties": {"length_m": geometry.length_m, "is_loop": geometry.is_loop},
    }
    return {"trail": trail, "stations": {"features": stations}, "closures": {"features": []}}, geometry


@given(lines(), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 360), st.floats(0, 2500)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_phone_finds_the_nearest_place_of_the_trail_as_the_server_does(
    ask: Ask, line: list[tuple[float, float]], around: list[tuple[float, float, float]]
) -> None:
    document, geometry = document_of(line, [])
    points = [GEOD.fwd(*geometry.point_at(share * geometry.length_m), turn, off)[:2] for share, turn, off in around]
    for (lon, lat), found in zip(points, ask(document, [(*point, 5) for point in points]), strict=True):
        server = geometry.locate(lon, lat)
        assert found["off"] == pytest.approx(server.off_m, rel=2e-3, abs=0.5)
        same = GEOD.inv(*geometry.point_at(found["along"]), *found["at"])[2]
        assert same == pytest.approx(0, abs=0.5 + geometry.length_m * 1e-4), "its metres along lead to its place"
        assert GEOD.inv(lon, lat, *geometry.point_at(found["along"]))[2] <= server.off_m * 1.002 + 1


@given(
    lines(),
    st.lists(st.floats(0, 1), min_size=1, max_size=12, unique=True),
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 360), st.floats(0, 300), st.floats(3, 200), st.floats(0, 360)),
        min_size=1,
        max_size=8,
    ),
    st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_where_somebody_really_is_is_among_the_stretches_that_are_said(
    ask: Ask,
    line: list[tuple[float, float]],
    shares: list[float],
    people: list[tuple[float, float, float, float, float]],
    wrong: float,
) -> None:
    """The phone errs by up to the accuracy that it states; what is said of it holds all the same."""
    document, geometry = document_of(
        line, [0.999 * share * TrailGeometry(LineString(line)).length_m for share in shares]
    )
    alongs = [one["properties"]["along_m"] for one in document["stations"]["features"]]
    really = [GEOD.fwd(*geometry.point_at(share * geometry.length_m), a, off)[:2] for share, a, off, _, _ in people]
    shown = [
        (*GEOD.fwd(*at, turn, 0.99 * wrong * accuracy)[:2], accuracy)
        for at, (*_, accuracy, turn) in zip(really, people, strict=True)
    ]
    for at, found in zip(really, ask(document, shown), strict=True):
        true = geometry.locate(*at).along_m
        if min(abs(true - along) for along in [*alongs, 0, geometry.length_m]) < 1:
            continue  # on the border of two stretches
        gap = sum(along < true for along in alongs)
        assert (gap % len(alongs) if geometry.is_loop else gap) in found["gaps"]


def test_on_the_demonstration_trail_it_says_the_same_stations_as_the_interface(hikers: Hikers, ask: Ask) -> None:
    document = hikers.get("/t/stadtwald/map.json?lang=de").json()
    line = document["trail"]["geometry"]["coordinates"]
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(line)]
    points = [(lon + 0.0006 * math.sin(i), lat + 0.0006 * math.cos(2 * i), 8.0) for i, (lon, lat) in enumerate(middles)]
    with httpx.Client(base_url=hikers.url) as client:
        for (lon, lat, _), found in zip(points, ask(document, points), strict=True):
            asked = {"lon": lon, "lat": lat}
            server = client.get("/api/v1/trails/stadtwald/position", params=asked).json()["properties"]
            assert found["off"] == pytest.approx(server["off_m"], abs=0.5)
            assert found["along"] == pytest.approx(server["along_m"], abs=1)
            assert (found["previous"], found["next"]) == (server["previous"]["number"], server["next"]["number"])


def test_the_sentences_say_no_more_than_the_phone_knows(hikers: Hikers, ask: Ask) -> None:
    document = hikers.get("/t/stadtwald/map.json?lang=de").json()
    geometry = hikers.keeper.current.geometries["stadtwald"]
    stops = {one["properties"]["number"]: one["properties"]["along_m"] for one in document["stations"]["features"]}
    lon, lat = geometry.point_at((stops[8] + stops[9]) / 2)
    beside = (lon, lat + 0.001)
    fourth = geometry.point_at(stops[4])
    positions = [(lon, lat, 8.0), (*fourth, 8.0), (*beside, 8.0), (lon, lat, 150.0), (lon, lat, 4e3), (9.2, 52.0, 20.0)]
    between, at, off, vague, blind, far = (" ".join(one["said"]) for one in ask(document, positions))
    assert between == "Du bist zwischen Station 8 und Station 9. Noch 440\u00a0m bis Station 9."
    assert at == "Du bist bei Station 4. Noch 410\u00a0m bis Station 5.", at
    assert off.startswith("Du bist 110\u00a0m neben dem Weg. Zum Weg geht es nach Süd")
    assert "zwischen Station 8 und Station 9" in off
    assert "auf 150\u00a0m genau" in vague
    assert "ungefähr" in vague or "bis Station" not in vague, vague
    assert blind == (
        "Du bist irgendwo auf dem Pfad oder nahe daran. Dein Handy weiß gerade nur auf 4,0\u00a0km genau, wo du bist."
    )
    assert far.startswith("Du bist 20\u00a0km vom Weg entfernt. Zum Weg geht es nach "), far
    assert "zwischen" not in far
