"""A trail's notice rules as a file: written and read back they are the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.bundle import json_rows
from geodata.bundle.folder import bundled
from geodata.bundle.notice_rows import NoticeRow, notice_rules, rows_of
from geodata.conditions.notices import Level, NoticeRule, NoticeText
from geodata.errors import InvalidInput
from geodata.vocabulary.languages import VARIANTS
from tests.checkout import ROOT

SOURCE = ROOT / "geodata/trails/stadtwald"
BUNDLE = bundled()
STATIONS = {station.number: station for station in BUNDLE.stations}
NUMBERS = {station.code: station.number for station in BUNDLE.stations}
MEASURED = {"box-1": ["rain", "wind_gust"], "box-2": ["surface_wetness"]}

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=20)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.integers(min_value=0, max_value=10**9)


@st.composite
def rules(draw: st.DrawFn, name: str) -> NoticeRule:
    below = draw(st.booleans())
    first, second = sorted(draw(st.tuples(NUMBER, NUMBER)), reverse=below)
    levels = draw(st.sampled_from([(Level.CAUTION,), (Level.WARNING,), (Level.CAUTION, Level.WARNING)]))
    device = draw(st.sampled_from(sorted(MEASURED)))
    variants = ("de", *draw(st.sets(st.sampled_from([v for v in VARIANTS if v != "de"]))))
    return NoticeRule(
        id=name,
        trail=BUNDLE.trail.slug,
        station=draw(st.sampled_from([None, *NUMBERS])),
        device=device,
        observed_property=draw(st.sampled_from(MEASURED[device])),
        below=below,
        thresholds=dict(zip(levels, (first, second), strict=False)),
        hysteresis=draw(st.floats(min_value=0, allow_infinity=False)),
        hold_s=draw(WHOLE),
        expires_s=draw(WHOLE),
        texts={
            variant: NoticeText(variant=variant, caution=draw(WORDS), warning=draw(WORDS), unknown=draw(WORDS))
            for variant in variants
        },
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.integers(0, 3).flatmap(lambda n: st.tuples(*(rules(f"rule-{i}") for i in range(n)))))
def test_rules_come_back_from_their_file_as_they_were(tmp_path: Path, made: tuple[NoticeRule, ...]) -> None:
    file = tmp_path / "notices.json"
    file.write_bytes(json_rows.encode(rows_of(made, NUMBERS)))
    read = json_rows.decode(file, list[NoticeRow])
    assert notice_rules(read, BUNDLE.trail, STATIONS, MEASURED) == made


def test_the_demonstrations_rules_are_written_as_they_stand_in_its_folder() -> None:
    folder = SOURCE / "notices.json"
    written = json.loads(json_rows.encode(rows_of(BUNDLE.notices, NUMBERS)))
    assert [rule["id"] for rule in written] == [rule["id"] for rule in json.loads(folder.read_bytes())]
    assert "station" not in next(rule for rule in written if rule["id"] == "sturmboeen"), "what is usual is left out"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hold_s": 2**31}, "2147483647"),
        ({"expires_s": 2**70}, "2147483647"),
        ({"texts": {"de": {"caution": "a\0b", "warning": "b", "unknown": "c"}}}, "invisible control characters"),
        ({"texts": {"de": {"caution": "a", "warning": "\x1b[31mb", "unknown": "c"}}}, "invisible control characters"),
        ({"texts": {"de": {"caution": "a", "warning": "b", "unknown": "\u202ec"}}}, "invisible control characters"),
    ],
)
def test_what_the_database_or_a_page_would_not_take_is_refused_before_it_is_tried(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    file = tmp_path / "notices.json"
    file.write_text(json.dumps([json.loads((SOURCE / "notices.json").read_bytes())[0] | change]), "utf-8")
    measured = {rule.device: [rule.observed_property] for rule in BUNDLE.notices}
    with pytest.raises(InvalidInput, match=said):
        notice_rules(json_rows.decode(file, list[NoticeRow]), BUNDLE.trail, STATIONS, measured)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]".encode("utf-16"), "expected text in UTF-8. Save it anew as UTF-8."),
        ("[]".encode("utf-16-le"), "expected text in UTF-8. Save it anew as UTF-8."),
        ("[]".encode("utf-32"), "expected text in UTF-8. Save it anew as UTF-8."),
        (b'[{"id": "a", "hold_s": 1, "hold_s": 2}]', "is 'hold_s', expected each name once in an object"),
        (b'[{"id": "a", "texts": {"de": {}, "de": {}}}]', "is 'de', expected each name once in an object"),
    ],
)
def test_a_file_that_can_be_read_in_two_ways_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "notices.json"
    file.write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        json_rows.decode(file, list[dict[str, Any]])
    assert said in str(refused.value)
