"""Which checks fail by the body of /readyz, in the forms of the gateway (by name) and of the web app (a list)."""

from __future__ import annotations

import msgspec


class _Check(msgspec.Struct):
    ok: bool
    detail: str = ""
    name: str = ""


class _Body(msgspec.Struct):
    checks: dict[str, _Check] | list[_Check]


def failing(body: bytes) -> dict[str, str]:
    """Their names and what they say, in the order of the body; empty where it tells of none."""
    try:
        checks = msgspec.json.decode(body, type=_Body).checks
    except (ValueError, RecursionError):
        return {}
    named = checks.items() if isinstance(checks, dict) else [(check.name, check) for check in checks]
    return {name: check.detail for name, check in named if not check.ok}
