"""Every sentence of the privacy page is held by tests, or by what the code and the database are asked for here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from api.limits import read_limits
from api.webapp.site import Site
from dashboards.access import accounts
from digitalpfad.config.model import Settings
from geodata.store.database import Database
from geodata.vocabulary.languages import INTERFACES
from tests.docs.evidence import known_tests
from tests.fixtures.web.hikers import Hikers

Fact = Callable[[Database], None]


def columns(database: Database, table: str) -> set[str]:
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        return {name for (name,) in rows}


def scans_hold_what_is_told(database: Database) -> None:
    assert columns(database, "scan_hour") == {"station", "hour", "variant", "entry", "count"}


def requests_are_counted_for_a_minute(_: Database) -> None:
    assert read_limits._MINUTE_S == 60  # pyright: ignore[reportPrivateUsage]


def reports_hold_what_is_told(database: Database) -> None:
    told = {"kind", "text", "contact", "lon", "lat", "accuracy_m"}
    about = {"id", "received_at", "written_at", "municipality", "trail", "station", "variant"}
    by_staff = {"state", "answer", "note", "closed_at"}
    assert columns(database, "report") <= told | about | by_staff
    assert columns(database, "report_picture") <= {"report", "width", "height", "data"}


def settings_keep_what_is_told(_: Database) -> None:
    plain = Settings.model_validate({})
    told = Site(
        report_days=plain.retention_report_days,
        contact_days=plain.retention_report_contact_days,
        audit_days=plain.retention_audit_days,
    )
    assert told == Site(), "the page says the settings' defaults where nobody gives it others"


def a_login_ends_unused_after_twelve_hours(_: Database) -> None:
    assert accounts.IDLE.total_seconds() == 12 * 3600


WEB = "tests/browser/test_privacy_and_motion.py::"
LOGS = "tests/digitalpfad/logs/test_no_address_in_logs.py::"
CLAIMS: Mapping[str, tuple[str | Fact, ...]] = {
    "counts": (LOGS + "test_no_table_has_a_column_for_an_address_a_browser_a_device_or_a_position_of_people",),
    "scans": (
        scans_hold_what_is_told,
        "tests/api/webapp/scans/test_counter.py::test_a_visit_is_one_scan_by_hour_variant_and_entry_and_nothing_else",
    ),
    "published": (
        "tests/geodata/statistics/disclosure/test_attack.py::test_no_withheld_figure_is_known_to_within_less_than_k_and_no_small_one_is_shown",
        "tests/api/v1/statistics/test_visits.py::test_no_count_from_one_to_four_is_said_of_any_place_and_period",
        "tests/api/webapp/views/trails/test_visits.py::test_each_row_of_the_tables_is_what_the_interface_says",
    ),
    "storage": (
        WEB + "test_no_public_page_stores_anything_in_the_browser",
        "tests/api/http/test_page_headers.py::test_every_page_has_the_security_headers_and_stores_nothing",
    ),
    "address": (
        requests_are_counted_for_a_minute,
        LOGS + "test_no_address_of_anybody_reaches_any_log_of_the_web_process",
        "tests/deploy/test_proxies.py::test_the_public_side_is_secure_live_and_keeps_no_address",
    ),
    "position": (WEB + "test_a_visitor_whose_position_is_known_to_the_browser_gives_none_away",),
    "others": (
        "tests/api/http/test_page_headers.py::test_no_page_asks_for_anything_from_another_host",
        "tests/test_repository.py::test_vendored_scripts_call_no_foreign_host",
    ),
    "devices": (
        "tests/docs/test_controls.py::test_a_device_can_hand_in_numbers_only",
        "tests/gateway/decoding/test_addresses.py::test_no_address_reaches_the_quarantine",
        "tests/api/webapp/views/legal_pages/test_legal.py::test_each_trail_leads_to_the_legal_pages_of_its_own_municipality",
    ),
    "stamps": (
        "tests/browser/test_stamps.py::test_a_phone_that_asked_for_no_stamps_is_asked_once_at_a_sign_and_keeps_nothing",
        "tests/browser/test_stamps.py::test_one_press_removes_all_and_another_brings_it_back",
    ),
    "camera": (
        "tests/browser/test_scanner.py::test_nothing_of_the_reader_is_loaded_before_the_press",
        "tests/browser/test_scanner.py::test_the_camera_and_webassembly_are_for_this_page_alone",
    ),
    "take-along": (
        "tests/browser/offline/test_take_along.py::test_the_size_is_said_before_the_press_and_nothing_is_stored_until_then",
        "tests/browser/offline/test_take_along.py::test_removing_it_leaves_nothing_at_all",
        "tests/browser/offline/test_late_scans.py::test_stations_opened_without_a_network_are_counted_once_when_it_is_back",
        "tests/api/webapp/routes/test_late_scans.py::test_of_each_scan_only_its_random_id_is_kept_and_not_for_ever",
    ),
    "reports": (
        reports_hold_what_is_told,
        "tests/api/webapp/routes/test_reports.py::test_a_picture_is_kept_small_and_without_place_and_name",
        "tests/api/webapp/routes/test_reports.py::test_no_report_is_in_the_public_interface",
        "tests/browser/reports/test_reports.py::test_the_position_goes_along_only_when_pressed",
        "tests/browser/reports/test_report_outbox.py::test_what_waits_or_came_can_be_deleted_from_the_phone",
    ),
    "reports-kept": (
        settings_keep_what_is_told,
        "tests/geodata/store/reports/test_handling.py::test_a_closed_report_loses_its_contact_first_then_goes_with_its_picture",
    ),
    "staff": (
        a_login_ends_unused_after_twelve_hours,
        settings_keep_what_is_told,
        "tests/dashboards/access/test_sessions.py::test_a_session_ends_after_twelve_hours_without_use",
        "tests/dashboards/people/test_audit_log.py::test_logins_failures_and_sign_outs_are_written_down",
    ),
    "rights": (LOGS + "test_no_table_has_a_column_for_an_address_a_browser_a_device_or_a_position_of_people",),
}
"""By id of the element with the sentence: tests by their names, or what is asked here."""


@dataclass
class Sentences(HTMLParser):
    """The ids around each paragraph and point of a page's main part; of those without any of ours, the words."""

    claimed: set[str] = field(default_factory=set[str])
    unclaimed: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"br", "meta", "link", "img", "input"}:
            self._open.append((tag, dict(attrs).get("id") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags, ids = [tag for tag, _ in self._open], {name for _, name in self._open if name}
        if "main" in tags and data.strip() and {"p", "li"} & {*tags}:
            ours = ids & CLAIMS.keys()
            self.claimed |= ours
            if not ours:
                self.unclaimed.append(data.strip())


@pytest.mark.parametrize("language", INTERFACES)
def test_every_sentence_of_the_privacy_page_is_a_claim_that_something_holds(hikers: Hikers, language: str) -> None:
    page = Sentences()
    page.feed(hikers.get(f"/datenschutz?lang={language}").text)
    assert [words for words in page.unclaimed if "Lemgo" not in words and "Diesen Weg macht" not in words] == []
    assert page.claimed >= CLAIMS.keys(), "each language says all of it"


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_the_privacy_page_claims_is_so(claim: str, database: Database) -> None:
    for proof in CLAIMS[claim]:
        if isinstance(proof, str):
            assert proof in known_tests(), proof
        else:
            proof(database)
