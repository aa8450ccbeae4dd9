"""Notices on the staff pages: why something is said, a person's word for a while, and the rules."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from geodata.conditions.notices import Level, NoticeRule, NoticeText
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.catalogue import notice
from tests.dashboards.office import Office, hire, observe
from tests.fixtures.process.waiting import wait_until

LIST = "/staff/trails/stadtwald/notices"
RULE = NoticeRule(
    id="steg",
    trail="stadtwald",
    station="R7TZ2H",
    device="boardwalk",
    observed_property="surface_wetness",
    thresholds={Level.CAUTION: 30, Level.WARNING: 60},
    hysteresis=10,
    hold_s=90,
    expires_s=60,
    texts={"de": NoticeText(variant="de", caution="Feucht.", warning="Nass.", unknown="Wer weiß.")},
)


@pytest.fixture
def ranger(office: Office) -> httpx.Client:
    with office.database.transaction() as connection:
        notice.save_rule(connection, RULE)
    wait_until(lambda: "steg" in office.keeper.current.catalogue.notice_rules, 10, "the rule")
    hire(office.database, "ute", Role.RANGER)
    return office.signed_in("ute")


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the rule's form."""
    form = page[page.index('class="card rule"') :]
    fields = dict(re.findall(r'<input type="(?:text|hidden)"[^>]*? name="(\w+)" value="([^"]*)"', form))
    fields |= re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>([^<]*)</textarea>', form)
    for name, options in re.findall(r'<select id="\w+" name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def test_a_notice_says_what_was_measured_and_which_limit_it_reached(office: Office, ranger: httpx.Client) -> None:
    observe(office.database, "boardwalk", datetime.now(UTC), surface_wetness=72)
    wait_until(lambda: "Warnung</span>" in ranger.get(LIST).text, 10, "the value")
    page = ranger.get(LIST).text
    assert "Nass." in page
    assert re.search(r"gemessen: 72\s%, Grenze 60\s%", page)
    assert "Station 7 · Holzsteg" in page


def test_a_persons_word_holds_until_its_time_and_no_longer(office: Office, ranger: httpx.Client) -> None:
    until = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    answer = ranger.post(f"{LIST}/steg/say", data={"level": "2", "until": until})
    assert answer.headers["location"] == f"{LIST}/steg?said=saved"
    page = ranger.get(f"{LIST}/steg").text
    assert "ute sagt: Warnung" in page
    assert "Nass." in page
    office.clock.ahead = timedelta(hours=4)
    assert "ute sagt" not in ranger.get(f"{LIST}/steg").text


def test_the_sensor_speaks_again_by_one_press(office: Office, ranger: httpx.Client) -> None:
    until = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    ranger.post(f"{LIST}/steg/say", data={"level": "0", "until": until})
    ranger.post(f"{LIST}/steg/listen")
    assert "ute sagt" not in ranger.get(f"{LIST}/steg").text
    with office.database.transaction() as connection:
        assert [entry.action for entry in audit.newest(connection, 2)] == ["notice-end", "notice-set"]


@pytest.mark.parametrize(
    ("level", "until", "words"),
    [
        ("3", "2099-01-01T08:00", "Bitte wählen Sie, was gilt."),
        ("1", "2020-01-01T08:00", "schon vorbei"),
        ("1", "bald", "„bald“ ist keine Zeit"),
    ],
)
def test_a_word_that_cannot_hold_is_refused_at_its_field(
    ranger: httpx.Client, level: str, until: str, words: str
) -> None:
    answer = ranger.post(f"{LIST}/steg/say", data={"level": level, "until": until})
    assert answer.status_code == 422
    assert words in answer.text


def test_the_form_of_a_stored_rule_saves_the_same_rule(office: Office, ranger: httpx.Client) -> None:
    fields = fields_of(ranger.get(f"{LIST}/steg").text)
    assert ranger.post(f"{LIST}/steg", data={**fields, "step": "save"}).status_code == 303
    with office.database.transaction() as connection:
        assert notice.load_rules(connection)["steg"] == RULE


def test_a_threshold_is_looked_at_before_it_is_saved(office: Office, ranger: httpx.Client) -> None:
    fields = {**fields_of(ranger.get(f"{LIST}/steg").text), "warning": "72,5"}
    preview = ranger.post(f"{LIST}/steg", data={**fields, "step": "preview"})
    assert re.search(r"Warnung, wenn .* 7[23](,5)?\s% erreicht", preview.text)
    with office.database.transaction() as connection:
        assert notice.load_rules(connection)["steg"] == RULE
    ranger.post(f"{LIST}/steg", data={**fields, "step": "save"})
    with office.database.transaction() as connection:
        assert notice.load_rules(connection)["steg"].thresholds[Level.WARNING] == 72.5
        assert "warning ≥ 60" in audit.newest(connection, 1)[0].before


def test_whoever_saves_over_what_another_changed_sees_both_first(office: Office, ranger: httpx.Client) -> None:
    mine = {**fields_of(ranger.get(f"{LIST}/steg").text), "step": "save"}
    assert ranger.post(f"{LIST}/steg", data={**mine, "caution": "20"}).status_code == 303
    conflict = ranger.post(f"{LIST}/steg", data={**mine, "caution": "25"})
    assert conflict.status_code == 409
    assert "caution ≥ 20" in conflict.text
    assert "caution ≥ 25" in conflict.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"warning": "20"}, "weiter draußen"),
        ({"caution": "", "warning": ""}, "ab welchem Wert"),
        ({"caution": "viel"}, "„viel“ ist keine Zahl"),
        ({"caution": "inf"}, "„inf“ ist keine Zahl"),
        ({"hysteresis": "-1"}, "0 oder mehr"),
        ({"hold_min": "-1"}, "eine Zahl von 0 bis 10080"),
        ({"device": "fernrohr"}, "ein Gerät dieses Pfads"),
        ({"observed_property": "glück"}, "was gemessen wird"),
        ({"station": "99"}, "eine Station"),
        ({"unknown_de": ""}, "alle drei Texte"),
        ({"caution_en": "Damp."}, "alle drei Texte"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_at_its_field(
    ranger: httpx.Client, changed: dict[str, str], words: str
) -> None:
    answer = ranger.post(f"{LIST}/steg", data={**fields_of(ranger.get(f"{LIST}/steg").text), "step": "save", **changed})
    assert answer.status_code == 422
    assert words in answer.text


def test_an_example_becomes_a_rule_with_a_name_of_its_own(office: Office, ranger: httpx.Client) -> None:
    fields = {**fields_of(ranger.get(f"{LIST}/new?example=water").text), "device": "pond", "step": "save"}
    for _ in range(2):
        assert ranger.post(LIST, data=fields).status_code == 303
    with office.database.transaction() as connection:
        rules = notice.load_rules(connection)
    assert {"stadtwald-water-level", "stadtwald-water-level-2"} <= rules.keys()
    ranger.post(f"{LIST}/stadtwald-water-level-2/remove")
    with office.database.transaction() as connection:
        assert "stadtwald-water-level-2" not in notice.load_rules(connection)
