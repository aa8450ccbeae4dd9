"""The checks of the server in the words of people who did not build it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.languages import marked, t
from dashboards.operator_tools import ServerCheck


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What is checked, and what it means for the trail when it is not well."""

    name: str
    meaning: str


CHECKS: Mapping[str, CheckWords] = {
    "database": CheckWords(
        marked("Datenbank"), marked("Ohne Datenbank gibt es keine Seiten und keine neuen Messwerte.")
    ),
    "migrations": CheckWords(
        marked("Stand der Datenbank"), marked("Die Datenbank passt nicht zur Version des Programms.")
    ),
    "TimescaleDB": CheckWords(
        marked("Zeitreihen"), marked("Alte Messwerte werden nicht verdichtet; die Datenbank wächst schneller.")
    ),
    "server clock": CheckWords(marked("Uhr der Datenbank"), marked("Zeiten von Messwerten können falsch sein.")),
    "legal pages": CheckWords(marked("Rechtliche Seiten"), marked("Impressum oder Datenschutz sind unvollständig.")),
    "devices": CheckWords(marked("Messgeräte"), marked("Viele Geräte schweigen auf einmal.")),
    "facts of trails": CheckWords(
        marked("Angaben zu den Pfaden"), marked("Angaben auf den Seiten der Wandernden fehlen oder sind alt.")
    ),
    "figures": CheckWords(
        marked("Abschluss der Zahlen"), marked("Zahlen für die Öffentlichkeit werden nicht mehr abgeschlossen.")
    ),
    "passes": CheckWords(marked("Durchgänge"), marked("Was die Zähler meldeten, wird nicht mehr zu Zahlen.")),
    "counters": CheckWords(marked("Zähler"), marked("Ein Zähler meldet, und niemand hat gesagt, wo er hängt.")),
    "names": CheckWords(marked("Namen der Zugänge"), marked("Ein Gerät heißt wie der Zugang eines Dienstes.")),
    "reports": CheckWords(marked("Meldungen"), marked("Meldungen von Wandernden warten seit langem auf eine Antwort.")),
    "broker": CheckWords(
        marked("Empfang der Geräte (Broker)"), marked("Geräte können ihre Messwerte nicht abgeben; sie heben sie auf.")
    ),
    "device logins": CheckWords(
        marked("Zugänge der Geräte"), marked("Ein gesperrtes Gerät könnte noch senden, ein neues noch nicht.")
    ),
    "client ids": CheckWords(marked("Kennungen am Broker"), marked("Ein Fremder könnte den Empfang stören.")),
    "sessions": CheckWords(
        marked("Speicher des Brokers"), marked("Der Broker sammelt Nachrichten, die niemand liest.")
    ),
    "disk": CheckWords(marked("Platz auf der Platte"), marked("Ist die Platte voll, bleibt alles stehen.")),
    "logs": CheckWords(marked("Protokolldateien"), marked("Protokolle werden sehr groß.")),
    "clock": CheckWords(marked("Uhr des Servers"), marked("Mit falscher Uhr werden Messwerte falsch einsortiert.")),
    "data": CheckWords(marked("Schutz der Dateien"), marked("Andere Konten des Servers könnten Geheimnisse lesen.")),
    "maintenance": CheckWords(
        marked("Wartung"), marked("Die Seiten der Wandernden sind geschlossen, und niemand hat sie wieder geöffnet.")
    ),
    "port": CheckWords(marked("Adresse der Seiten"), marked("Die Seiten sind unter ihrer Adresse nicht zu erreichen.")),
    "certificate of the web app": CheckWords(
        marked("Zertifikat"), marked("Handys warnen vor der Seite, wenn das Zertifikat abgelaufen ist.")
    ),
    "certificate of the broker": CheckWords(
        marked("Zertifikat des Brokers"), marked("Geräte nehmen keine Verbindung mehr auf, wenn es abgelaufen ist.")
    ),
    "base map": CheckWords(marked("Karte"), marked("Unter den Pfaden ist auf der Karte nichts zu sehen.")),
}
"""By the name that the command line gives a check. What a service says of itself begins with the service's name."""

_ROLE = CheckWords(
    marked("Rechte in der Datenbank"), marked("Ein Dienst darf in der Datenbank mehr oder weniger, als er soll.")
)
_SERVICE = CheckWords(marked("Dienst"), marked("Ein Dienst sagt selbst, dass etwas nicht stimmt."))


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check with its words; ``found`` and ``hint`` are the English of the command line."""

    name: str
    meaning: str
    ok: bool
    found: str
    hint: str


def row(check: ServerCheck) -> CheckRow:
    """The check in the language of the page; one of a role or a service says of which."""
    words = CHECKS.get(check.check)
    if words is not None:
        return CheckRow(t(words.name), t(words.meaning), check.ok, check.found, check.hint)
    words = _ROLE if check.check.startswith("role ") else _SERVICE
    which = check.check.removeprefix("role ")
    return CheckRow(f"{t(words.name)} ({which})", t(words.meaning), check.ok, check.found, check.hint)
