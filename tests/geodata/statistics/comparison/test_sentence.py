"""The sentence for the council, in German as it stands on pages."""

from __future__ import annotations

import pytest

from geodata.messages.message import message
from geodata.messages.translation import translated
from geodata.statistics.comparison.outcome import Comparison, Method, YearChange
from geodata.statistics.comparison.sentence import sentence


def comparison(percent: float, low: float, high: float) -> Comparison:
    return Comparison(before=2024, after=2025, change=YearChange(percent, low, high, Method.REGRESSION))


@pytest.mark.parametrize(
    ("change", "german"),
    [
        ((9.2, -2.4, 21.3), "+9 % (−2…+21): keine Änderung belegbar"),
        ((9.2, 1.2, 21.3), "+9 % (+1…+21): Zunahme belegt"),
        ((-12.0, -20.0, -3.6), "−12 % (−20…−4): Rückgang belegt"),
        ((9.2, 0.3, 21.3), "+9 % (+0,3…+21): Zunahme belegt"),
        ((0.0, -0.2, 0.04), "0 % (−0,2…0): keine Änderung belegbar"),
    ],
)
def test_the_sentence_says_the_change_its_interval_and_no_more_than_is_shown(
    change: tuple[float, float, float], german: str
) -> None:
    assert translated(sentence(comparison(*change)), "de") == german


def test_a_refusal_is_a_sentence_with_its_reason() -> None:
    refused = Comparison(
        before=2024,
        after=2025,
        change=None,
        reason=message("no day of {year} is counted well enough", year="2025"),
    )
    assert translated(sentence(refused), "de") == "Kein Vergleich: Kein Tag von 2025 ist gut genug gezählt."
