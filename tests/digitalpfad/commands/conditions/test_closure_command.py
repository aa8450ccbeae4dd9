"""`digitalpfad closure` and `digitalpfad notice` on a real database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from geodata.errors import InvalidInput
from geodata.store.catalogue import closure
from geodata.store.database import Database
from geodata.text import localtime
from tests.digitalpfad.commandline import run
from tests.geodata.trailfiles.geodesy import utm

BERLIN = ZoneInfo("Europe/Berlin")
CLOSE = ("closure", "add", "--trail", "stadtwald", "--reason", "Sturmschäden")


def listed(demo: dict[str, str], *more: str) -> list[dict]:
    return json.loads(run("closure", "list", "--json", *more, **demo).stdout)


def test_a_stretch_is_closed_listed_and_opened_again(demo: dict[str, str]) -> None:
    ended = run(*CLOSE, "--from", "2026-01-23T08:00", "--open-end", "--from-station", "3", "--to-station", "5", **demo)
    assert (ended.returncode, ended.stdout) == (0, "closure   1\nstations  3, 4, 5\n"), ended.stderr
    (row,) = listed(demo)
    assert (row["state"], row["begins_at"], row["ends_at"]) == ("closed", "2026-01-23T07:00:00Z", None)
    assert row["stations"] == [3, 4, 5]
    assert "Sturmschäden" in run("closure", "list", **demo).stdout
    assert run("closure", "end", "1", **demo).returncode == 0
    assert listed(demo) == []
    assert listed(demo, "--all")[0]["state"] == "over"
    assert run("closure", "end", "1", **demo).returncode == 2


def test_each_language_has_its_reason_and_detour_and_the_older_options_still_speak(demo: dict[str, str]) -> None:
    since = ("--from", "2026-01-23T08:00", "--open-end", "--json")
    texts = ("--reason", "en=Storm", "--detour", "de=Hauptweg", "--detour", "en=Main path", "--reason-simple", "Sturm.")
    ended = run(*CLOSE, *since, *texts, **demo)
    assert (ended.returncode, ended.stderr) == (
        0,
        "--reason-simple is deprecated: write --reason de_simple=….\n",
    )
    with Database(demo["DIGITALPFAD_DATABASE_URL"], pool_size=1) as database, database.transaction() as connection:
        (stored,) = closure.load(connection).values()
    assert {variant: (text.reason, text.detour) for variant, text in stored.contents.items()} == {
        "de": ("Sturmschäden", "Hauptweg"),
        "en": ("Storm", "Main path"),
        "de_simple": ("Sturm.", ""),
    }


def test_stretches_across_the_start_areas_and_seasons_are_closed(demo: dict[str, str], tmp_path: Path) -> None:
    area = tmp_path / "sturm.geojson"
    ring = [[8.92, 52.05], [8.93, 52.05], [8.93, 52.054], [8.92, 52.054], [8.92, 52.05]]
    area.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    )
    usual = ("--from", "2026-01-23T08:00", "--until", "2036-01-23T08:00", "--json")
    across = run(*CLOSE, *usual, "--from-station", "10", "--to-station", "1", **demo)
    inside = run(*CLOSE, *usual, "--area", str(area), "--season", "03-01..07-31", **demo)
    whole = run(*CLOSE, *usual, **demo)
    assert [len(json.loads(one.stdout)["stations"]) for one in (across, inside, whole)] == [2, 2, 10]


def test_an_area_that_misses_the_trail_closes_nothing_and_is_refused(demo: dict[str, str], tmp_path: Path) -> None:
    usual = ("--from", "2026-01-23T08:00", "--open-end", "--area", str(tmp_path / "sturm.geojson"))
    ring = [[8.92, 52.05], [8.93, 52.05], [8.93, 52.054], [8.92, 52.054]]

    def close(positions: list[list[float]], *more: str) -> str:
        (tmp_path / "sturm.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [positions]}))
        ended = run(*CLOSE, *usual, *more, **demo)
        return f"{ended.returncode} {ended.stderr}"

    assert close([position[::-1] for position in ring]).startswith("2 ")
    assert "Lat stands before lon in the file" in close([position[::-1] for position in ring])
    assert listed(demo) == []
    assert close(ring) == "0 note: 1 outline of sturm.geojson ends before its start. They are closed.\n"
    metres = [list(utm(lon, lat, 32)) for lon, lat in ring]
    assert "These look like metres in UTM zone 32: say --crs EPSG:25832." in close(metres)
    assert "converted from ETRS89 / UTM zone 32N (EPSG:25832)" in close(metres, "--crs", "EPSG:25832")
    assert [row["stations"] for row in listed(demo)] == [listed(demo)[0]["stations"]] * 2


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--from", "2026-11-23T08:00"), "--until is not given, expected an end, or --open-end"),
        (("--from", "2026-11-23T08:00", "--open-end", "--until", "2027-01-01"), "expected no end with --open-end"),
        (("--from", "2026-11-23T08:00", "--open-end", "--detour", "en=Main path"), "expected --reason en=… too."),
        (("--from", "2026-11-23T08:00", "--open-end", "--reason", "xx=Nix"), "xx is no language here"),
        (
            ("--from", "morgen", "--open-end"),
            "--from is 'morgen', expected a time such as 2026-11-23T08:00 or 23.11.2026 08:00.",
        ),
        (
            ("--from", "2026-W40", "--open-end"),
            "--from is '2026-W40', expected a time such as 2026-11-23T08:00 or 23.11.2026 08:00.",
        ),
        (("--from", "2027-03-28T02:30", "--open-end"), "write an hour later"),
        (("--from", "2026-11-23T08:00", "--until", "2026-11-22T08:00"), "expected a time after"),
        (("--from", "2026-11-23T08:00", "--open-end", "--from-station", "3"), "Name --from-station and --to-station."),
        (("--from", "2026-11-23T08:00", "--open-end", "--from-station", "99", "--to-station", "1"), "1, 2, 3"),
        (("--from", "2026-11-23T08:00", "--open-end", "--season", "März"), "such as 03-01..07-31"),
        (("--from", "2026-11-23T08:00", "--open-end", "--season", "02-30..03-01"), "season's first day is '02-30'"),
        (("--from", "2026-11-23T08:00", "--open-end", "--area", "/none.geojson"), "No such file or directory"),
        (
            ("--from", "2026-11-23T08:00", "--open-end", "--from-m", "0", "--to-m", "99999"),
            "metres along the trail, 0 to",
        ),
        (
            ("--from", "2026-11-23T08:00", "--open-end", "--from-m", "nan", "--to-m", "9"),
            "metres along the trail, 0 to",
        ),
    ],
)
def test_what_is_wrong_is_named_in_one_sentence(demo: dict[str, str], more: tuple[str, ...], sentence: str) -> None:
    ended = run(*CLOSE, *more, **demo)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert listed(demo, "--all") == []


def test_a_person_sets_a_notice_and_lets_the_sensor_speak_again(demo: dict[str, str]) -> None:
    until = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    assert run("notice", "set", "steg-nass", "--level", "none", "--until", until, **demo).returncode == 0

    def words() -> dict[str, str | None]:
        return {row["id"]: row["set_to"] for row in json.loads(run("notice", "list", "--json", **demo).stdout)}

    assert words() == {"steg-nass": "none", "sturmboeen": None, "hitze": None, "teich-hoch": None}
    assert run("notice", "end", "steg-nass", **demo).returncode == 0
    assert words()["steg-nass"] is None
    past = run("notice", "set", "steg-nass", "--level", "warning", "--until", "2020-01-01T08:00", **demo)
    assert (past.returncode, "expected a time to come" in past.stderr) == (2, True)
    assert run("notice", "set", "nichts", "--level", "none", "--until", until, **demo).returncode == 2


@pytest.mark.parametrize(
    ("text", "later", "meant"),
    [
        ("2026-10-25T02:30", False, "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30", True, "2026-10-25T01:30:00+00:00"),
        ("2027-03-28T03:00", False, "2027-03-28T01:00:00+00:00"),
        ("2026-11-23T08:00", True, "2026-11-23T07:00:00+00:00"),
        ("2026-11-23T08:00+05:00", False, "2026-11-23T03:00:00+00:00"),
        ("23.11.2026 08:00", False, "2026-11-23T07:00:00+00:00"),
        ("1.7.2026 9:05", False, "2026-07-01T07:05:00+00:00"),
        ("23.11.2026", False, "2026-11-22T23:00:00+00:00"),
    ],
)
def test_a_typed_time_is_that_of_the_trail(text: str, later: bool, meant: str) -> None:
    assert localtime.parse("--from", text, BERLIN, later=later).isoformat() == meant


def test_a_time_that_the_clock_skips_is_refused() -> None:
    with pytest.raises(InvalidInput, match="put forward"):
        localtime.parse("--from", "2027-03-28T02:30", BERLIN)
