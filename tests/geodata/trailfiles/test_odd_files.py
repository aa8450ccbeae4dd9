"""Any trail file ends in "read rightly", "told and left out" or "refused with the hint", however it is written."""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
import re
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from geodata.findings.trail_file import Findings, Refused
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.records import ReadOptions
from geodata.trailfiles.formats.opening import READERS
from geodata.trailfiles.plan import plan
from geodata.trailfiles.plan.plan import ImportPlan, StoredTrails, Target
from geodata.vocabulary import codes
from tests.geodata.trailfiles.geofiles import NOW
from tests.geodata.trailfiles.oddfiles.tables import write_geojson, write_geopackage, write_shapefile
from tests.geodata.trailfiles.oddfiles.town import AREA, LINE_M, NOWHERE, Format, Odd, Post, Town, town
from tests.geodata.trailfiles.oddfiles.xml import write_gpx, write_kml

Write = Callable[[Path, Town, Odd], Path]
EXAMPLES = 60
WITHOUT_IT_NOTHING_IS_SURE = {"stationen.shx", "weg.prj"}
FORMATS: dict[str, tuple[Write, Format]] = {
    ".gpx": (write_gpx, Format(numbers=False, areas=False, nowhere=False)),
    ".kml": (write_kml, Format(numbers=True, areas=True, nowhere=True)),
    ".geojson": (write_geojson, Format(numbers=True, areas=True, nowhere=True)),
    ".gpkg": (write_geopackage, Format(numbers=True, areas=True, nowhere=False)),
    ".shp": (write_shapefile, Format(numbers=True, areas=False, nowhere=False)),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan or a refusal, with everything that was said."""

    plan: ImportPlan | None
    said: str
    printed: str

    def tells(self, *words: str) -> bool:
        """Whether one of the words stands in what was said."""
        return any(word in self.said for word in words)


def test_every_format_has_a_writer_of_odd_files() -> None:
    assert {READERS[suffix] for suffix in FORMATS} == set(READERS.values())


def planned(file: Path) -> Outcome:
    """As `trail import --dry-run` plans it for an empty database."""
    findings, printed = Findings(), io.StringIO()
    source = random.Random(1)
    made = None
    with contextlib.redirect_stderr(printed), contextlib.redirect_stdout(printed):
        try:
            read = draft.read(file, ReadOptions(), findings)
            target = Target(trail="weg", municipality="Kalletal", licence="CC0-1.0")
            nothing = StoredTrails(municipalities={}, trails={}, stations={})
            made = plan.make(read, target, nothing, NOW, lambda: codes.new_code(source), findings)
            said = [made.columns, *map(str, findings.found)]
        except Refused as refused:
            if not (refused.finding.expected or refused.finding.hint):
                raise AssertionError(f"no hint: {refused}") from refused
            said = [*map(str, findings.found), str(refused)]
    return Outcome(made, plainly("\n".join(said)), printed.getvalue())


def plainly(text: str) -> str:
    """Composed, with one space for any white space, so that names compare as people read them."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("suffix", FORMATS)
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_nothing_of_a_file_is_dropped_or_changed_in_silence(suffix: str, data: st.DataObject) -> None:
    write, can = FORMATS[suffix]
    odd = Odd(data)
    with tempfile.TemporaryDirectory() as folder:
        written = town(odd, can)
        file = write(Path(folder), written, odd)
        before = fingerprints(Path(folder))
        outcome = planned(file)
        note(f"{odd.chosen}\n{outcome.said}")
        assert fingerprints(Path(folder)) == before, "the user's folder was changed"
    assert outcome.printed == ""
    if outcome.plan is None or outcome.plan.refused:
        assert odd.chosen.get("missing part") in WITHOUT_IT_NOTHING_IS_SURE, "what can be read is refused"
        return
    stations_are_right(outcome, written)
    things_without_a_place_are_told(outcome, written)
    the_line_is_right(outcome, written)


def fingerprints(folder: Path) -> dict[str, str]:
    """What lies in a folder, byte by byte."""
    return {str(one): hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.rglob("*") if one.is_file()}


def stations_are_right(outcome: Outcome, written: Town) -> None:
    """Each is planned at its place under its name and number, or told; none is made up."""
    assert outcome.plan is not None
    at = {(round(one.station.lon, 5), round(one.station.lat, 5)): one for one in outcome.plan.stations}
    for post in written.posts:
        planned_one = at.pop((round(post.lon, 5), round(post.lat, 5)), None)
        if planned_one is None:
            assert outcome.tells(post.word), f"{post.name!r} is gone"
            continue
        name = plainly(planned_one.name)
        assert post.word in name or outcome.tells(post.word, ".dbf"), f"{post.name!r} became {name!r}"
        number_is_right(outcome, written, post, planned_one.station.number, name)
        height_is_right(outcome, post, planned_one.station.height)
    assert not at, f"stations that the file does not hold: {[one.name for one in at.values()]}"


def number_is_right(outcome: Outcome, written: Town, post: Post, number: int, name: str) -> None:
    """What is printed stays; where nothing is printed, no number comes out of a name and no word leaves it."""
    if outcome.tells(".dbf"):
        return  # numbers and names were in the part that is missing, and that is told
    if post.number.isdigit():
        assert number == int(post.number) or outcome.tells(post.word), f"{post.number} became {number}"
    elif post.number:
        assert outcome.tells(post.number), f"{post.number} became {number}"
    elif written.numbers == "none":
        assert name == plainly(post.name) or outcome.tells(post.word), f"{post.name!r} became {name!r}"


def height_is_right(outcome: Outcome, post: Post, height: float | None) -> None:
    """In metres above sea level as written, or from the line beside it, or told."""
    if post.height is not None and height is not None:
        assert abs(height - post.height) < 60 or outcome.tells("height"), f"{post.height} m became {height} m"


def things_without_a_place_are_told(outcome: Outcome, written: Town) -> None:
    """Areas and objects without geometry are named or counted."""
    if written.area:
        assert outcome.tells(AREA) or re.search(
            r"\b(1|2|one|an?) (more )?(areas?|polygons?)\b", outcome.said, re.IGNORECASE
        ), "area"
    if written.nowhere:
        assert outcome.tells(NOWHERE) or re.search(r"\b\d+ .*(geometry|place)", outcome.said), "without geometry"


def the_line_is_right(outcome: Outcome, written: Town) -> None:
    """As long as drawn, with the heights that were written, or told."""
    assert outcome.plan is not None
    line = outcome.plan.geometry
    assert abs(line.length_m - LINE_M) < 0.01 * LINE_M, f"{line.length_m:.0f} m"
    if written.heights:
        assert line.has_heights or outcome.tells("height")
        low, high = (
            min(z for *_, z in outcome.plan.trail.line.coords),
            max(z for *_, z in outcome.plan.trail.line.coords),
        )
        assert not line.has_heights or (round(low), round(high)) == (150, 170) or outcome.tells("height")
    else:
        assert not line.has_heights
