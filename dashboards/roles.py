"""Who may do what on the staff pages, as data. A route without an entry is open to nobody.

Keys are method and path below ``/staff``, as the routes are declared.
"""

from __future__ import annotations

from geodata.model.staff import Role

ANYONE: frozenset[Role | None] = frozenset({None, *Role})
"""Also without a login; ``None`` stands for somebody who is not signed in."""
SIGNED_IN: frozenset[Role | None] = frozenset(Role)
CARE: frozenset[Role | None] = frozenset({Role.RANGER, Role.EDITOR, Role.ADMIN})
"""Who looks after the trail and its pages."""
PAGES: frozenset[Role | None] = frozenset({Role.EDITOR, Role.ADMIN})
ADMIN: frozenset[Role | None] = frozenset({Role.ADMIN})

ACCESS: dict[str, frozenset[Role | None]] = {
    "GET /static": ANYONE,
    "GET /login": ANYONE,
    "POST /login": ANYONE,
    "POST /logout": ANYONE,
    "GET /": SIGNED_IN,
    "GET /live": SIGNED_IN,
    "GET /devices": SIGNED_IN,
    "GET /devices/{device}": SIGNED_IN,
    "GET /signs": SIGNED_IN,
    "POST /signs/{case}": CARE,
    "GET /figures": SIGNED_IN,
    "GET /figures/weeks.csv": SIGNED_IN,
    "POST /figures/annotations": CARE,
    "POST /figures/annotations/{annotation}/publish": CARE,
    "POST /figures/annotations/{annotation}/withdraw": CARE,
    "POST /figures/annotations/{annotation}/remove": CARE,
    "GET /counting": SIGNED_IN,
    "GET /counting/{device}": CARE,
    "POST /counting/{device}": CARE,
    "POST /counting/{device}/{session}/delete": CARE,
    "GET /quarantine": SIGNED_IN,
    "GET /reports": SIGNED_IN,
    "GET /reports/{report}": SIGNED_IN,
    "GET /reports/{report}/picture": SIGNED_IN,
    "POST /reports/{report}": CARE,
    "POST /reports/{report}/delete-picture": PAGES,
    "POST /reports/{report}/delete": PAGES,
    "GET /audit": ADMIN,
    "GET /account": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "POST /account/sign-out-everywhere": SIGNED_IN,
    "GET /{address:path}": ANYONE,
}

BEFORE_PASSWORD_CHANGE = frozenset({"GET /account", "POST /account/password", "POST /account/sign-out-everywhere"})
"""All that is open to somebody whose password is still the generated one, beside what is open to anyone."""


def is_allowed(route: str, role: Role | None) -> bool:
    """Whether ``role`` (None: not signed in) may use ``route``."""
    return role in ACCESS.get(route, frozenset())
