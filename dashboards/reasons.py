"""Why something is in quarantine, in the words of staff, and what they do about it.

The codes are those of ``gateway.decoding.reasons`` and the store's ``conflict``; a test holds both lists together. What
the makers of a device read is the English sentence kept with the message.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A ``heading`` of a few words, and ``what_to_do``."""

    heading: str
    what_to_do: str


_FORWARD = "Geben Sie den englischen Satz und „Was gesendet wurde“ an den Hersteller des Geräts weiter."
_FORMAT = f"Das Programm des Geräts schreibt etwas anders als vereinbart. {_FORWARD}"
_CLOCK = "Lassen Sie die Uhr des Geräts stellen, auch die Zeitzone."
_MAINTAINERS = (
    "Das liegt nicht am Gerät. Geben Sie es an die Entwickler von Digitalpfad weiter; die Nachricht bleibt hier."
)

REASONS: dict[str, ReasonWords] = {
    "topic": ReasonWords(
        "Falsches Sendeziel",
        "Das Gerät sendet an ein Ziel, das es nicht gibt. Lassen Sie Pfad und Name in seinen Einstellungen"
        " berichtigen.",
    ),
    "unknown-device": ReasonWords(
        "Unbekanntes Gerät",
        "Niemand hat ein Gerät dieses Namens angemeldet. Lassen Sie es anmelden; was schon hier liegt, kann danach"
        " nachgeholt werden. Oder der Name im Gerät ist falsch geschrieben.",
    ),
    "wrong-trail": ReasonWords(
        "Falscher Pfad",
        "Das Gerät gehört zu einem anderen Pfad, als es selbst angibt. Lassen Sie den Pfad im Gerät berichtigen, oder"
        " melden Sie, dass es umgezogen ist.",
    ),
    "wrong-device": ReasonWords(
        "Zwei Namen für ein Gerät",
        "Die Nachricht nennt ein anderes Gerät als das Ziel, an das sie ging. Lassen Sie den Namen an einer der"
        " beiden Stellen berichtigen.",
    ),
    "too-large": ReasonWords(
        "Nachricht zu groß",
        "Das Gerät schickt zu viele Messungen auf einmal. Lassen Sie es kleinere Nachrichten senden.",
    ),
    "not-utf8": ReasonWords("Keine lesbaren Zeichen", _FORMAT),
    "not-json": ReasonWords("Nicht lesbar", _FORMAT),
    "not-an-object": ReasonWords("Nicht im vereinbarten Aufbau", _FORMAT),
    "too-deep": ReasonWords("Zu verschachtelt", _FORMAT),
    "address": ReasonWords(
        "Enthält eine fremde Geräteadresse",
        "Das Gerät hat Kennungen von Telefonen oder anderen Geräten mitgeschickt. Das sind Daten von Personen; sie"
        " wurden sofort geschwärzt. Lassen Sie das im Gerät abstellen, und sagen Sie dem Datenschutz Bescheid.",
    ),
    "boot": ReasonWords("Startkennung fehlt oder ist falsch", _FORMAT),
    "seq": ReasonWords("Laufende Nummer falsch", _FORMAT),
    "oldest": ReasonWords("Älteste Nummer falsch", _FORMAT),
    "no-identity": ReasonWords(
        "Zeit und Nummer fehlen",
        f"Ohne Uhrzeit oder laufende Nummer ist nicht zu sehen, ob eine Messung doppelt kommt. {_FORWARD}",
    ),
    "no-values": ReasonWords("Keine Messwerte", _FORMAT),
    "unknown-field": ReasonWords(
        "Unbekannte Angabe",
        "Eine Angabe in der Nachricht wird hier nicht gelesen, der Rest ist gespeichert. Fehlt Ihnen kein Messwert,"
        " müssen Sie nichts tun.",
    ),
    "repeated-field": ReasonWords("Eine Angabe steht doppelt", _FORMAT),
    "readings": ReasonWords("Messungen nicht lesbar", _FORMAT),
    "time": ReasonWords("Uhrzeit nicht lesbar", _FORMAT),
    "time-unit": ReasonWords("Uhrzeit in falscher Einheit", _FORMAT),
    "time-without-offset": ReasonWords("Uhrzeit ohne Zeitzone", _FORMAT),
    "time-too-early": ReasonWords("Uhr des Geräts geht nach", _CLOCK),
    "time-ahead": ReasonWords("Uhr des Geräts geht vor", _CLOCK),
    "too-old": ReasonWords(
        "Älter als die Aufbewahrung",
        "So alte Messwerte werden nicht mehr aufgehoben. War das Gerät lange ohne Netz, müssen Sie nichts tun; sonst"
        " lassen Sie seine Uhr prüfen.",
    ),
    "unknown-property": ReasonWords(
        "Unbekannte Messgröße",
        "Das Gerät misst etwas, das hier nicht eingetragen ist, oder nennt es anders. Lassen Sie die Messgröße"
        " eintragen; was schon hier liegt, kann danach nachgeholt werden.",
    ),
    "not-a-number": ReasonWords(
        "Messwert ist keine Zahl",
        "Statt einer Zahl kam etwas anderes. Lassen Sie den Sensor und seinen Anschluss prüfen. Bleibt es dabei:"
        f" {_FORWARD}",
    ),
    "not-finite": ReasonWords(
        "Messwert ist keine mögliche Zahl",
        f"Oft ist der Sensor defekt oder ein Kabel locker. Lassen Sie beides prüfen. Bleibt es dabei: {_FORWARD}",
    ),
    "state": ReasonWords("Zustand nicht lesbar", _FORMAT),
    "status-field": ReasonWords("Angabe zum Zustand nicht lesbar", _FORMAT),
    "conflict": ReasonWords(
        "Zwei Werte für dieselbe Messung",
        "Für denselben Zeitpunkt kam ein anderer Wert als zuvor; der erste gilt. Prüfen Sie, ob zwei Geräte denselben"
        f" Namen haben. Wenn nicht: {_FORWARD}",
    ),
    "refused": ReasonWords("Von der Datenbank abgelehnt", _MAINTAINERS),
    "unreadable": ReasonWords("Vom Empfangsdienst nicht verarbeitet", _MAINTAINERS),
}
