"""`digitalpfad notice import`, `export` and `remove` on a real database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.digitalpfad.commandline import run

TEXTS = {"de": {"caution": "Feucht.", "warning": "Nass.", "unknown": "Wer weiß."}}
RULE = {
    "id": "neue-regel", "station": 3, "device": "steg-02", "observed_property": "surface_wetness",
    "caution": 30, "hysteresis": 10, "texts": TEXTS,
}  # fmt: skip


def import_rules(demo: dict[str, str], folder: Path, rules: object, *more: str, trail: str = "stadtwald"):
    file = folder / "notices.json"
    file.write_text(json.dumps(rules), encoding="utf-8")
    return run("notice", "import", str(file), "--trail", trail, *more, **demo)


def listed(demo: dict[str, str]) -> dict[str, dict]:
    return {rule["id"]: rule for rule in json.loads(run("notice", "list", "--json", **demo).stdout)}


def test_a_rule_is_tried_added_changed_and_removed_beside_the_others(demo: dict[str, str], tmp_path: Path) -> None:
    before = listed(demo)
    tried = import_rules(demo, tmp_path, [RULE], "--dry-run")
    assert (tried.returncode, tried.stdout) == (0, "id          rule\nneue-regel  new\n"), tried.stderr
    assert listed(demo) == before
    assert import_rules(demo, tmp_path, [RULE]).returncode == 0
    assert listed(demo).keys() == before.keys() | {"neue-regel"}
    assert "neue-regel  unchanged" in import_rules(demo, tmp_path, [RULE]).stdout
    texts = {"de": TEXTS["de"] | {"warning": "Sehr nass."}}
    other = import_rules(
        demo, tmp_path, [RULE | {"caution": 40, "warning": 70.5, "hold_s": 60, "texts": texts}], "--dry-run"
    ).stdout
    told = "hold_s 0 → 60, caution 30 → 40, warning – → 70.5, texts.de.warning Nass. → Sehr nass."
    assert f"neue-regel  changed: {told}\n" in other
    assert "neue-regel  changed: caution 30 → 40\n" in import_rules(demo, tmp_path, [RULE | {"caution": 40}]).stdout
    removed = run("notice", "remove", "neue-regel", **demo)
    assert "neue-regel is removed, with 0 manual overrides" in removed.stderr
    assert listed(demo) == before
    assert run("notice", "remove", "neue-regel", **demo).returncode == 2


def test_a_value_that_was_never_sent_is_told(demo: dict[str, str], tmp_path: Path) -> None:
    done = import_rules(demo, tmp_path, [RULE | {"observed_property": "rain"}])
    assert done.returncode == 0, done.stderr
    assert "steg-02 has not sent rain yet" in done.stderr


@pytest.mark.parametrize(
    ("rules", "trail", "sentence"),
    [
        ([RULE | {"station": 99}], "stadtwald", "The trail has the stations 1, 2, 3"),
        ([RULE | {"device": "nirgends"}], "stadtwald", "Register the device"),
        ([RULE | {"observed_property": "wetness"}], "stadtwald", "correct its id or the name of the observed property"),
        ([RULE, RULE], "stadtwald", "neue-regel"),
        (RULE, "stadtwald", "notices.json is no list, expected a list of rules"),
        ([RULE], "nowhere", "There is no trail 'nowhere'"),
    ],
)
def test_a_rule_that_cannot_work_is_one_sentence_and_changes_nothing(
    demo: dict[str, str], tmp_path: Path, rules: object, trail: str, sentence: str
) -> None:
    done = import_rules(demo, tmp_path, rules, trail=trail)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "neue-regel" not in listed(demo)


def test_exported_rules_are_imported_as_unchanged(demo: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    done = run("notice", "export", str(file), "--trail", "stadtwald", **demo)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert f"rules of stadtwald are written to {file}" in done.stderr
    again = run("notice", "import", str(file), "--trail", "stadtwald", **demo)
    assert again.returncode == 0, again.stderr
    assert [line.split() for line in again.stdout.splitlines()[1:]] == [[name, "unchanged"] for name in listed(demo)]
    refused = run("notice", "export", str(file), "--trail", "stadtwald", **demo)
    assert (refused.returncode, "a file that is not there yet" in refused.stderr) == (2, True)
    assert run("notice", "export", str(file), "--trail", "stadtwald", "--overwrite", **demo).returncode == 0
    assert run("notice", "export", str(file), "--trail", "nowhere", "--overwrite", **demo).returncode == 2
    nowhere = run("notice", "export", str(tmp_path / "no/rules.json"), "--trail", "stadtwald", **demo)
    assert (nowhere.returncode, "a file that can be written" in nowhere.stderr) == (2, True)


def test_rules_written_before_a_property_was_renamed_are_imported_as_unchanged(
    demo: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "rules.json"
    for typed in (f"notice export {file} --trail stadtwald", "property rename surface_wetness wetness"):
        assert run(*typed.split(), **demo).returncode == 0
    again = run("notice", "import", str(file), "--trail", "stadtwald", **demo)
    assert {line.split()[1] for line in again.stdout.splitlines()[1:]} == {"unchanged"}, again.stderr
    assert listed(demo)["steg-nass"]["observed_property"] == "wetness"


def test_a_rule_that_no_import_would_take_is_left_out_and_told(demo: dict[str, str], tmp_path: Path) -> None:
    assert run("device", "revoke", "steg-02", **demo).returncode in {0, 1}
    done = run("notice", "export", str(tmp_path / "rules.json"), "--trail", "stadtwald", **demo)
    assert "steg-nass is left out: its station is retired or its device revoked." in done.stderr
    assert run("notice", "import", str(tmp_path / "rules.json"), "--trail", "stadtwald", **demo).returncode == 0


def test_what_an_import_changed_is_in_the_audit_log_and_the_same_again_is_not(
    demo: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(2):
        assert import_rules(demo, tmp_path, [RULE]).returncode == 0
    entries = json.loads(run("audit", "list", "--json", **demo).stdout)
    assert [one["object"] for one in entries if one["action"] == "notice-import"] == ["stadtwald: neue-regel"]


def test_a_listed_rule_says_from_where_on_it_warns(demo: dict[str, str]) -> None:
    rule = listed(demo)["steg-nass"]
    assert (rule["caution"], rule["warning"], rule["below"], rule["hysteresis"]) == (30, 60, False, 10)
    assert rule["texts"]["de"]["caution"] == "Der Holzsteg ist feucht. Geh vorsichtig."
    assert "≥ 30     ≥ 60" in run("notice", "list", **demo).stdout


THREE_FAULTS = [
    {name: value for name, value in RULE.items() if name != "caution"} | {"cauton": 30, "station": 99},
    RULE | {"id": "zweite", "hold_s": -1, "observed_property": "surface_wetnes"},
    RULE | {"id": "dritte", "below": None, "texts": {"de": {"caution": "", "warning": "Nass.", "unknwon": "Wer?"}}},
    "neue-regel",
]


@pytest.mark.parametrize(
    ("locale", "sentences"),
    [
        (
            "C.UTF-8",
            [
                "cauton of notice neue-regel is no field, expected a field that there is. Did you mean caution?",
                "hold_s of notice zweite is -1, expected a whole number of seconds, 0 or more.",
                "below of notice dritte is null, expected true or false.",
                "texts.de.unknwon of notice dritte is no field, expected a field that there is. Did you mean unknown?",
                "texts.de.caution of notice dritte is '', expected a text.",
                "rule 4 is 'neue-regel', expected an object, in braces.",
                "station of notice neue-regel is 99, expected the number of a station.",
                "or the name of the observed property. Did you mean surface_wetness?",
                "Nothing was changed: correct these first.",
            ],
        ),
        (
            "de_DE.UTF-8",
            [
                "cauton des Hinweises neue-regel: kein Feld – erwartet: ein Feld, das es gibt. Meinten Sie caution?",
                "hold_s des Hinweises zweite: -1 – erwartet: ganze Sekunden, 0 oder mehr.",
                "Regel 4: 'neue-regel' – erwartet: ein Objekt in geschweiften Klammern.",
            ],
        ),
    ],
)
def test_all_faults_of_a_file_are_told_at_once_with_rule_and_place(
    demo: dict[str, str], tmp_path: Path, locale: str, sentences: list[str]
) -> None:
    before = listed(demo)
    done = import_rules(demo | {"LC_ALL": locale}, tmp_path, THREE_FAULTS)
    assert [sentence for sentence in sentences if sentence not in done.stderr] == [], done.stderr
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 9), done.stderr
    assert listed(demo) == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[\n{"id": "a",\n"station" 3}]', "notices.json is damaged in line 3, expected JSON."),
        ('[{"id": "a"', "notices.json is cut off at its end, expected JSON."),
        ("[7]", "rule 1 is 7, expected an object, in braces."),
        ('[{"id": "Ä"}]', "id of notice Ä is 'Ä', expected 1 to 63 characters a-z"),
        ("[{}]", "device of rule 1 is not given"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_told_in_words_of_people(
    demo: dict[str, str], tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "notices.json"
    file.write_text(text, encoding="utf-8")
    done = run("notice", "import", str(file), "--trail", "stadtwald", **demo)
    assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
