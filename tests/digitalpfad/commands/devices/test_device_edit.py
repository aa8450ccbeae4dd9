"""`digitalpfad device move|edit`, and how devices are in `device list` and `doctor`, as an operator types them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.digitalpfad.commandline import Ended, run
from tests.fixtures.databases.database import url_of


@pytest.fixture
def system(demo_trail: None, database_url: str) -> dict[str, str]:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence, surveyed)"
            " SELECT 'talweg', municipality, line, licence, true FROM trail"
        )
        connection.execute("UPDATE trail SET surveyed = false WHERE slug = 'stadtwald'")
    return {"DIGITALPFAD_DATABASE_URL": url_of(database_url)}


def devices(system: dict[str, str]) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in json.loads(run("device", "list", "--json", **system).stdout)}


def done(ended: Ended) -> Ended:
    assert ended.returncode == 0, ended.stderr
    return ended


def test_a_device_is_moved_within_its_trail_and_named(system: dict[str, str]) -> None:
    (device, before), (_, other), *_ = devices(system).items()
    told = done(run("device", "move", device, "--station", str(other["station"]).lower(), **system))
    assert f"station   {other['station']}" in told.stdout
    assert f"What it measured before stays with {before['station']}" in told.stderr
    assert "topics" not in told.stderr, "they are the same as before"
    again = done(run("device", "move", device, "--station", str(other["station"]), **system))
    assert "stands there already" in again.stderr
    done(run("device", "edit", device, "--name", " Pegel Nord ", "--every", "120", **system))
    after = devices(system)[device]
    assert (after["station"], after["name"], after["interval_s"]) == (other["station"], "Pegel Nord", 120)


def test_a_device_taken_to_another_trail_is_told_its_topics(system: dict[str, str], database_url: str) -> None:
    device, before = next(iter(devices(system).items()))
    moved = done(run("device", "move", device, "--trail", "talweg", "--at", "2026-06-01T08:00", "--json", **system))
    assert json.loads(moved.stdout) == {
        "device": device,
        "trail": "talweg",
        "station": None,
        "since": "2026-06-01T06:00:00Z",  # summer time at the trail
        "topic": f"digitalpfad/v1/talweg/{device}/event/telemetry",
        "earlier_topics": [f"digitalpfad/v1/{before['trail']}/{device}/event/telemetry"],
    }
    assert "nothing is lost" in moved.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT trail, station, until FROM device_stay").fetchall() == [
            (before["trail"], before["station"], datetime(2026, 6, 1, 6, tzinfo=UTC))
        ]
    wrong = run("device", "move", device, "--trail", "stadtwald", "--at", "2026-05-01T08:00", **system)
    assert wrong.returncode == 2
    assert "expected 2026-06-01T06:00:00Z or later" in wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("--trail", "nowhere"), "There is no trail 'nowhere'"),
        (("--station", "000000"), "There is no station"),
        ((), "expected a station, or a trail that it stands near"),
        (("--trail", "talweg", "--at", "2990-01-01T08:00"), "expected a time that is not after now"),
    ],
)
def test_a_move_that_cannot_be_is_refused(system: dict[str, str], arguments: tuple[str, ...], answer: str) -> None:
    before = devices(system)
    ended = run("device", "move", next(iter(before)), *arguments, **system)
    assert (ended.returncode, devices(system)) == (2, before)
    assert answer in ended.stderr


def test_nothing_to_edit_and_a_stranger_are_refused(system: dict[str, str]) -> None:
    nothing = run("device", "edit", "pegel-04", **system)
    assert (nothing.returncode, "change of pegel-04 is not given" in nothing.stderr) == (2, True), nothing.stderr
    assert run("device", "edit", "nobody", "--name", "x", **system).returncode == 2
    assert run("device", "edit", next(iter(devices(system))), "--every", "0", **system).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("--name", "zwei\nZeilen"), "name is 'zwei\\nZeilen', expected one line of at most 80 characters."),
        (("--kind", "x" * 81), "expected one line of at most 80 characters."),
        (("--every", "0"), "every is 0, expected 1 to 2678400 seconds. 600 is every ten minutes."),
        (("--lon", "8.9"), "lon, lat is 8.9, not given, expected both or none."),
        (("--lon", "52.0516", "--lat", "8.9165"), "expected a point at most 2000 m from the trail's line."),
        (("--lon", "8.9", "--lat", "99"), "expected degrees, longitude from -180 to 180"),
        (
            ("--station", "3DVB54", "--lon", "8.9", "--lat", "52"),
            "place is 3DVB54 and a point, expected one of the two",
        ),
        (("--station", "000000"), "There is no station"),
    ],
)
def test_what_no_device_can_be_names_value_expectation_and_hint(
    system: dict[str, str], arguments: tuple[str, ...], answer: str
) -> None:
    before = devices(system)
    for command in (("edit", next(iter(before))), ("add", "neu")):
        place = () if command[0] == "edit" or "--station" in arguments else ("--trail", "stadtwald")
        ended = run("device", *command, *arguments, *place, **system)
        assert (ended.returncode, devices(system)) == (2, before), ended.stderr
        assert answer in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_name_may_hold_what_word_processors_put_between_words(system: dict[str, str]) -> None:
    device = next(iter(devices(system)))
    done(run("device", "edit", device, "--name", "Pegel\u00a0Nord, Förster\u00adteich", **system))
    assert devices(system)[device]["name"] == "Pegel\u00a0Nord, Förster\u00adteich"


def test_a_device_is_added_with_all_that_is_known_of_it_and_found_so(system: dict[str, str]) -> None:
    about = ("--name", "Regenmesser", "--kind", "rain", "--every", "3600")
    added = done(
        run("device", "add", "regen-1", "--trail", "stadtwald", "--lon", "8.9165", "--lat", "52.0516", *about, "--json",
            **system)
    )  # fmt: skip
    known = {"name": "Regenmesser", "kind": "rain", "interval_s": 3600, "lon": 8.9165, "lat": 52.0516, "station": None}
    assert {name: json.loads(added.stdout)[name] for name in known} == known
    assert {name: devices(system)["regen-1"][name] for name in known} == known
    listed = next(row for row in run("device", "list", **system).stdout.splitlines() if row.startswith("regen-1"))
    assert "8.91650, 52.05160" in listed
    assert listed.split()[-6:] == ["–", "3600", "s", "Regenmesser", "rain", "–"]
    again = run("device", "add", "regen-1", "--trail", "stadtwald", **system)
    assert "expected an id that no device has yet" in again.stderr
    nowhere = run("device", "add", "regen-2", **system)
    assert "expected a station, or a trail that it stands near" in nowhere.stderr


def test_a_corrected_place_counts_since_the_device_came_there(system: dict[str, str], database_url: str) -> None:
    (device, before), (_, other), *_ = devices(system).items()
    done(run("device", "edit", device, "--station", str(other["station"]).lower(), **system))
    assert (devices(system)[device]["station"], devices(system)[device]["earlier"]) == (other["station"], [])
    point = ("--lon", "8.9165", "--lat", "52.0516")
    refused = run("device", "edit", device, *point, **system)
    assert (refused.returncode, devices(system)[device]["station"]) == (2, other["station"])
    expected = (
        f"expected a device at no station; {device} stands at {other['station']}. 'digitalpfad device move ID --tr"
    )
    assert expected in refused.stderr
    done(run("device", "move", device, "--trail", str(before["trail"]), **system))
    moved = devices(system)[device]
    placed = done(run("device", "edit", device, *point, **system))
    assert f"{device} is changed: place – → 8.91650, 52.05160." in placed.stderr
    after = devices(system)[device]
    assert (after["station"], after["lon"], after["earlier"]) == (None, 8.9165, moved["earlier"])
    done(run("device", "edit", device, "--station", str(other["station"]), **system))
    assert devices(system)[device]["earlier"] == [], "it never left"
    done(run("device", "move", device, "--trail", "talweg", **system))
    elsewhere = run("device", "edit", device, "--station", str(other["station"]), **system)
    assert "expected a place on talweg, where it stands. Another trail is a move" in elsewhere.stderr


def test_an_edit_answers_what_was_changed_from_what_to_what(system: dict[str, str]) -> None:
    for options, answer in (
        (("--name", "Teich", "--every", "90"), "name Pegel im Försterteich → Teich, every 60 s → 90 s."),
        (("--kind", "gauge", "--station", "2FYJEM"), "kind level → gauge, place 3DVB54 → 2FYJEM."),
        (("--name", "Teich"), "pegel-04 is as it was."),
        (("--name", ""), "pegel-04 is changed: name Teich → –."),
    ):
        assert answer in done(run("device", "edit", "pegel-04", *options, **system)).stderr


def test_a_device_that_is_revoked_twice_is_noted_once(system: dict[str, str]) -> None:
    device = next(iter(devices(system)))
    for _ in range(2):
        assert run("device", "revoke", device, **system).returncode == 0
    entries = json.loads(run("audit", "list", "--json", **system).stdout)
    assert [one["object"] for one in entries if one["action"] == "device-revoke"] == [device]


def test_a_trail_goes_without_what_was_measured_on_another(system: dict[str, str], database_url: str) -> None:
    device, _ = next(iter(devices(system).items()))
    done(run("device", "move", device, "--trail", "talweg", **system))
    assert "stood on other trails before" in run("trail", "remove", "talweg", **system).stderr
    done(run("trail", "remove", "stadtwald", **system))
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT trail, station FROM device_stay").fetchall() == [("stadtwald", None)]


def test_a_real_trail_stays_for_what_a_moved_device_measured_there(system: dict[str, str], database_url: str) -> None:
    device = next(iter(devices(system)))
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE trail SET surveyed = true")
        connection.execute("UPDATE device SET trail = 'talweg', station = NULL WHERE id = %s", [device])
        connection.execute(
            "INSERT INTO rollup_hour (datastream, hour, count, sum, minimum, maximum, suspect, missing)"
            " SELECT id, '2026-06-01Z', 4, 4, 1, 1, 1, 0 FROM datastream WHERE device = %s LIMIT 1",
            [device],
        )
    done(run("device", "move", device, "--trail", "stadtwald", "--at", "2026-06-02", **system))
    refused = run("trail", "remove", "talweg", **system)
    assert "talweg holds 5 measured values" in refused.stderr


def heard(url: str, ago: timedelta, *, but: str = "") -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO device_state AS old (device, last_seen_at) SELECT id, now() - %s FROM device WHERE id <> %s"
            " ON CONFLICT (device) DO UPDATE SET last_seen_at = excluded.last_seen_at",
            [ago, but],
        )


def doctor(system: dict[str, str]) -> dict[str, object]:
    found = json.loads(run("doctor", "--json", **system).stdout)
    return next(one for one in found if one["check"] == "devices")


def test_a_new_device_waits_and_is_never_heard_after_a_day(system: dict[str, str], database_url: str) -> None:
    assert {one["condition"] for one in devices(system).values()} == {"waits for its first value"}
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE device SET registered_at = now() - interval '25 hours'")
    assert {one["condition"] for one in devices(system).values()} == {"never heard"}
    assert doctor(system)["ok"] is True


def test_the_silence_of_all_is_said_first_as_one_cause(system: dict[str, str], database_url: str) -> None:
    heard(database_url, timedelta(hours=3))
    told = run("device", "list", **system)
    assert told.stderr.startswith("All 11 devices are silent, the last one since ")
    assert "Check in this order: gateway and broker" in told.stderr
    assert " silent " in told.stdout
    assert (doctor(system)["ok"], "one common cause" in str(doctor(system)["found"])) == (False, True)
    german = run("device", "list", **system, LC_ALL="de_DE.UTF-8").stderr
    assert german.startswith("Alle 11 Geräte schweigen")


def test_the_silence_of_one_of_two_trails_lies_there(system: dict[str, str], database_url: str) -> None:
    heard(database_url, timedelta(hours=3))
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('tal-1', 'talweg')")
        connection.execute("INSERT INTO device_state (device, last_seen_at) VALUES ('tal-1', now())")
    told = run("device", "list", **system).stderr
    assert told.startswith("All 11 devices of stadtwald are silent")
    assert "power at the trail" in told


def test_one_silent_device_is_no_fault_of_the_system(system: dict[str, str], database_url: str) -> None:
    device = next(iter(devices(system)))
    heard(database_url, timedelta(hours=3))
    heard(database_url, timedelta(), but=device)
    assert run("device", "list", **system).stderr == ""
    assert doctor(system)["ok"] is True
    assert f"1 silent ({device})" in str(doctor(system)["found"])
