"""What a service says of itself by the body of /readyz: the gateway its checks by name, the web app as a list."""

from __future__ import annotations

import msgspec


class _Check(msgspec.Struct):
    ok: bool
    detail: str = ""
    name: str = ""


class _Body(msgspec.Struct):
    dead: list[str] = []
    checks: dict[str, _Check] | list[_Check] = {}


class Told(msgspec.Struct):
    """``dead`` are the parts that only a new start of the process brings back, ``failing`` the checks with their words.

    Both are in the order of the body, and empty where it tells of none, or is another program's.
    """

    dead: list[str] = []
    failing: dict[str, str] = {}


def read(body: bytes) -> Told:
    """What ``body`` tells."""
    try:
        answer = msgspec.json.decode(body, type=_Body)
    except (ValueError, RecursionError):
        return Told()
    checks = answer.checks
    named = checks.items() if isinstance(checks, dict) else [(check.name, check) for check in checks]
    return Told(answer.dead, {name: check.detail for name, check in named if not check.ok})
