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


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one municipality (its slug); None: in all of them, and for the installation itself."""

    role: Role
    municipality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person with a login. ``one_time`` says that the password was generated and has not been used yet."""

    id: int
    name: str
    grants: tuple[Grant, ...]
    one_time: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """Every role that the person has somewhere."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def roles_for_installation(self) -> frozenset[Role]:
        """The roles that hold for what belongs to no single municipality."""
        return frozenset(grant.role for grant in self.grants if grant.municipality is None)

    def roles_in(self, municipality: str) -> frozenset[Role]:
        """The roles that hold for what belongs to ``municipality``; empty: for this person it does not exist."""
        return frozenset(grant.role for grant in self.grants if grant.municipality in {None, municipality})
