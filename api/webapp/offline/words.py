"""What is said by the script of the page «Pfad mitnehmen» and by the service worker: in the page's language, by name.

Values stay as ``%(name)s``, which the scripts fill in.
"""

from __future__ import annotations

from api.languages.texts import Texts

Said = dict[str, str]


def worker_words(t: Texts) -> Said:
    """What stands on a page that comes from the phone."""
    return {
        "away": t("Ohne Netz."),
        "slow": t("Das Netz ist hier zu langsam. Diese Seite kommt von deinem Telefon."),
        "down": t("Der Server antwortet nicht. Diese Seite kommt von deinem Telefon."),
        "gone": t("Diesen Pfad gibt es nicht mehr."),
        "as_of": t("Stand: %(date)s. Messwerte gibt es nur mit Netz."),
        "old": _old(t),
        "missing": _missing(t),
        "other_language": t("Diese Sprache hast du nicht mitgenommen."),
        "not_taken": t("Das hast du nicht mitgenommen. Mit Netz kannst du es abspielen."),
    }


def page_words(t: Texts) -> Said:
    """What stands on the page with which a trail is taken along."""
    return {
        **_about_sizes(t),
        **_about_the_pack(t),
        **_about_faults(t),
    }


def _about_sizes(t: Texts) -> Said:
    return {
        "take": t("Mitnehmen: %(size)s"),
        "counting": t("Die Größe wird ermittelt."),
        "tight": t("Der Platz reicht wohl nicht: Frei sind %(free)s, gebraucht werden %(size)s."),
        "nothing": t("Wähle mindestens eine Fassung."),
        "loading": t("%(done)s von %(size)s geladen, Teil %(piece)s von %(pieces)s."),
        "checking": t("Alle Teile werden geprüft."),
    }


def _about_the_pack(t: Texts) -> Said:
    return {
        "complete": t("Der Pfad ist auf deinem Telefon, vollständig und geprüft."),
        "dates": t("Geladen: %(loaded)s. Stand: %(date)s."),
        "size": t("%(size)s in %(pieces)s Teilen."),
        "old": _old(t),
        "current": t("Es gibt nichts Neueres."),
        "newer": t("Es gibt eine neuere Fassung."),
        "update": t("Neuere Fassung laden: %(size)s"),
        "missing": _missing(t),
        "change": t("Auswahl ändern: %(size)s laden"),
        "removed": t("Gelöscht. Von diesem Pfad ist nichts mehr auf deinem Telefon."),
        "interrupted": t("Das Laden wurde unterbrochen. %(done)s von %(size)s sind schon da."),
        "resume": t("Weiter laden: noch %(size)s"),
        "lasting": t("Dein Telefon behält den Pfad, bis du ihn löschst."),
        "maybe": t(
            "Wird der Platz knapp, kann dein Telefon den Pfad von selbst löschen. Sieh hier nach, bevor du losgehst."
        ),
    }


def _about_faults(t: Texts) -> Said:
    return {
        "away": t("Das Netz ist weg. Was geladen ist, bleibt: Drücke noch einmal, sobald du Netz hast."),
        "damaged": t("Ein Teil kam beschädigt an und wurde nicht genommen. Versuche es in einem anderen Netz."),
        "full": t("Auf dem Telefon ist kein Platz mehr. Mach Platz und drücke noch einmal."),
        "kept": t("Was du schon mitgenommen hattest, ist noch da."),
        "busy": t("Dieser Pfad wird gerade in einem anderen Fenster geladen."),
        "changed": t("Der Pfad wurde gerade geändert. Das Laden geht mit der neuen Fassung weiter."),
        "down": t("Der Server antwortet nicht wie erwartet. Versuche es später noch einmal."),
        "cancelled": t("Abgebrochen. Es wurde nichts mitgenommen."),
        "unable": t(
            "Dieser Browser kann hier nichts mitnehmen. In einem privaten Fenster geht es oft nicht: Nimm ein normales."
        ),
        "insecure": t("Mitnehmen geht nur unter einer Adresse, die mit https beginnt."),
    }


def _old(t: Texts) -> str:
    return t(
        "Das ist %(days)s Tage her. Sperrungen und Hinweise können sich geändert haben. Lade neu, wenn du Netz hast."
    )


def _missing(t: Texts) -> str:
    return t("Teile fehlen: %(size)s nachladen")
