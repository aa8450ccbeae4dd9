"""What stands above the parts and columns of the report, and the sentences that are in each."""

from __future__ import annotations

from dashboards.council.period import ReportPeriod
from dashboards.languages import t


def headings(period: ReportPeriod) -> dict[str, str]:
    """By the name that `report.typ` knows them by."""
    return {
        "passes": t("Durchgänge"),
        "compare": t("Sind es mehr oder weniger geworden?"),
        "course": t("Verlauf"),
        "stations": t("Welche Stationen?"),
        "notes": t("Was war anders?"),
        "sure": t("Wie sicher ist das?"),
        "sure_text": t(
            "Ein Durchgang: Jemand geht an einem Zähler vorbei. Wer hin- und zurückgeht, zählt zweimal. Wo niemand"
            " gezählt hat, steht eine Lücke und keine Null; nichts ist aufgefüllt. Geschätztes steht getrennt."
        ),
        "internal": t(
            "Für die Verwaltung: Auch kleine Zahlen stehen hier. Nach außen gilt die Seite „So viele gingen hier“."
        ),
        "details": t("Einzelheiten"),
        "by": t("Tag für Tag") if period.month else t("Monat für Monat"),
        "gaps": t("Lücken der Zähler"),
        "no_gaps": t("An diesem Ort hing kein Zähler."),
        "closures": t("Sperrungen"),
        "notices": t("Hinweise"),
        "reports": t("Meldungen"),
        "none": t("Keine."),
        "page": t("Seite"),
        "h_station": t("Station"),
        "h_state": t("Wie sicher"),
        "h_scans": t("Aufrufe"),
        "h_time": t("Zeit"),
        "h_shared": t("dazu geschätzt"),
        "h_before": t("im Jahr davor"),
        "h_temperature": t("Temperatur"),
        "h_rain": t("Regen"),
        "h_note": t("Anm."),
        "h_coverage": t("Abdeckung"),
        "h_gaps": t("Tage, von denen mehr als die Hälfte fehlt"),
    }
