"""How devices are, in the words and shapes of the staff pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboards import words
from geodata.conditions.device_condition import CommonSilence, Condition


@dataclass(frozen=True, slots=True)
class Look:
    """A condition on a page: ``sign`` as a character, ``word``, ``shape`` of style sheet and map, ``short`` there."""

    sign: str
    word: str
    shape: str
    short: str


LOOKS: dict[Condition, Look] = {
    Condition.NEVER: Look("▲", "nie gemeldet", "silent", "schweigt"),
    Condition.SILENT: Look("▲", "schweigt", "silent", "schweigt"),
    Condition.UNUSABLE: Look("▼", "sendet Unlesbares", "unusable", "unlesbar"),
    Condition.FAILED: Look("■", "Sensor ausgefallen", "failed", "Sensor"),
    Condition.DOUBTFUL: Look("▼", "Werte zweifelhaft", "unusable", "zweifelhaft"),
    Condition.BATTERY: Look("◆", "Akku schwach", "battery", "Akku"),
    Condition.WAITING: Look("◇", "wartet auf ersten Wert", "waiting", "wartet"),
    Condition.RUNNING: Look("●", "läuft", "running", "läuft"),
}

_COUNTED = (
    ((Condition.SILENT, Condition.NEVER), "Gerät schweigt", "Geräte schweigen"),
    ((Condition.UNUSABLE,), "Gerät sendet Unlesbares", "Geräte senden Unlesbares"),
    ((Condition.FAILED,), "Sensor ausgefallen", "Sensor ausgefallen"),
    ((Condition.DOUBTFUL,), "Gerät mit zweifelhaften Werten", "Geräte mit zweifelhaften Werten"),
    ((Condition.BATTERY,), "Akku schwach", "Akkus schwach"),
)


def summary(conditions: Sequence[Condition]) -> str:
    """``1 Gerät schweigt, 1 Akku schwach``; what needs nobody only where nothing else is to be said."""
    parts: list[str] = []
    for kinds, singular, plural in _COUNTED:
        count = sum(condition in kinds for condition in conditions)
        if count:
            parts.append(words.count(count, singular, plural))
    if parts:
        return ", ".join(parts)
    waiting = conditions.count(Condition.WAITING)
    if not waiting:
        return "alle Geräte laufen"
    return words.count(waiting, "Gerät wartet auf den ersten Wert", "Geräte warten auf den ersten Wert")


_NEXT_ACTION: dict[Condition, str] = {
    Condition.NEVER: "hat sich noch nie gemeldet. Ist das Gerät eingeschaltet und angemeldet?",
    Condition.SILENT: "{seen}. Strom und Empfang prüfen.",
    Condition.UNUSABLE: "meldet sich, aber nichts davon ist verwendbar. Die Gründe gehören"
    " an den Hersteller; eine Fahrt hilft nicht.",
    Condition.FAILED: "ein Sensor liefert keinen Wert. Kabel und Sensor prüfen.",
    Condition.DOUBTFUL: "alle Messwerte liegen außerhalb des Möglichen. Sensor, Kabel und Einbau prüfen.",
    Condition.BATTERY: "Akku noch {battery}. Akku tauschen.",
    Condition.WAITING: "neu angemeldet, noch kein Messwert.",
    Condition.RUNNING: "läuft.",
}


def next_action(condition: Condition, name: str, *, seen: str, battery: str) -> str:
    """What to do about a device, in one sentence; ``seen`` says when it was heard, ``battery`` how full it is."""
    return f"{name}: {_NEXT_ACTION[condition].format(seen=seen, battery=battery)}"


@dataclass(frozen=True, slots=True)
class Common:
    """All devices are silent: what that means, and where to look, in this order."""

    heading: str
    lead: str
    steps: Sequence[str]


_EVERYWHERE = (
    "Server und Dienste: Läuft der Empfangsdienst (Gateway)? Die Prüfung auf dem Server nennt, was fehlt.",
    "Broker: Läuft er, und hat er noch Platz? Auch das sagt die Prüfung auf dem Server.",
    "Netz: Ist der Server von außen erreichbar? Wurden Firewall, Adresse oder Zertifikat geändert?",
    "Strom und Funk im Wald: Ist eine gemeinsame Stromversorgung oder der Mobilfunk ausgefallen?",
)
_HERE = (
    "Strom am Pfad: Ist eine gemeinsame Stromversorgung ausgefallen?",
    "Funk am Pfad: Ist der Router, das Funknetz oder der Mobilfunk dort ausgefallen?",
    "Empfangsdienst: Gibt es für diesen Pfad einen eigenen? Läuft er?",
)


def common(silence: CommonSilence, now: datetime, zone: tzinfo) -> Common:
    """The words for a silence of all."""
    since = words.since(silence.since, now, zone)
    heading = f"Alle {silence.devices} Geräte schweigen {since}"
    if silence.everywhere:
        lead = "Wahrscheinlich gibt es eine gemeinsame Ursache; eine Runde zu den Geräten hilft dann nicht."
        return Common(heading, lead, _EVERYWHERE)
    return Common(heading, "Geräte an anderen Pfaden melden sich: Die Ursache liegt an diesem Pfad.", _HERE)
