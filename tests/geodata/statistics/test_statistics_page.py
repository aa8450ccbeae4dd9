"""docs/de/statistik.md says what the program does: its limits are those of the code, its methods have their sources."""

from __future__ import annotations

import re
from datetime import timedelta
from types import ModuleType

import psycopg
import pytest

from geodata.figures.by_hand import count_judgement
from geodata.statistics.calibration import factor, flow, intervals
from geodata.statistics.comparison import (
    comparison,
    coverage,
    day,
    matched_days,
    negative_binomial,
    weekly_jackknife,
    yearly_model,
)
from geodata.statistics.counting import days, steps, traits, witnesses
from geodata.statistics.disclosure import rows
from geodata.statistics.disclosure.figure import K
from geodata.statistics.signs import watch
from tests.checkout import ROOT

PAGE = " ".join((ROOT / "docs/de/statistik.md").read_text(encoding="utf-8").split())
SOURCES = PAGE.partition("## Quellen")[2]


def private(module: ModuleType, name: str) -> float:
    """A limit that nobody but its module needs."""
    return vars(module)[name]


def german(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def percent(share: float) -> str:
    return german(100 * share)


SAID = [
    (
        f"Bis zu {german(private(traits, '_STEPS'))} Sendeabstände (mindestens"
        f" {german(private(traits, '_LEAST_BRIDGED_US') / 1e6)} Sekunden)"
    ),
    *(f"({bits} Bit)" for bits in vars(steps)["_WIDTHS"]),
    f"mindestens {days.COVERED_S // 60} Minuten von ihr bekannt",
    f"mindestens {days.VALID_HOURS} Stunden und alle",
    f"Tagesstunden von {days.DAYLIGHT.start} bis {days.DAYLIGHT.stop} Uhr",
    f"um mehr als {german(private(witnesses, '_TOLERATED'))} voneinander ab",
    f"höchstens {count_judgement.LONGEST // timedelta(hours=1)} Stunden; eine halbe Stunde ist gut",
    (
        f"Bei weniger als {factor.ENOUGH_SESSIONS} Zählungen, oder weniger als"
        f" {german(private(factor, '_ENOUGH_PEOPLE'))} Menschen"
    ),
    (
        f"ab {factor.ENOUGH_SESSIONS} Zählungen, wenn das obere Ende der Spanne höchstens das"
        f" {german(private(factor, '_GOOD'))}-Fache"
    ),
    f"mindestens {german(private(flow, '_ENOUGH_SLICES'))} Viertelstunden",
    f"mit {percent(1 - 2 * private(intervals, '_TAIL'))} % Sicherheit",
    f"mit mehr als {german(day.WET_MM)} mm",
    f"mindestens {percent(coverage.LEAST_COVERAGE)} % der Tage gelten",
    f"Unter {coverage.LEAST_WEEKS} gemeinsamen Wochen",
    f"Ab {comparison.LEAST_WEEKS_OF_MODEL} gemeinsamen Wochen",
    f"mindestens {matched_days.LEAST_MATCHED} solche Tage",
    f"an mindestens {percent(yearly_model.LEAST_KNOWN)} % der Tage jedes Jahres bekannt",
    f"Zahlen von 1 bis {K - 1} werden nicht genannt",
    f"die zusammen mindestens {K} ergeben",
    f"enger als auf {K} eingrenzen",
    f"aus mindestens {german(private(watch, '_LEARNT_SCANS'))} Aufrufen bekannt",
]
"""Sentences with the limits as the code has them."""


@pytest.mark.parametrize("said", SAID)
def test_a_limit_on_the_page_is_that_of_the_code(said: str) -> None:
    assert said in PAGE


def test_a_quarter_of_an_hour_and_of_the_range_are_called_so() -> None:
    assert timedelta(minutes=15) == flow.SLICE
    assert (private(steps, "_KNOWN_SHARE"), private(steps, "_GUESSED_SHARE")) == (4, 10)
    assert "höchstens ein Viertel des Bereichs lang ist, oder ein Zehntel" in PAGE
    assert private(count_judgement, "_REPORTS") == 2
    assert "mindestens zwei Sendeabstände" in PAGE


def test_when_a_day_closes_and_what_a_town_may_set_are_those_of_the_database(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        checks = " ".join(
            row[0]
            for row in connection.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'municipality'::regclass"
            )
        )
        usual = dict(
            connection.execute(
                "SELECT column_name, column_default FROM information_schema.columns WHERE table_name = 'municipality'"
            ).fetchall()
        )
    least, most = _range(checks, "smallest_count")
    assert (least, usual["smallest_count"]) == (K, str(K))
    assert f"höher setzen (bis {most}), nie tiefer" in PAGE
    first, last = _range(checks, "close_after_days")
    assert f"{usual['close_after_days']} weiterer Tag vergangen ist (einstellbar von {first} bis {last})" in PAGE


def _range(checks: str, column: str) -> tuple[int, int]:
    found = re.search(rf"\({column} >= (\d+)\) AND \({column} <= (\d+)\)", checks)
    assert found, checks
    return int(found[1]), int(found[2])


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (intervals, ["Cochran", "Wu", "Przyborowski", "Wilenski", "Clopper", "Pearson"]),
        (negative_binomial, ["Lawless"]),
        (weekly_jackknife, ["MacKinnon", "Nielsen", "Webb"]),
        (rows, ["Fréchet"]),
        (watch, ["Page"]),
    ],
)
def test_a_method_has_the_source_that_its_code_names(module: ModuleType, names: list[str]) -> None:
    code = (ROOT / f"{module.__name__.replace('.', '/')}.py").read_text(encoding="utf-8")
    for name in names:
        assert name in code, name
        assert name in SOURCES, name


def test_every_source_is_referred_to() -> None:
    numbered = re.findall(r" (\d+)\. [A-ZÖ]", SOURCES)
    assert set(re.findall(r"\[Quelle (\d+)\]\(#quellen\)", PAGE)) == set(numbered)
