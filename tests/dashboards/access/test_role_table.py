"""The table of docs/operations.md that says what each role may do."""

from __future__ import annotations

import re
from pathlib import Path

from dashboards.access.roles import ACCESS, ANYONE, is_allowed
from geodata.model.staff import Role

PAGE = Path(__file__).parents[3] / "docs/operations.md"


def test_the_handbook_says_of_every_page_and_action_what_each_role_may_do() -> None:
    (head, body) = re.findall(
        r"^\| staff pages \| (.+) \|\n\|[- |]+\n((?:\|.*\n)+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )[0]
    roles = [Role(name) for name in head.split(" | ")]
    assert set(roles) == set(Role)
    said: dict[str, list[bool]] = {}
    for row in body.splitlines():
        what, *cells = row.strip("| ").split(" | ")
        assert set(cells) <= {"yes", "–"}, row
        said |= {route: [cell == "yes" for cell in cells] for route in re.findall(r"`([A-Z]+ /[^`]*)`", what)}
    assert said == {
        route: [is_allowed(route, {role}) for role in roles] for route, who in ACCESS.items() if who != ANYONE
    }
