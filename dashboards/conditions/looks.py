"""How devices are, in the words and shapes of the staff pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboards import words
from dashboards.languages import marked, t
from geodata.conditions.device_condition import CommonSilence, Condition


@dataclass(frozen=True, slots=True)
class Look:
    """A condition on a page: ``sign`` as a character, ``word``, ``shape`` of style sheet and map, ``short`` there."""

    sign: str
    word: str
    shape: str
    short: str


LOOKS: dict[Condition, Look] = {
    Condition.NEVER: Look("▲", marked("nie gemeldet"), "silent", marked("schweigt")),
    Condition.SILENT: Look("▲", marked("schweigt"), "silent", marked("schweigt")),
    Condition.UNUSABLE: Look("▼", marked("sendet Unlesbares"), "unusable", marked("unlesbar")),
    Condition.FAILED: Look("■", marked("Sensor ausgefallen"), "failed", marked("Sensor")),
    Condition.DOUBTFUL: Look("▼", marked("Werte zweifelhaft"), "unusable", marked("zweifelhaft")),
    Condition.BATTERY: Look("◆", marked("Akku schwach"), "battery", marked("Akku")),
    Condition.MAINTENANCE: Look("◇", marked("in Wartung"), "waiting", marked("Wartung")),
    Condition.WAITING: Look("◇", marked("wartet auf ersten Wert"), "waiting", marked("wartet")),
    Condition.RUNNING: Look("●", marked("läuft"), "running", marked("läuft")),
}

_COUNTED: dict[tuple[Condition, ...], Callable[[int], str]] = {
    (Condition.SILENT, Condition.NEVER): lambda n: t.plural(
        "%(number)s Gerät schweigt", "%(number)s Geräte schweigen", n
    ),
    (Condition.UNUSABLE,): lambda n: t.plural(
        "%(number)s Gerät sendet Unlesbares", "%(number)s Geräte senden Unlesbares", n
    ),
    (Condition.FAILED,): lambda n: t.plural("%(number)s Sensor ausgefallen", "%(number)s Sensoren ausgefallen", n),
    (Condition.DOUBTFUL,): lambda n: t.plural(
        "%(number)s Gerät mit zweifelhaften Werten", "%(number)s Geräte mit zweifelhaften Werten", n
    ),
    (Condition.BATTERY,): lambda n: t.plural("%(number)s Akku schwach", "%(number)s Akkus schwach", n),
}


def summary(conditions: Sequence[Condition]) -> str:
    """``1 Gerät schweigt, 1 Akku schwach``; what needs nobody only where nothing else is to be said."""
    counts = [(say, sum(condition in kinds for condition in conditions)) for kinds, say in _COUNTED.items()]
    if parts := [say(count) for say, count in counts if count]:
        return ", ".join(parts)
    if waiting := conditions.count(Condition.WAITING):
        return t.plural(
            "%(number)s Gerät wartet auf den ersten Wert", "%(number)s Geräte warten auf den ersten Wert", waiting
        )
    if at_work := conditions.count(Condition.MAINTENANCE):
        return t.plural(
            "%(number)s Gerät ist in Wartung, alle anderen laufen",
            "%(number)s Geräte sind in Wartung, alle anderen laufen",
            at_work,
        )
    return t("alle Geräte laufen")


_NEXT_ACTION: dict[Condition, str] = {
    Condition.NEVER: marked("%(name)s: hat sich noch nie gemeldet. Ist das Gerät eingeschaltet und angemeldet?"),
    Condition.SILENT: marked("%(name)s: %(seen)s. Strom und Empfang prüfen."),
    Condition.UNUSABLE: marked(
        "%(name)s: meldet sich, aber nichts davon ist verwendbar. Die Gründe gehören an den Hersteller; eine Fahrt"
        " hilft nicht."
    ),
    Condition.FAILED: marked("%(name)s: ein Sensor liefert keinen Wert. Kabel und Sensor prüfen."),
    Condition.DOUBTFUL: marked(
        "%(name)s: alle Messwerte liegen außerhalb des Möglichen. Sensor, Kabel und Einbau prüfen."
    ),
    Condition.BATTERY: marked("%(name)s: Akku noch %(battery)s. Akku tauschen."),
    Condition.MAINTENANCE: marked("%(name)s: in Wartung."),
    Condition.WAITING: marked("%(name)s: neu angemeldet, noch kein Messwert."),
    Condition.RUNNING: marked("%(name)s: läuft."),
}


def next_action(condition: Condition, name: str, *, seen: str, battery: str) -> str:
    """What to do about a device, in one sentence; ``seen`` says when it was heard, ``battery`` how full it is."""
    return t(_NEXT_ACTION[condition], name=name, seen=seen, battery=battery)


@dataclass(frozen=True, slots=True)
class Common:
    """All devices are silent: what that means, and where to look, in this order."""

    heading: str
    lead: str
    steps: Sequence[str]


_EVERYWHERE = (
    marked("Server und Dienste: Läuft der Empfangsdienst (Gateway)? Die Prüfung auf dem Server nennt, was fehlt."),
    marked("Broker: Läuft er, und hat er noch Platz? Auch das sagt die Prüfung auf dem Server."),
    marked("Netz: Ist der Server von außen erreichbar? Wurden Firewall, Adresse oder Zertifikat geändert?"),
    marked("Strom und Funk im Wald: Ist eine gemeinsame Stromversorgung oder der Mobilfunk ausgefallen?"),
)
_HERE = (
    marked("Strom am Pfad: Ist eine gemeinsame Stromversorgung ausgefallen?"),
    marked("Funk am Pfad: Ist der Router, das Funknetz oder der Mobilfunk dort ausgefallen?"),
    marked("Empfangsdienst: Gibt es für diesen Pfad einen eigenen? Läuft er?"),
)


def common(silence: CommonSilence, now: datetime, zone: tzinfo) -> Common:
    """The words for a silence of all."""
    since = words.since(silence.since, now, zone)
    heading = t("Alle %(count)s Geräte schweigen %(since)s", count=silence.devices, since=since)
    if silence.everywhere:
        lead = t(
            "Wahrscheinlich gibt es eine gemeinsame Ursache; eine Runde zu den Geräten hilft dann nicht."
            " Der Reihe nach prüfen:"
        )
        return Common(heading, lead, [t(step) for step in _EVERYWHERE])
    lead = t("Geräte an anderen Pfaden melden sich: Die Ursache liegt an diesem Pfad. Der Reihe nach prüfen:")
    return Common(heading, lead, [t(step) for step in _HERE])
