"""The explorer over real requests: page, points and files say the same, of what is asked and of nothing else."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO

import httpx
import pytest

from geodata.model.staff import Role
from geodata.store.database import Database
from tests.dashboards.figures.counted import BOARDWALK, DAY, TODAY, annotate, count, mount
from tests.dashboards.office import Office, hire
from tests.fixtures.process.waiting import wait_until

PAGE, POINTS, FILE = "/staff/figures/explore", "/staff/figures/explore/points", "/staff/figures/explore.csv"
FIRST = TODAY - timedelta(days=20)
"""The first of three days that were counted; on the second one nobody counted, on the third a counter was quiet."""
OWN = f"?first={FIRST}&last={FIRST + 3 * DAY}&by=day"


@pytest.fixture
def ute(office: Office, database: Database) -> httpx.Client:
    with database.transaction() as connection:
        come, go = mount(connection)
        (beside,) = mount(connection, BOARDWALK, ["in"])
        for channel, passes in ((come, 1000), (go, 234), (beside, 5)):
            count(connection, channel, FIRST, passes)
        count(connection, come, FIRST + 2 * DAY, 40, shared=7, hours=12)
        count(connection, come, FIRST - 364 * DAY, 900)
        connection.execute("UPDATE station SET made_at = NULL")
        connection.execute("UPDATE passes_day SET flags = 2 WHERE shared = 7")
        connection.execute(
            "INSERT INTO scan_hour VALUES ('K7YNX0', %(day)s::date + interval '12 hours', 'de', 'sign', 17)",
            {"day": FIRST},
        )
        connection.execute(
            "INSERT INTO scan_uptime SELECT hour, repeat('1', 60)::bit(60)"
            " FROM generate_series(%s::date - interval '2 hours', %s::date - interval '3 hours', '1 hour') AS hour",
            [FIRST, FIRST + 2 * DAY],
        )
        connection.execute(
            "INSERT INTO weather_day (municipality, station, source, day, temperature, rain)"
            " VALUES ('lemgo', 3, 'dwd', %s, -1.5, 12.25)",
            [FIRST],
        )
    annotate(database, FIRST + 2 * DAY, FIRST + 2 * DAY, "=1+1 Waldfest")
    hire(database, "ute", Role.VIEWER)
    return office.signed_in("ute")


def test_points_keep_gaps_apart_from_zeros_and_know_what_stands_beside_them(ute: httpx.Client) -> None:
    found = ute.get(POINTS + OWN + "&before=true").json()
    assert found["passes"] == [1239, None, 40, None]
    assert found["shared"] == [0, 0, 7, 0]
    assert found["atLeast"] == [0, 0, 1, 0]
    assert found["coverage"] == [1.0, 0.0, pytest.approx(0.5 / 3, abs=0.01), 0.0]
    assert found["before"] == [900, None, None, None]
    assert found["scans"] == [17, 0, None, None], "a day on which a web process ran and nobody came is a 0"
    assert found["temperature"] == [-1.5, None, None, None]
    assert found["noted"] == {"2": [1]}


def test_the_table_the_chart_and_the_files_are_of_the_same_rows(ute: httpx.Client) -> None:
    found = ute.get(POINTS + OWN).json()
    plain = list(csv.DictReader(StringIO(ute.get(FILE + OWN + "&form=plain").text)))
    excel = ute.get(FILE + OWN).content.decode("utf-8-sig")
    german = list(csv.DictReader(StringIO(excel), delimiter=";"))
    page = ute.get(PAGE + OWN).text
    for number, value in enumerate(found["passes"]):
        assert plain[number]["Durchgänge gezählt"] == german[number]["Durchgänge gezählt"] == str(value or "")
    assert [row["erster Tag"] for row in plain] == [str(FIRST + number * DAY) for number in range(4)]
    assert german[0]["Temperatur in °C"] == "-1,5"
    assert plain[0]["Temperatur in °C"] == "-1.5"
    cells = re.findall(r'data-label="Durchgänge" class="right">([^<]*)<', page)
    assert cells[:4] == ["1.239", "nicht gezählt", "mindestens 40", "nicht gezählt"]
    assert "Lücke: niemand hat gezählt" in page
    assert "Das ist =1+1" not in excel
    assert "; '=1+1" not in excel
    assert all(not row["Anmerkungen"].startswith("=") for row in (*plain, *german))


def test_one_station_counts_what_hangs_there_alone(ute: httpx.Client) -> None:
    assert ute.get(POINTS + OWN + "&trail=stadtwald&station=R7TZ2H").json()["passes"] == [5, None, None, None]
    assert ute.get(PAGE + "?trail=stadtwald&station=XXXXXX").status_code == 404
    assert ute.get(PAGE + "?trail=stadtwald&municipality=kalletal").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=2026-13-01", "„2026-13-01“ ist kein Tag"),
        ("first=2026-05-02&last=2026-05-01", "Der letzte Tag liegt vor dem ersten"),
        ("first=2101-01-01", "liegt in der Zukunft"),
        ("first=2000-01-01&last=2026-01-01", "länger als 25 Jahre"),
        ("range=forever", "„forever“ ist kein Zeitraum"),
        ("first=2026-01-01&last=2026-04-01&by=hour", "diese Schritte nicht"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_what_was_typed_stays(
    ute: httpx.Client, asked: str, said: str
) -> None:
    answer = ute.get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    first = re.search(r"first=([^&]+)", asked)
    if first and "by=" not in asked:
        assert f'value="{first[1]}"' in answer.text


def test_every_range_has_its_page_and_says_which_days_it_is(ute: httpx.Client) -> None:
    names = re.findall(r"range=([\w-]+)", ute.get(PAGE).text)
    assert len(set(names)) == 10
    for name in set(names):
        answer = ute.get(f"{PAGE}?range={name}&before=true")
        assert answer.status_code == 200, name
        assert 'aria-current="true"' in answer.text


def test_a_long_table_goes_on_a_page_further_and_the_chart_has_all(ute: httpx.Client) -> None:
    asked = f"?first={TODAY - 500 * DAY}&last={TODAY - DAY}&by=day"
    assert len(ute.get(POINTS + asked).json()["passes"]) == 500
    first, last = ute.get(PAGE + asked).text, ute.get(PAGE + asked + "&part=5").text
    assert first.count('role="rowheader"') == 120
    assert last.count('role="rowheader"') == 20
    assert first.count("<rect") < 1000
    assert "Durchgänge je Woche" in first, "five hundred bars are drawn by week"


def test_all_trails_of_a_town_are_one_sum_and_those_of_others_no_part_of_it(ute: httpx.Client, office: Office) -> None:
    with office.database.transaction() as connection:
        for slug, town in (("zweiter", "lemgo"), ("fremder", "kalletal")):
            connection.execute(
                "INSERT INTO municipality (slug, name) VALUES (%s, %s) ON CONFLICT DO NOTHING", [town, town]
            )
            connection.execute(
                "INSERT INTO trail (slug, municipality, line, licence)"
                " SELECT %s, %s, line, licence FROM trail WHERE slug = 'stadtwald'",
                [slug, town],
            )
            connection.execute(
                "WITH device AS (INSERT INTO device (id, trail, registered_at)"
                " VALUES (%(slug)s, %(slug)s, '2020-01-01Z') RETURNING id),"
                " stream AS (INSERT INTO datastream (device, observed_property)"
                " SELECT id, 'passes_in_total' FROM device RETURNING id),"
                " hung AS (INSERT INTO counter_mounting (device, trail) SELECT id, %(slug)s FROM device RETURNING id),"
                " channel AS (INSERT INTO counter_channel (mounting, direction, total)"
                " SELECT hung.id, 'in', stream.id FROM hung, stream RETURNING id)"
                " INSERT INTO passes_day (channel, day, passes, covered_s, covered_hours, valid)"
                " SELECT id, %(day)s, 100, 86400, 24, true FROM channel",
                {"slug": slug, "day": FIRST},
            )
    wait_until(lambda: "fremder" in office.keeper.current.listed, 10, "the other trails")
    assert ute.get(f"{POINTS}{OWN}&municipality=lemgo").json()["passes"][0] == 1339
    assert ute.get(f"{POINTS}{OWN}&trail=stadtwald").json()["passes"][0] == 1239
    page = ute.get(f"{PAGE}{OWN}&municipality=lemgo&before=true").text
    assert "Alle Pfade von Lemgo" in page
    assert "neben den Stationen" in page


def test_somebody_without_a_trail_is_told_so(office: Office, database: Database) -> None:
    hire(database, "uwe", Role.VIEWER)
    with database.transaction() as connection:
        connection.execute("UPDATE trail SET state = 'hidden'")
    wait_until(lambda: not office.keeper.current.listed, 10, "no trail")
    assert "Noch kein Pfad" in office.signed_in("uwe").get(PAGE).text
