"""Why something is in quarantine, in the words of staff, and what they do about it.

The codes are those of ``gateway.decoding.reasons`` and the store's ``conflict``; a test holds both lists together. What
the makers of a device read is the English sentence kept with the message.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.languages import marked, t


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A ``heading`` of a few words, and ``sentences`` that say what to do; both as the catalogue has them."""

    heading: str
    sentences: tuple[str, ...]

    @property
    def what_to_do(self) -> str:
        """The sentences in the language of the page."""
        return " ".join(map(t, self.sentences))


_FORWARD = marked("Geben Sie den englischen Satz und „Was gesendet wurde“ an den Hersteller des Geräts weiter.")
_FORMAT = (marked("Das Programm des Geräts schreibt etwas anders als vereinbart."), _FORWARD)
_CLOCK = marked("Lassen Sie die Uhr des Geräts stellen, auch die Zeitzone.")
_MAINTAINERS = marked(
    "Das liegt nicht am Gerät. Geben Sie es an die Entwickler von Digitalpfad weiter; die Nachricht bleibt hier."
)

REASONS: dict[str, ReasonWords] = {
    "topic": ReasonWords(
        marked("Falsches Sendeziel"),
        (
            marked(
                "Das Gerät sendet an ein Ziel, das es nicht gibt. Lassen Sie Pfad und Name in seinen "
                "Einstellungen berichtigen."
            ),
        ),
    ),
    "unknown-device": ReasonWords(
        marked("Unbekanntes Gerät"),
        (
            marked(
                "Niemand hat ein Gerät dieses Namens angemeldet. Lassen Sie es anmelden; was schon hier liegt, "
                "kann danach nachgeholt werden. Oder der Name im Gerät ist falsch geschrieben."
            ),
        ),
    ),
    "wrong-trail": ReasonWords(
        marked("Falscher Pfad"),
        (
            marked(
                "Das Gerät gehört zu einem anderen Pfad, als es selbst angibt. Lassen Sie den Pfad im Gerät "
                "berichtigen, oder melden Sie, dass es umgezogen ist."
            ),
        ),
    ),
    "wrong-device": ReasonWords(
        marked("Zwei Namen für ein Gerät"),
        (
            marked(
                "Die Nachricht nennt ein anderes Gerät als das Ziel, an das sie ging. Lassen Sie den Namen an "
                "einer der beiden Stellen berichtigen."
            ),
        ),
    ),
    "too-large": ReasonWords(
        marked("Nachricht zu groß"),
        (marked("Das Gerät schickt zu viele Messungen auf einmal. Lassen Sie es kleinere Nachrichten senden."),),
    ),
    "not-utf8": ReasonWords(marked("Keine lesbaren Zeichen"), _FORMAT),
    "not-json": ReasonWords(marked("Nicht lesbar"), _FORMAT),
    "not-an-object": ReasonWords(marked("Nicht im vereinbarten Aufbau"), _FORMAT),
    "too-deep": ReasonWords(marked("Zu verschachtelt"), _FORMAT),
    "address": ReasonWords(
        marked("Enthält eine fremde Geräteadresse"),
        (
            marked(
                "Das Gerät hat Kennungen von Telefonen oder anderen Geräten mitgeschickt. Das sind Daten von "
                "Personen; sie wurden sofort geschwärzt. Lassen Sie das im Gerät abstellen, und sagen Sie dem "
                "Datenschutz Bescheid."
            ),
        ),
    ),
    "boot": ReasonWords(marked("Startkennung fehlt oder ist falsch"), _FORMAT),
    "seq": ReasonWords(marked("Laufende Nummer falsch"), _FORMAT),
    "oldest": ReasonWords(marked("Älteste Nummer falsch"), _FORMAT),
    "no-identity": ReasonWords(
        marked("Zeit und Nummer fehlen"),
        (marked("Ohne Uhrzeit oder laufende Nummer ist nicht zu sehen, ob eine Messung doppelt kommt."), _FORWARD),
    ),
    "no-values": ReasonWords(marked("Keine Messwerte"), _FORMAT),
    "unknown-field": ReasonWords(
        marked("Unbekannte Angabe"),
        (
            marked(
                "Eine Angabe in der Nachricht wird hier nicht gelesen, der Rest ist gespeichert. Fehlt Ihnen kein"
                " Messwert, müssen Sie nichts tun."
            ),
        ),
    ),
    "repeated-field": ReasonWords(marked("Eine Angabe steht doppelt"), _FORMAT),
    "readings": ReasonWords(marked("Messungen nicht lesbar"), _FORMAT),
    "time": ReasonWords(marked("Uhrzeit nicht lesbar"), _FORMAT),
    "time-unit": ReasonWords(marked("Uhrzeit in falscher Einheit"), _FORMAT),
    "time-without-offset": ReasonWords(marked("Uhrzeit ohne Zeitzone"), _FORMAT),
    "time-too-early": ReasonWords(marked("Uhr des Geräts geht nach"), (_CLOCK,)),
    "time-ahead": ReasonWords(marked("Uhr des Geräts geht vor"), (_CLOCK,)),
    "too-old": ReasonWords(
        marked("Älter als die Aufbewahrung"),
        (
            marked(
                "So alte Messwerte werden nicht mehr aufgehoben. War das Gerät lange ohne Netz, müssen Sie nichts"
                " tun; sonst lassen Sie seine Uhr prüfen."
            ),
        ),
    ),
    "unknown-property": ReasonWords(
        marked("Unbekannte Messgröße"),
        (
            marked(
                "Das Gerät misst etwas, das hier nicht eingetragen ist, oder nennt es anders. Lassen Sie die "
                "Messgröße eintragen; was schon hier liegt, kann danach nachgeholt werden."
            ),
        ),
    ),
    "not-a-number": ReasonWords(
        marked("Messwert ist keine Zahl"),
        (
            marked(
                "Statt einer Zahl kam etwas anderes. Lassen Sie den Sensor und seinen Anschluss prüfen. Bleibt es"
                " dabei:"
            ),
            _FORWARD,
        ),
    ),
    "not-finite": ReasonWords(
        marked("Messwert ist keine mögliche Zahl"),
        (
            marked("Oft ist der Sensor defekt oder ein Kabel locker. Lassen Sie beides prüfen. Bleibt es dabei:"),
            _FORWARD,
        ),
    ),
    "state": ReasonWords(marked("Zustand nicht lesbar"), _FORMAT),
    "status-field": ReasonWords(marked("Angabe zum Zustand nicht lesbar"), _FORMAT),
    "conflict": ReasonWords(
        marked("Zwei Werte für dieselbe Messung"),
        (
            marked(
                "Für denselben Zeitpunkt kam ein anderer Wert als zuvor; der erste gilt. Prüfen Sie, ob zwei "
                "Geräte denselben Namen haben. Wenn nicht:"
            ),
            _FORWARD,
        ),
    ),
    "refused": ReasonWords(marked("Von der Datenbank abgelehnt"), (_MAINTAINERS,)),
    "unreadable": ReasonWords(marked("Vom Empfangsdienst nicht verarbeitet"), (_MAINTAINERS,)),
}
