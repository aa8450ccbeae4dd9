"""What is served for taking a trail along: page, manifest, pieces, service worker."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from geodata.model.trail import TrailState
from geodata.store.catalogue import trail_state
from geodata.store.catalogue.station import load_stations, save_station
from geodata.vocabulary.languages import VARIANTS
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers

MANIFEST = "/t/stadtwald/offline.json"


def manifest_of(hikers: Hikers) -> dict[str, Any]:
    answer = hikers.get(MANIFEST)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    return answer.json()


def test_every_piece_of_the_manifest_is_served_with_its_size_its_hash_and_its_type(hikers: Hikers) -> None:
    manifest = manifest_of(hikers)
    assert len(manifest["pieces"]) > 50
    for piece in manifest["pieces"]:
        answer = hikers.get(piece["url"])
        assert answer.status_code == 200, piece
        assert len(answer.content) == piece["bytes"], piece
        assert hashlib.sha256(answer.content).hexdigest() == piece["sha256"], piece
        assert answer.headers["content-type"].split(";")[0] == piece["type"].split(";")[0], piece
    hashes = {piece["sha256"] for piece in manifest["pieces"]}
    assert {page["sha256"] for page in manifest["pages"]} <= hashes


def test_loading_a_pack_counts_no_visit(hikers: Hikers) -> None:
    for piece in manifest_of(hikers)["pieces"]:
        if piece["kind"] == "page":
            hikers.get(piece["url"], sec_fetch_mode="navigate")
    hikers.scans.write()
    with hikers.database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM scan_hour").fetchone() == (0,)


def test_a_page_that_was_changed_during_a_download_is_still_served_and_the_manifest_is_another(hikers: Hikers) -> None:
    before = manifest_of(hikers)
    with hikers.database.transaction() as connection:
        station = load_stations(connection, [PONDS])[PONDS]
        german = replace(station.contents["de"], title="Die neuen Teiche")
        save_station(connection, replace(station, contents=station.contents | {"de": german}))
    wait_until(lambda: "Die neuen Teiche" in hikers.get(f"/s/{PONDS}").text, what="the new title")
    after = manifest_of(hikers)
    assert after["version"] != before["version"]
    old = {piece["url"] for piece in before["pieces"]} - {piece["url"] for piece in after["pieces"]}
    assert old
    assert {hikers.get(url).status_code for url in old} == {200}


def test_a_page_that_no_pack_has_is_a_problem_that_a_script_understands(hikers: Hikers) -> None:
    answer = hikers.get(f"/t/stadtwald/offline/{'0' * 64}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/api#unknown-page")
    answer = hikers.get("/t/nirgendwo/offline.json")
    assert (answer.status_code, answer.json()["type"]) == (404, "/api#unknown-trail")


def test_a_trail_that_was_given_up_cannot_be_taken_along(hikers: Hikers) -> None:
    with hikers.database.transaction() as connection:
        trail_state.set_state(connection, "stadtwald", TrailState.RETIRED, datetime.now(UTC))
    wait_until(lambda: hikers.get(MANIFEST).status_code == 404, what="the trail to be given up")
    assert hikers.get("/t/stadtwald/offline").status_code == 404


def test_the_service_worker_is_asked_for_anew_each_time_and_may_ask_this_site_only(hikers: Hikers) -> None:
    answer = hikers.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert "import " not in answer.text[:200], "a classic script: not every browser runs a module as a worker"


def test_a_page_of_a_pack_is_nothing_for_search_engines_and_stays_in_no_cache(hikers: Hikers) -> None:
    url = next(piece["url"] for piece in manifest_of(hikers)["pieces"] if piece["kind"] == "page")
    headers = hikers.get(url).headers
    assert (headers["x-robots-tag"], headers["cache-control"]) == ("noindex", "no-store")


def test_a_trail_on_the_start_screen_has_its_name_and_icons_that_are_there(hikers: Hikers) -> None:
    page = hikers.get("/t/stadtwald/offline?lang=en").text
    found = re.search(r'<link rel="manifest" href="([^"]+)"', page)
    assert found is not None
    app = hikers.get(found[1])
    assert app.headers["content-type"].startswith("application/manifest+json")
    said = app.json()
    assert (said["start_url"], said["display"], said["lang"]) == ("/t/stadtwald?lang=en", "standalone", "en")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        answer = hikers.get(icon["src"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), icon


def test_without_javascript_the_page_says_what_it_needs_in_every_language(hikers: Hikers) -> None:
    said = set[str]()
    for variant in VARIANTS:
        html = hikers.get(f"/t/stadtwald/offline?lang={variant}").text
        found = re.search(r"<noscript>(.*?)</noscript>", html, re.DOTALL)
        assert found is not None
        assert "JavaScript" in found[1]
        said.add(re.sub(r"<[^>]+>", "", found[1]))
        assert html.count('name="variant"') == 4
    assert len(said) == 3, "the children's page speaks the adults' German"


def test_the_station_page_leads_there_for_few_bytes_and_loads_nothing_of_it(hikers: Hikers) -> None:
    html = hikers.get(f"/s/{PONDS}").text
    link = '<a href="/t/stadtwald/offline">Mitnehmen</a>'
    assert link in html
    assert "bundles/" not in html
    assert "offline.css" not in html
    assert "from-the-phone" not in html


def test_the_manifest_says_which_number_is_which_station(hikers: Hikers) -> None:
    stations = {row["number"]: row["code"] for row in manifest_of(hikers)["stations"]}
    assert sorted(stations) == list(range(1, 11))
    assert stations[4] == PONDS
