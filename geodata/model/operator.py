"""Who runs the trails of a municipality, line by line as the legal pages name them, and what they run it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """All plain text, empty where it is not set; ``address`` may have several lines.

    ``forest_office`` and ``forest_phone``: who is called about the forest itself, when 112 is too much.
    """

    name: str = ""
    address: str = ""
    represented_by: str = ""
    email: str = ""
    phone: str = ""
    data_protection_contact: str = ""
    supervisory_authority: str = ""
    accessibility_ombuds: str = ""
    accessibility_law: str = ""
    forest_office: str = ""
    forest_phone: str = ""


LINES: Mapping[str, str] = {
    "name": "Name",
    "address": "Anschrift",
    "represented_by": "Vertretung",
    "email": "E-Mail",
    "phone": "Telefon",
    "data_protection_contact": "Datenschutz-Kontakt",
    "supervisory_authority": "Aufsichtsbehörde",
    "accessibility_ombuds": "Ombudsstelle",
    "accessibility_law": "Recht der Barrierefreiheit",
    "forest_office": "Forstamt",
    "forest_phone": "Telefon des Forstamts",
}
"""The lines in order, with what German pages call them."""

_OF_THE_REGION = ("supervisory_authority", "accessibility_ombuds", "accessibility_law")  # one for all towns of a state
_FOREST = ("forest_office", "forest_phone")  # often one for all towns of a county; a name and a number of one office
_OPTIONAL = frozenset({"phone", "accessibility_law", *_FOREST})  # an e-mail address is enough for a quick answer


def of_record(lines: Mapping[str, object]) -> Operator:
    """What is stored as an Operator; a line of a later release is left out."""
    return Operator(**{name: str(lines[name]) for name in LINES if lines.get(name)})


def record(operator: Operator) -> dict[str, str]:
    """The lines that are set, by name."""
    return {field.name: text for field in fields(operator) if (text := getattr(operator, field.name))}


def effective(own: Operator, default: Operator) -> Operator:
    """What pages of a municipality show: its own lines, or those of the settings where it has none at all.

    One town's name never stands beside another's telephone. Only the authorities, which are the same for many towns,
    come from the settings line by line, and a town without a forest office of its own has that of the settings.
    """
    if own == Operator():
        return default
    of_region = {name: getattr(own, name) or getattr(default, name) for name in _OF_THE_REGION}
    office = own if own.forest_office or own.forest_phone else default
    return replace(own, **of_region, **{name: getattr(office, name) for name in _FOREST})


def option(line: str) -> str:
    """What `digitalpfad municipality set` calls a line, without the hyphens before it."""
    return "operator" if line == "name" else line.replace("_", "-")


def missing(operator: Operator) -> tuple[str, ...]:
    """The lines that the legal pages need and that are not set."""
    return tuple(name for name in LINES if name not in _OPTIONAL and not getattr(operator, name))


@dataclass(frozen=True, slots=True)
class DatabaseSize:
    """Bytes that the database took on a day (UTC)."""

    day: date
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceBroker:
    """The MQTT broker; ``is_own`` is one that the operator runs, whose users they keep: it learns of no device here."""

    host: str = "localhost"
    port: int = 1883
    tls: bool = False
    is_own: bool = False
