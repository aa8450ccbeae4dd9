"""People with a login, in words: what each may do, and how it stands with the login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from api.catalogue.snapshot import Snapshot
from dashboards.access import managing
from dashboards.languages import marked, t
from dashboards.words import moment
from geodata.model.staff import Grant, Role, Staff
from geodata.store.access.staff import StaffEntry
from geodata.store.access.staff_token import LIFETIMES, TokenPurpose

ROLES: Mapping[Role, tuple[str, str]] = {
    Role.VIEWER: (marked("Ansehen"), marked("sieht alles und ändert nichts")),
    Role.RANGER: (marked("Pflege vor Ort"), marked("kümmert sich um Schilder, Geräte und Meldungen")),
    Role.EDITOR: (marked("Redaktion"), marked("schreibt Texte, beantwortet und löscht Meldungen")),
    Role.ADMIN: (marked("Verwaltung"), marked("darf alles und lädt andere ein")),
}
"""What each role is called, and what it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A role in a municipality (its slug, empty: in all); ``place`` is its name."""

    town: str
    place: str
    role: Role | None
    may_change: bool

    @property
    def words(self) -> str:
        """``Redaktion``."""
        return role_words(self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as somebody may see them; ``elsewhere``: they also work where that somebody does not."""

    entry: StaffEntry
    grants: tuple[GrantRow, ...]
    elsewhere: bool
    state: str
    used: str
    may_manage: bool
    is_self: bool

    @property
    def second_factor(self) -> bool:
        """Whether a password alone opens nothing."""
        return self.entry.has_totp or self.entry.has_passkey


def role_words(role: Role | None) -> str:
    """What a role is called."""
    return t(ROLES[role][0]) if role else t("keine Aufgabe")


def place_words(snapshot: Snapshot, town: str | None) -> str:
    """The municipality's name."""
    if not town:
        return t("Alle Orte")
    known = snapshot.catalogue.municipalities.get(town)
    return known.name if known else town


def person_row(entry: StaffEntry, asking: Staff, snapshot: Snapshot, clock: tuple[datetime, tzinfo]) -> PersonRow:
    """``entry`` as ``asking`` may see it; ``clock`` is now and the zone in which times are said."""
    seen = [grant for grant in entry.grants if grant.municipality is None or asking.roles_in(grant.municipality)]
    return PersonRow(
        entry=entry,
        grants=tuple(grant_row(grant, asking, snapshot) for grant in seen),
        elsewhere=len(seen) < len(entry.grants),
        state=state_words(entry, clock[0]),
        used=moment(entry.last_used_at, *clock) if entry.last_used_at else t("noch nie"),
        may_manage=managing.manages_wholly(asking, entry.grants),
        is_self=entry.id == asking.id,
    )


def grant_row(grant: Grant, asking: Staff, snapshot: Snapshot) -> GrantRow:
    """A role with the name of its place."""
    return GrantRow(
        town=grant.municipality or "",
        place=place_words(snapshot, grant.municipality),
        role=grant.role,
        may_change=managing.manages(asking, grant.municipality),
    )


def state_words(entry: StaffEntry, now: datetime) -> str:
    """How it stands with a login."""
    if entry.disabled_at is not None:
        return t("abgeschaltet")
    if entry.is_expired:
        return t("Einmal-Passwort abgelaufen")
    if entry.one_time:
        return t("Einmal-Passwort noch nicht benutzt")
    if entry.has_password or entry.has_passkey:
        return t("aktiv")
    if entry.invited_at is not None and now - entry.invited_at < LIFETIMES[TokenPurpose.INVITATION]:
        return t("eingeladen")
    return t("Einladung abgelaufen")
