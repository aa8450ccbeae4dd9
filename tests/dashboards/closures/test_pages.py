"""Closing a trail or a part of it on the staff pages, seen beforehand, changed, opened again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.catalogue import closure
from tests.dashboards.office import Office, hire

LIST = "/staff/trails/stadtwald/closures"
TREE = {
    "where": "between",
    "from_station": "4",
    "to_station": "5",
    "reason_de": "Ein Baum liegt quer.",
    "begins": "2026-01-01T08:00",
}


@pytest.fixture
def ranger(office: Office) -> httpx.Client:
    hire(office.database, "ute", Role.RANGER)
    return office.signed_in("ute")


def stored(office: Office) -> list[closure.Closure]:
    with office.database.transaction() as connection:
        return list(closure.load(connection).values())


def add(ranger: httpx.Client, **fields: str) -> httpx.Response:
    return ranger.post(LIST, data={**TREE, "step": "save", **fields})


def test_the_look_beforehand_says_who_sees_what_and_saves_nothing(office: Office, ranger: httpx.Client) -> None:
    answer = ranger.post(LIST, data={**TREE, "step": "preview"})
    assert answer.status_code == 200
    for words in ("von Station 4 bis Station 5", "Ein Baum liegt quer.", "5 · Wo die Fichten standen", "Ende offen"):
        assert words in answer.text, words
    assert "7 · Holzsteg" not in answer.text, "a station behind the tree is open"
    assert 'class="closed"' in answer.text
    assert stored(office) == []


def test_what_is_saved_is_what_was_typed_and_the_log_says_it(office: Office, ranger: httpx.Client) -> None:
    answer = add(ranger, ends="2026-01-02T08:00", detour_de="Außen herum.", reason_en="A tree.", legal_basis="§ 1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}?notice=saved")
    (kept,) = stored(office)
    assert kept.stretch == (1500, 1900)
    assert kept.valid_from == datetime(2026, 1, 1, 7, tzinfo=UTC), "the clock of the town is meant"
    assert kept.valid_until == datetime(2026, 1, 2, 7, tzinfo=UTC)
    assert {name: (text.reason, text.detour) for name, text in kept.contents.items()} == {
        "de": ("Ein Baum liegt quer.", "Außen herum."),
        "en": ("A tree.", ""),
    }
    with office.database.transaction() as connection:
        entry = audit.newest(connection, 1)[0]
    assert (entry.action, entry.municipality) == ("closure-add", "lemgo")
    assert "Ein Baum liegt quer." in entry.after


def test_a_form_that_is_sent_twice_closes_once(office: Office, ranger: httpx.Client) -> None:
    add(ranger)
    add(ranger)
    assert len(stored(office)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason_de": " "}, "warum gesperrt ist"),
        ({"from_station": "99"}, "Bitte wählen Sie eine Station."),
        ({"to_station": "4"}, "zweimal dieselbe Station"),
        ({"where": "along", "from_m": "10", "to_m": "99999"}, "„99999“ liegt nicht auf dem Pfad"),
        ({"where": "along", "from_m": "nan", "to_m": "10"}, "„nan“ liegt nicht auf dem Pfad"),
        ({"where": "along", "from_m": "10", "to_m": "10"}, "derselbe Punkt"),
        ({"where": "area"}, "Bitte wählen Sie, was gesperrt ist."),
        ({"begins": "bald"}, "„bald“ ist keine Zeit"),
        ({"begins": "2026-03-29T02:30"}, "ist keine Zeit, die es gibt"),
        ({"begins": "0001-01-01T00:00"}, "Zeit"),
        ({"ends": "2025-12-31T08:00"}, "liegt nicht nach dem Anfang"),
        ({"season_first": "01.03."}, "beide Tage"),
        ({"season_first": "01.01.", "season_last": "31.12."}, "immer gilt"),
        ({"season_first": "31.02.", "season_last": "31.12."}, "„31.02.“ ist kein Tag"),
        ({"detour_en": "Around."}, "Nur die Umleitung geht nicht"),
        ({"reason_de": "\u202edrehend"}, "unsichtbare Zeichen"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field_and_all_that_was_typed_stays(
    office: Office, ranger: httpx.Client, fields: dict[str, str], words: str
) -> None:
    answer = add(ranger, **{"detour_de": "Nimm den Hauptweg.", **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Nimm den Hauptweg." in answer.text
    assert stored(office) == []


def test_every_example_is_ready_to_be_sent(office: Office, ranger: httpx.Client) -> None:
    for example in ("tree", "storm", "felling", "breeding"):
        page = ranger.get(f"{LIST}/new?example={example}&from_station=4&to_station=5")
        assert page.status_code == 200
        assert '<option value="4" selected>' in page.text


def test_it_ends_now_by_one_press_and_is_then_over(office: Office, ranger: httpx.Client) -> None:
    add(ranger)
    identity = stored(office)[0].id
    answer = ranger.post(f"{LIST}/{identity}/open")
    assert answer.headers["location"] == f"{LIST}?notice=opened"
    assert abs((stored(office)[0].valid_until or datetime.min.replace(tzinfo=UTC)) - datetime.now(UTC)) < timedelta(
        minutes=1
    )
    assert ranger.post(f"{LIST}/{identity}/open").headers["location"] == f"{LIST}?notice=over"
    assert "Vorbei" in ranger.get(LIST).text


def test_one_that_has_not_begun_is_taken_back_without_a_trace_for_hikers(office: Office, ranger: httpx.Client) -> None:
    add(ranger, begins="2099-01-01T08:00")
    ranger.post(f"{LIST}/{stored(office)[0].id}/open")
    assert stored(office) == []


def test_whoever_saves_over_what_another_changed_sees_both_first(office: Office, ranger: httpx.Client) -> None:
    add(ranger)
    (first,) = stored(office)
    address, seen = f"{LIST}/{first.id}", first.updated_at.isoformat()
    mine = {**TREE, "step": "save", "version": seen, "reason_de": "Zwei Bäume liegen quer."}
    theirs = {**mine, "reason_de": "Drei Bäume liegen quer."}
    assert ranger.post(address, data=theirs).status_code == 303
    conflict = ranger.post(address, data=mine)
    assert conflict.status_code == 409
    assert "Drei Bäume" in conflict.text
    assert "Zwei Bäume" in conflict.text
    assert stored(office)[0].contents["de"].reason == "Drei Bäume liegen quer."
    mine["version"] = stored(office)[0].updated_at.isoformat()
    assert ranger.post(address, data=mine).status_code == 303
    assert stored(office)[0].contents["de"].reason == "Zwei Bäume liegen quer."


def test_a_stored_closure_comes_back_into_the_form_as_it_was(office: Office, ranger: httpx.Client) -> None:
    add(
        ranger,
        where="along",
        from_m="100",
        to_m="250,5",
        ends="2026-01-02T08:00",
        season_first="01.03.",
        season_last="31.07.",
    )
    page = ranger.get(f"{LIST}/{stored(office)[0].id}").text
    for value in ("100", "250", "2026-01-01T08:00", "2026-01-02T08:00", "01.03.", "31.07."):
        assert f'value="{value}"' in page, value


def test_a_closure_is_found_below_its_own_trail_only(office: Office, ranger: httpx.Client) -> None:
    add(ranger)
    with office.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT 'anderswo', municipality, line, licence FROM trail"
        )
    identity = stored(office)[0].id
    assert ranger.post(f"/staff/trails/anderswo/closures/{identity}/open").status_code == 404


def test_a_viewer_reads_what_is_closed_and_finds_no_button(office: Office, ranger: httpx.Client) -> None:
    add(ranger)
    hire(office.database, "vera", Role.VIEWER)
    page = office.signed_in("vera").get(LIST).text
    assert "Ein Baum liegt quer." in page
    assert "Wieder öffnen" not in page
    assert "closures/new" not in page


def test_a_script_in_a_reason_is_text(office: Office, ranger: httpx.Client) -> None:
    preview = ranger.post(LIST, data={**TREE, "reason_de": "<script>x()</script>", "step": "preview"}).text
    assert "<script>x()" not in preview
    assert "&lt;script&gt;x()" in preview
