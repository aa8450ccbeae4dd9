"""Reports of problems: each once, within bounds, without anything about whoever sends it."""

from __future__ import annotations

import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from geodata.actions import edit_trail
from geodata.model.report import ReportKind, ReportState
from geodata.store.database import Database
from geodata.store.reports import handling, intake
from tests.api.webapp.second_town import add_kalletal
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.trails.media import photo
from tests.fixtures.web.hikers import PONDS, Hikers
from tests.fixtures.web.reports import FORM, kept, picture_of, send


def located(width: int = 2400, height: int = 1800) -> bytes:
    """A photo as a phone takes it: with its place, and who took it."""
    exif = Image.Exif()
    exif[0x013B] = "Anna Beispiel"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 3.0, 5.58), 3: "E", 4: (8.0, 55.0, 0.38)})
    return photo(width, height, exif=exif)


def test_a_report_leads_to_its_page_which_says_how_far_it_is(hikers: Hikers) -> None:
    answer = send(hikers, as_json=False)
    assert answer.status_code == 303
    receipt = hikers.get(answer.headers["location"])
    assert "Angekommen" in receipt.text
    assert "Eine Fichte liegt quer." in receipt.text
    assert receipt.headers["cache-control"] == "no-store"
    assert "noindex" in receipt.headers["x-robots-tag"]
    (report,) = kept(hikers.database)
    assert (report.kind, report.place.station, report.place.trail) == (ReportKind.TREE, PONDS, "stadtwald")
    with hikers.database.transaction() as connection:
        handling.change(connection, report.id, ReportState.DONE, "Der Baum ist weg.", "Akte 7", datetime.now(UTC))
    closed = hikers.get(answer.headers["location"]).text
    assert "Erledigt" in closed
    assert "Der Baum ist weg." in closed
    assert "Akte 7" not in closed, "a note is for staff"


def test_the_same_report_five_times_at_the_same_moment_is_one(hikers: Hikers) -> None:
    identity = str(uuid4())
    with ThreadPoolExecutor(5) as phones:
        answers = list(phones.map(lambda _: send(hikers, id=identity), range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert {answer.json()["id"] for answer in answers} == {identity}
    assert len(kept(hikers.database)) == 1


def test_of_the_same_report_with_other_words_the_first_stays_and_that_is_told(hikers: Hikers) -> None:
    identity = str(uuid4())
    send(hikers, id=identity)
    again = send(hikers, id=identity, text="Zwei Fichten.")
    assert (again.status_code, again.json()["differs"]) == (200, True)
    assert [report.text for report in kept(hikers.database)] == ["Eine Fichte liegt quer."]
    assert "Was du zuerst gesendet hast, gilt" in hikers.get(again.json()["url"]).text
    assert send(hikers, id=identity).json()["differs"] is False


def test_a_picture_is_kept_small_and_without_place_and_name(hikers: Hikers) -> None:
    answer = send(hikers, picture=located())
    data = picture_of(hikers.database, kept(hikers.database)[0].id)
    image = Image.open(io.BytesIO(data))
    assert (answer.status_code, image.size, image.format) == (201, (1600, 1200), "JPEG")
    assert len(image.getexif()) == 0
    assert b"Anna" not in data


@pytest.mark.parametrize(
    ("picture", "status", "told"),
    [
        (b"x" * 30_000_000, 413, "Das Bild ist größer als 12 MB. Mach ein kleineres Bild"),
        (b"MZ\x90\x00 no picture", 422, "Das ist kein Bild, das wir lesen können"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "Das ist kein Bild, das wir lesen können"),
        (photo(2400, 1800)[:5000], 422, "Das ist kein Bild, das wir lesen können"),
    ],
    ids=["30 MB", "a program", "SVG", "half a photo"],
)
def test_a_picture_that_cannot_be_kept_is_refused_and_the_words_stay(
    hikers: Hikers, picture: bytes, status: int, told: str
) -> None:
    text = 'Am Steg fehlt ein Brett, "links" <hinten>.'
    answer = send(hikers, picture=picture, as_json=False, kind="barrier", text=text, contact="anna@wald.example")
    shown = unescape(answer.text)
    assert answer.status_code == status
    assert told in shown
    assert f">{text}</textarea>" in shown
    assert 'value="anna@wald.example"' in shown
    assert re.search(r'value="barrier"[^>]*checked', shown)
    assert kept(hikers.database) == []
    assert send(hikers, picture=picture).json()["errors"].keys() == {"picture"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": ""}, {"kind"}),
        ({"kind": "volcano"}, {"kind"}),
        ({"kind": "other", "text": " \n"}, {"text"}),
        ({"kind": "other", "text": "\u200b \u2060\n\u3164"}, {"text"}),
        ({"text": "x" * 2001}, {"text"}),
        ({"contact": "ruf mich an"}, {"contact"}),
        ({"id": "1"}, {"id"}),
        ({"id": "c232ab00-9414-11ec-b3c8-9f6bdeced846"}, {"id"}),
        ({"id": "{9f1c2a44-5b0e-4d8e-8a57-3f1f0f6f7a10}"}, {"id"}),
        ({"id": "9f1c2a44_5b0e4d8e_8a57_3f1f0f6f7a"}, {"id"}),
        ({"kind": "", "text": "x" * 3000, "contact": "?", "id": ""}, {"kind", "text", "contact", "id"}),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_kept(hikers: Hikers, fields: dict[str, str], wrong: set[str]) -> None:
    answer = send(hikers, fields=fields)
    assert (answer.status_code, answer.json()["errors"].keys()) == (422, wrong)
    page = send(hikers, as_json=False, fields=fields).text
    assert all(f'id="{field}-wrong"' in page for field in wrong)
    assert kept(hikers.database) == []


def test_a_contact_of_any_length_is_judged_at_once(hikers: Hikers) -> None:
    begun = time.monotonic()
    assert send(hikers, contact="a@" + "." * 60_000 + "\u00a0b").json()["errors"].keys() == {"contact"}
    assert time.monotonic() - begun < 5, "nobody else is answered meanwhile"


def test_what_nobody_can_see_is_left_out_and_what_is_no_number_is_no_place(hikers: Hikers) -> None:
    send(hikers, text="Baum\x00\u202e quer\r\nam Steg", lon="nan", lat="1e999", written_at="gestern")
    (report,) = kept(hikers.database)
    assert (report.text, report.place.lon, report.written_at) == ("Baum quer\nam Steg", None, None)


def test_a_place_and_a_time_of_the_phone_are_kept_where_they_can_be_right(hikers: Hikers) -> None:
    now = datetime.now(UTC)
    send(hikers, lon="8.9168", lat="52.0516", accuracy_m="12", written_at=(now - timedelta(hours=2)).isoformat())
    send(hikers, lon="8.9", lat="91", written_at=(now + timedelta(days=14)).isoformat())
    late, early = kept(hikers.database)
    assert (early.place.lon, early.place.lat, early.place.accuracy_m) == (8.9168, 52.0516, 12)
    assert early.written_at == now - timedelta(hours=2)
    assert (late.place.lon, late.written_at) == (None, None)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_cannot_report_in_the_name_of_its_visitors(hikers: Hikers, origin: str) -> None:
    refused = send(hikers, origin=origin)
    assert refused.status_code == 403
    assert "kam nicht von unseren Seiten" in refused.json()["trouble"], "an outbox gives it up and says why"
    assert "kam nicht von unseren Seiten" in send(hikers, origin=origin, as_json=False).text
    assert kept(hikers.database) == []


def test_half_a_form_is_no_report_without_its_picture(hikers: Hikers) -> None:
    whole = httpx.Request(
        "POST", hikers.url + FORM, data={"id": str(uuid4()), "kind": "tree", "text": "Baum"},
        files={"picture": ("a.jpg", photo(400, 300))}, headers={"origin": hikers.url, "accept": "application/json"},
    )  # fmt: skip
    body, headers = whole.read(), {**whole.headers, "host": ""}
    del headers["content-length"], headers["host"]
    for cut in (len(body) // 2, len(body) - 6):
        answer = httpx.post(hikers.url + FORM, content=body[:cut], headers=headers)
        assert answer.status_code == 400, "for an outbox no answer of ours: it tries again"
        assert "json" not in answer.headers["content-type"]
    assert kept(hikers.database) == []
    assert httpx.post(hikers.url + FORM, content=body, headers=headers).status_code == 201


def test_of_two_towns_the_one_whose_statement_led_here_gets_the_report(hikers: Hikers) -> None:
    add_kalletal(hikers.database)
    wait_until(lambda: "Weserblick" in hikers.get("/").text, what="the second trail")
    link = re.search(r'href="(/report\?[^"]*)"', hikers.get("/barrierefreiheit/kalletal").text)
    assert link is not None
    form = hikers.get(unescape(link[1])).text
    english = re.search(r'href="([^"]*lang=en)"', form)
    assert english is not None
    assert re.search(r'value="barrier"[^>]*checked', hikers.get(unescape(english[1])).text)
    for page in (form, hikers.get(unescape(english[1])).text):
        action = re.search(r'<form class="problem" action="([^"]*)"', page)
        assert action is not None
        assert send(hikers, unescape(action[1]), kind="barrier").status_code == 201
    assert [report.place.municipality for report in kept(hikers.database)] == ["kalletal", "kalletal"]


def test_more_than_people_can_read_in_an_hour_is_told_to_come_later(
    hikers: Hikers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_OF_PLACE", 2)
    taken = [send(hikers) for _ in range(2)]
    refused = send(hikers)
    assert [answer.status_code for answer in [*taken, refused]] == [201, 201, 429]
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    assert "in 60 Minuten noch einmal" in refused.json()["trouble"]
    assert send(hikers, id=taken[0].json()["id"]).status_code == 200, "what is there already is told in any case"
    assert send(hikers, "/report").status_code == 201, "another place has its own share"
    page = send(hikers, as_json=False, text="Noch ein Baum")
    assert "Noch ein Baum</textarea>" in page.text


@pytest.mark.parametrize(
    "path", ["/s/3DVB45/report", "/t/nowhere/report", "/report/1", "/report/9f1c2a44-5b0e-4d8e-8a57-3f1f0f6f7a10"]
)
def test_what_is_not_there_has_no_form_and_no_page(hikers: Hikers, path: str) -> None:
    assert hikers.get(path).status_code == 404


def test_the_page_of_a_report_that_was_deleted_says_so(hikers: Hikers) -> None:
    url = send(hikers).json()["url"]
    with hikers.database.transaction() as connection:
        handling.delete(connection, kept(hikers.database)[0].id)
    gone = hikers.get(url)
    assert gone.status_code == 404
    assert "Diese Meldung gibt es nicht" in gone.text
    assert "Diesen Code gibt es nicht" not in gone.text


def test_a_report_whose_answer_was_lost_is_told_as_kept_also_when_its_trail_is_gone(hikers: Hikers) -> None:
    identity = str(uuid4())
    send(hikers, id=identity)
    with hikers.database.transaction() as connection:
        edit_trail.remove(connection, "stadtwald")
    wait_until(lambda: hikers.get(f"/s/{PONDS}").status_code == 410, what="the code to be gone")
    again = send(hikers, id=identity)
    assert (again.status_code, again.json()["id"]) == (200, identity)
    assert hikers.get(again.json()["url"]).status_code == 200
    assert send(hikers).status_code == 404


def test_a_report_to_a_station_that_is_not_there_is_refused_for_good(hikers: Hikers) -> None:
    answer = send(hikers, "/s/3DVB45/report")
    assert (answer.status_code, answer.json()["trouble"]) == (404, "Diesen Ort gibt es hier nicht mehr.")


def test_without_a_station_the_trail_can_be_chosen_and_a_barrier_is_told_from_the_statement(hikers: Hikers) -> None:
    statement = hikers.get("/barrierefreiheit").text
    link = re.search(r'href="(/report\?[^"]*)"', statement)
    assert link is not None
    form = hikers.get(unescape(link[1])).text
    assert re.search(r'value="barrier"[^>]*checked', form)
    assert '<option value="stadtwald"' in form
    send(hikers, "/report", kind="barrier", trail="stadtwald")
    send(hikers, "/t/stadtwald/report", kind="barrier")
    assert {(r.place.municipality, r.place.trail, r.place.station) for r in kept(hikers.database)} == {
        ("lemgo", "stadtwald", None)
    }


@pytest.mark.parametrize("language", ["de", "en", "de_simple"])
def test_the_form_speaks_each_language_and_links_keep_it(hikers: Hikers, language: str) -> None:
    page = hikers.get(f"{FORM}?lang={language}").text
    words = {"de": "Worum geht es?", "en": "What is it about?", "de_simple": "Ein Problem melden"}
    assert words[language] in page
    assert f'action="{FORM}?lang={language}"' in page
    assert send(hikers, f"{FORM}?lang={language}").json()["url"].endswith(f"?lang={language}")


def test_a_report_that_comes_as_no_form_is_refused(hikers: Hikers) -> None:
    answer = httpx.post(hikers.url + FORM, data={"kind": "tree"}, headers={"origin": hikers.url})
    assert answer.status_code == 400
    assert "kein Formular" in answer.text


def test_no_report_is_in_the_public_interface(hikers: Hikers, database: Database) -> None:
    send(hikers, text="Nur für die Kommune")
    for path in ("/api/v1/stations", f"/api/v1/stations/{PONDS}", "/api/v1/trails/stadtwald", f"/s/{PONDS}"):
        assert "Nur für die Kommune" not in hikers.get(path).text
    assert len(kept(database)) == 1
