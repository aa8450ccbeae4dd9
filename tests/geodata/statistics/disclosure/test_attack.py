"""Nobody works out a small figure: linear programming against all that is public of random towns."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.geodata.statistics.disclosure.mutants import MUTATIONS, Mutation
from tests.geodata.statistics.disclosure.worlds import Town, random_town

WORLDS = int(os.environ.get("DISCLOSURE_WORLDS", "0"))
"""How many to attack, also those of many months; else the short ones of the first."""
FIRST = 200
PARTS = 6


def towns(part: int) -> Iterator[tuple[int, Town]]:
    """Every sixth town."""
    for seed in range(part, WORLDS or FIRST, PARTS):
        town = random_town(seed)
        if WORLDS or len(town.paths[0].days) < 90:
            yield seed, town.close()


@pytest.mark.timeout(60 + WORLDS)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_withheld_figure_is_known_to_within_less_than_k_and_no_small_one_is_shown(part: int) -> None:
    found = {seed: town.small_and_shown() + town.opened() for seed, town in towns(part)}
    assert {seed: keys for seed, keys in found.items() if keys} == {}
    assert WORLDS or len(found) >= 150 // PARTS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_without_any_part_of_the_rules_the_attacker_profits(
    mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = MUTATIONS[mutation]
    assert random_town(seed).close().opened() == []
    mutation(monkeypatch)
    town = random_town(seed).close()
    assert town.small_and_shown() or town.opened()
