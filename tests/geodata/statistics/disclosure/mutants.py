"""The rules of suppression, each with a part of it left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from geodata.statistics.disclosure import day, figure, hours, month, rows
from geodata.statistics.disclosure.figure import WITHHELD, Counts, Mask, Rule, total
from geodata.statistics.disclosure.pool import Pool

Mutation = Callable[[pytest.MonkeyPatch], None]


def small_counts_are_shown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rule, "is_small", lambda rule, counts: np.zeros(np.shape(counts), dtype=bool))


def a_lone_withheld_day_hides_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Pool, "is_open", lambda pool, rule: 0 < pool.total < rule.k)


def withheld_days_may_count_little_together(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Pool, "is_open", lambda pool, rule: pool.cells == 1)


def hours_hide_nothing_but_themselves(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hours, "fewest", lambda counts, rule: rule.is_small(counts))


def only_small_stations_are_withheld(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(day, "withheld_stations", lambda stations, so_far, rule, spent: rule.is_small(stations))


def stations_hide_each_other_by_day_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(day, "withheld_stations", lambda stations, so_far, rule, spent: figure.fewest(stations, rule))
    patch.setattr(month, "shown_rows", lambda table, rule: np.ones(len(table.sums), dtype=bool))


def only_small_hours_of_stations_are_withheld(patch: pytest.MonkeyPatch) -> None:
    def by_margins(counts: Counts, withheld: Mask, rule: Rule) -> hours.Hours:
        trail = total(counts, axis=0)
        hidden = rule.is_small(counts) | (withheld[:, None] & (counts > 0))
        return hours.Hours(np.where(figure.fewest(trail, rule), WITHHELD, trail), np.where(hidden, WITHHELD, counts))

    patch.setattr(hours, "_as_table", by_margins)


def gaps_in_a_day_do_not_matter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hours, "is_regular", lambda counts: True)


def a_month_shows_all_stations(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(month, "shown_rows", lambda table, rule: np.ones(len(table.sums), dtype=bool))


def a_row_may_count_little(patch: pytest.MonkeyPatch) -> None:
    sound = rows.is_sound
    patch.setattr(rows, "is_sound", lambda table, chosen, rule: sound(table, chosen, replace(rule, k=1)))


def a_row_alone_hides_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rows, "_hide_each_other", lambda table, chosen, rule: True)


def gaps_in_a_month_do_not_matter(patch: pytest.MonkeyPatch) -> None:
    sound = rows.is_sound

    def without_gaps(table: rows.Table, chosen: Counts, rule: Rule) -> bool:
        cells = np.outer(table.cells.any(axis=1), table.cells.any(axis=0))
        return sound(replace(table, cells=cells), chosen, rule)

    patch.setattr(rows, "is_sound", without_gaps)


def one_day_is_a_table(patch: pytest.MonkeyPatch) -> None:
    sound = rows.is_sound
    patch.setattr(
        rows,
        "is_sound",
        lambda table, chosen, rule: sound(
            replace(table, days=np.ones((len(table.cells), 2), dtype=bool)), chosen, rule
        ),
    )


def a_year_shows_its_lone_withheld_month(patch: pytest.MonkeyPatch) -> None:
    year = month.close_year
    patch.setattr(month, "close_year", lambda trail, months, *others: year(trail, Pool(), *others))


MUTATIONS: dict[Mutation, int] = {
    small_counts_are_shown: 5,
    a_lone_withheld_day_hides_itself: 45,
    withheld_days_may_count_little_together: 3,
    hours_hide_nothing_but_themselves: 6,
    only_small_stations_are_withheld: 5,
    stations_hide_each_other_by_day_only: 1,
    only_small_hours_of_stations_are_withheld: 6,
    gaps_in_a_day_do_not_matter: 6,
    a_month_shows_all_stations: 1,
    a_row_may_count_little: 4,
    a_row_alone_hides_itself: 1,
    gaps_in_a_month_do_not_matter: 67,
    one_day_is_a_table: 33,
    a_year_shows_its_lone_withheld_month: 7,
}
"""With a world each, by its seed, in which the attacker profits."""
