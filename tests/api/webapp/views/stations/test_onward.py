"""The way on says when it is closed, and leads along the detour."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.catalogue.closures import closes_way, place
from api.catalogue.snapshot import Snapshot
from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure as closure_store
from tests.api.webapp.reading import words
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers

NOW = datetime.now(UTC)
THIRD, NINTH = "6G1EBG", "WYJ1T4"
STORM = Closure(
    trail="stadtwald",
    valid_from=NOW - timedelta(hours=1),
    contents={"de": ClosureContent(variant="de", reason="Bäume liegen quer.", detour="Nimm den Hauptweg.")},
)


def along(hikers: Hikers, number: int) -> float:
    return hikers.keeper.current.stations_of_trail["stadtwald"][number - 1].along_m


def close(hikers: Hikers, closure: Closure) -> None:
    count = len(hikers.keeper.current.catalogue.closures)
    with hikers.database.transaction() as connection:
        closure_store.add(connection, closure)
    wait_until(lambda: len(hikers.keeper.current.catalogue.closures) > count, what="the closure")


def onward(html: str) -> str:
    return words("</head>" + html.split('aria-labelledby="weiter"')[1].split("</section>", maxsplit=1)[0])


def bar(html: str) -> str:
    return html.split('class="bar"')[1]


def test_the_station_before_a_closed_stretch_leads_along_the_detour_to_the_first_behind_it(hikers: Hikers) -> None:
    close(hikers, replace(STORM, stretch=(along(hikers, 4) - 20, along(hikers, 6) + 20)))
    html = hikers.get(f"/s/{THIRD}").text
    said = onward(html)
    assert "Weiter auf der Umleitung Der Weg zu Station 4 ist gesperrt. Nimm den Hauptweg." in said
    assert re.search(r"Hauptweg\. 7 .* hinter der Sperrung", said)
    assert "Station 4 nur lesen" in said
    assert re.search(r'Gesperrt: <a href="#weiter">der Weg zu Station 4</a>', html.split("<h1")[0])
    assert "der Weg zu Station 4</a>" in hikers.get(f"/s/{THIRD}/now").text
    assert re.search(r'<a class="go shut" href="#weiter">Umleitung <b>7 ›</b>', bar(html))
    assert '<p lang="de">Nimm den Hauptweg.</p>' in hikers.get(f"/s/{THIRD}?lang=en").text


def test_a_reason_in_one_more_language_takes_the_detour_from_nobody(hikers: Hikers) -> None:
    two = {**STORM.contents, "en": ClosureContent(variant="en", reason="Trees lie across.")}
    close(hikers, replace(STORM, contents=two, stretch=(along(hikers, 4) - 20, along(hikers, 6) + 20)))
    html = hikers.get(f"/s/{THIRD}?lang=en").text
    assert '<p lang="de">Nimm den Hauptweg.</p>' in html
    assert "No detour is described" not in onward(html)


def test_a_closure_between_two_stations_is_said_before_it_and_not_behind_it(hikers: Hikers) -> None:
    middle = (along(hikers, 4) + along(hikers, 5)) / 2
    close(hikers, replace(STORM, stretch=(middle - 40, middle + 40)))
    html = hikers.get(f"/s/{PONDS}").text
    assert 'class="closure"' in html.split('aria-labelledby="weiter"')[1]
    assert "der Weg zu Station 5</a>" in html.split("<h1")[0]
    assert "Der Weg zu Station 5 ist gesperrt." in onward(html)
    assert "nur lesen" not in onward(html), "the fifth can be reached"
    assert re.search(r'href="#weiter">Umleitung <b>5 ›</b>', bar(html))
    fifth = hikers.keeper.current.stations_of_trail["stadtwald"][4].code
    assert "Umleitung" not in hikers.get(f"/s/{fifth}").text


def test_without_a_detour_nobody_is_sent_through(hikers: Hikers) -> None:
    bare = {"de": ClosureContent(variant="de", reason="Sturm.")}
    close(hikers, replace(STORM, contents=bare, stretch=(along(hikers, 4) - 20, along(hikers, 4) + 20)))
    html = hikers.get(f"/s/{THIRD}").text
    assert "Hier geht es nicht weiter" in onward(html)
    assert "Geh nicht durch die Sperrung." in onward(html)
    assert re.search(r'href="#weiter">Gesperrt</a>', bar(html)), "a number beside it would be what is closed"


def test_a_closed_trail_leads_nowhere(hikers: Hikers) -> None:
    close(hikers, STORM)
    html = hikers.get(f"/s/{THIRD}").text
    assert "Hier geht es nicht weiter Der ganze Pfad ist gesperrt." in onward(html)
    assert re.search(r'href="#weiter">Gesperrt</a>', bar(html))
    assert html.split("<h1")[0].count('class="closure"') == 1, "the closure itself says it"


def test_the_start_page_says_that_something_is_closed(hikers: Hikers) -> None:
    assert "gesperrt" not in hikers.get("/").text
    close(hikers, replace(STORM, stretch=(along(hikers, 4) - 20, along(hikers, 6) + 20)))
    assert "Ein Stück ist gesperrt." in hikers.get("/").text
    close(hikers, STORM)
    assert "Der ganze Pfad ist gesperrt." in hikers.get("/").text


def test_behind_the_last_station_of_a_loop_the_way_is_closed_where_the_line_begins(hikers: Hikers) -> None:
    close(hikers, replace(STORM, stretch=(along(hikers, 10) - 20, along(hikers, 1) + 20)))
    html = hikers.get(f"/s/{NINTH}").text
    assert re.search(r'href="#weiter">Umleitung <b>2 ›</b>', bar(html))


@pytest.mark.parametrize(("stretch", "is_closed"), [((100, 200), True), ((305, 400), False), ((0, 95), False)])
def test_a_way_is_closed_by_what_lies_on_it(hikers: Hikers, stretch: tuple[float, float], is_closed: bool) -> None:
    snapshot: Snapshot = hikers.keeper.current
    catalogue = replace(snapshot.catalogue, closures={1: replace(STORM, id=1, stretch=stretch)})
    (placed,) = place(catalogue, snapshot.geometries, snapshot.stations_of_trail)["stadtwald"]
    assert closes_way(placed, snapshot.geometries["stadtwald"], 98, 300) is is_closed
