"""People with a login."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do; each includes none of the others, the role matrix says what."""

    VIEWER = "viewer"
    EDITOR = "editor"
    RANGER = "ranger"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person with a login. ``one_time`` says that the password was generated and has not been used yet."""

    id: int
    name: str
    role: Role
    one_time: bool = False
