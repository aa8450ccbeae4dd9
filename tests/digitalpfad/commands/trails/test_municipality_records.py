"""The drafts of the record of processing activities and of the measures say what is so, as the system is set."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from dashboards.access import accounts, passwords
from digitalpfad import records
from digitalpfad.config.model import Settings
from geodata.model.operator import Operator
from geodata.store.access.staff import ONE_TIME_DAYS
from tests.digitalpfad.commandline import run
from tests.docs.evidence import known_tests

TODAY = date(2026, 11, 29)
OPERATOR = Operator(name="Stadt Lemgo", address="Marktplatz 1\n32657 Lemgo", email="wald@lemgo.example")

EVIDENCE = {
    "Interne Seiten brauchen einen Zugang": "tests/digitalpfad/up/test_first_login.py::"
    "test_a_fresh_installation_has_nobody_until_up_makes_its_one_time_login",
    "Passwörter haben mindestens": "tests/dashboards/people/test_login.py::"
    "test_the_hash_is_argon2id_and_an_old_one_is_renewed_at_login",
    "Versuchen in einer Viertelstunde": "tests/dashboards/people/test_login.py::"
    "test_the_eleventh_wrong_attempt_is_told_to_wait_and_others_are_not",
    "Eine Anmeldung endet nach": "tests/dashboards/access/test_sessions.py::"
    "test_a_session_ends_after_twelve_hours_without_use",
    "Jede interne Seite ist nur": "tests/dashboards/access/test_access.py::"
    "test_each_role_gets_exactly_what_the_matrix_says",
    "Die Dienste arbeiten in der Datenbank": "tests/geodata/store/test_migrate.py::"
    "test_a_service_has_exactly_the_rights_of_the_list",
    "Jedes Messgerät hat ein eigenes": "tests/digitalpfad/embedded/test_nats.py::test_a_forged_publish_reaches_nobody",
    "Öffentliche Seiten setzen keine Cookies": "tests/api/http/test_page_headers.py::"
    "test_every_page_has_the_security_headers_and_stores_nothing",
    "Netzadressen und Kennungen von Browsern": "tests/digitalpfad/logs/test_no_address_in_logs.py::"
    "test_no_address_of_anybody_reaches_any_log_of_the_web_process",
    "Die Seiten sind nach außen unter https": "tests/api/http/test_page_headers.py::"
    "test_hsts_is_sent_where_the_public_uses_https",
    "Der Empfang der Messwerte ist": "tests/deploy/test_installation.py::test_a_device_reaches_the_broker_by_mqtts",
    "Wer sich angemeldet hat": "tests/dashboards/people/test_audit_log.py::"
    "test_logins_failures_and_sign_outs_are_written_down",
    "Eine Änderung und ihr Eintrag": "tests/digitalpfad/commands/people/test_audit_command.py::"
    "test_a_change_that_cannot_be_written_down_does_not_happen",
    "Anweisungen an den Browser verbieten": "tests/api/http/test_page_headers.py::"
    "test_the_policy_allows_nothing_inline_and_the_pages_have_nothing_but_the_stylesheet",
    "Texte von Geräten und aus Dateien": "tests/browser/staff/test_staff_pages.py::"
    "test_what_a_device_writes_is_never_run",
    "Fremde Seiten können keine Änderung": "tests/api/http/forms/test_same_origin.py::"
    "test_an_unsafe_request_passes_only_from_our_own_pages",
    "Eine Sicherung im laufenden Betrieb": "tests/digitalpfad/commands/operations/test_backup_command.py::"
    "test_a_backup_of_a_running_system_makes_a_new_one",
    "Fällt die Datenbank aus": "tests/api/operations/test_operations.py::"
    "test_without_the_database_reads_go_on_and_readiness_does_not",
    "Messwerte werden dem Gerät erst bestätigt": "tests/gateway/test_delivery.py::"
    "test_nothing_is_acknowledged_before_the_commit",
    "Die verwendeten Bibliotheken": "tests/tools/test_lock_files.py::test_every_package_is_pinned_and_hashed",
}
"""The beginning of each measure, or words of it, and the test that holds it."""


def made(operator: Operator = OPERATOR, *, has_counters: bool = True, **settings: object) -> tuple[str, str]:
    present = Settings.model_validate(settings)
    texts = records.build(operator, "Lemgo", present, TODAY, has_counters=has_counters)
    return texts["verarbeitungstaetigkeiten.md"], texts["massnahmen.md"]


def test_every_measure_that_is_not_left_to_the_town_is_held_by_a_test() -> None:
    _, measures = made(base_url="https://pfad.example", mqtt_url="mqtts://a:b@broker.example")
    claims = [line for line in re.findall(r"^- (.+)$", measures, re.MULTILINE) if "[bitte ergänzen" not in line]
    unheld = [claim for claim in claims if sum(words in claim for words in EVIDENCE) != 1]
    assert not unheld
    assert len(claims) == len(EVIDENCE)
    assert set(EVIDENCE.values()) <= known_tests()


def test_figures_are_those_of_settings_and_code() -> None:
    processing, measures = made(
        retention_raw_days=400, retention_hourly_days=0, quarantine_max_days=77, retention_audit_days=99
    )
    assert "einzelne Werte 400 Tage, Stundenwerte unbegrenzt, unverwendbare Nachrichten 77 Tage" in processing
    assert "Protokoll nach 99 Tagen" in processing
    assert "steht 99 Tage im Protokoll" in measures
    hours = int(accounts.IDLE.total_seconds() // 3600)
    assert f"nach {hours} Stunden ohne Nutzung, spätestens nach {accounts.LIFETIME.days} Tagen" in processing
    assert f"mindestens {passwords.MIN_LENGTH} Zeichen" in measures
    assert f"gilt einmal und {ONE_TIME_DAYS} Tage" in measures


def test_what_is_not_so_is_not_said() -> None:
    processing, measures = made(has_counters=False)
    assert "kein Gerät zählt Menschen" in processing
    assert "Zähler" not in processing
    assert "nicht eingestellt" in measures
    assert "unter https erreichbar" not in measures
    counted, encrypted = made(base_url="https://pfad.example", mqtt_url="mqtts://a:b@broker.example")
    assert "an einem Zähler vorbeigehen" in counted
    assert "nicht eingestellt" not in encrypted
    assert "broker.example" not in counted + encrypted
    _, own_broker = made(mqtt_tls_certificate_file="chain.pem", mqtt_tls_key_file="key.pem")
    assert "mit dem Broker über TLS verbunden" in own_broker


def test_a_line_that_is_not_set_is_a_place_to_fill_in_and_one_that_is_set_stands_there() -> None:
    processing, _ = made()
    assert "| Verantwortlich | Stadt Lemgo, Marktplatz 1, 32657 Lemgo |" in processing
    assert "| Datenschutzbeauftragte Person | [bitte ergänzen: Kontakt] |" in processing
    empty, _ = made(Operator())
    assert "| Verantwortlich | [bitte ergänzen: Name der Kommune], [bitte ergänzen: Anschrift] |" in empty


@pytest.mark.parametrize(
    "part", ["Art. 30", "Zweck", "Rechtsgrundlage", "Betroffene", "Daten", "Empfänger", "Löschung"]
)
def test_the_record_has_what_the_law_asks_for(part: str) -> None:
    assert part in made()[0]


def test_the_command_writes_both_and_overwrites_nothing(demo: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "neu" / "datenschutz"
    done = run("municipality", "records", "lemgo", str(folder), **demo)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["massnahmen.md", "verarbeitungstaetigkeiten.md"]
    processing = (folder / "verarbeitungstaetigkeiten.md").read_text(encoding="utf-8")
    assert processing.startswith("# Verzeichnis von Verarbeitungstätigkeiten: Digitalpfad Lemgo\n")
    gaps = sum(path.read_text(encoding="utf-8").count("[bitte ergänzen") for path in folder.iterdir())
    assert f"{gaps} places are left to you" in done.stderr
    (folder / "massnahmen.md").write_text("ours")
    again = run("municipality", "records", "lemgo", str(folder), **demo)
    assert (again.returncode, (folder / "massnahmen.md").read_text()) == (2, "ours")
    assert run("municipality", "records", "nirgends", str(tmp_path), **demo).returncode == 2
    (tmp_path / "datei").touch()
    blocked = run("municipality", "records", "lemgo", str(tmp_path / "datei" / "x"), **demo)
    assert (blocked.returncode, len(blocked.stderr.splitlines())) == (2, 1)
