"""Which address a genuine sign carries, on its station's page and in the list of all."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.api.webapp.second_town import FIRST, add_kalletal
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers


def test_the_station_page_says_which_address_must_stand_on_the_sign_and_leads_to_the_report(hikers: Hikers) -> None:
    page = unescape(hikers.get(f"/s/{PONDS}").text)
    assert f'Auf dem Schild muss stehen: <b class="address">pfad.example.org/s/{PONDS}</b>' in " ".join(page.split())
    assert f'href="/s/{PONDS}/report?kind=sign"' in page
    assert f'href="/s/{PONDS}/report"' in page


@pytest.mark.parametrize("path", ["/", "/t/stadtwald", f"/s/{PONDS}", "/impressum", "/signs", "/report", "/nowhere"])
def test_every_page_says_that_nobody_is_asked_for_money_a_login_or_an_app(hikers: Hikers, path: str) -> None:
    assert "Wir fragen nie nach Geld, einer Anmeldung oder einer App." in hikers.get(path).text


def test_the_list_names_all_signs_of_each_municipality(hikers: Hikers) -> None:
    add_kalletal(hikers.database)
    wait_until(lambda: hikers.get("/signs/kalletal").status_code == 200, what="the second town")
    both, lemgo, kalletal = (hikers.get(path).text for path in ("/signs", "/signs/lemgo", "/signs/kalletal"))
    assert all(f"/s/{code}</a>" in both for code in (PONDS, FIRST))
    assert f"/s/{FIRST}</a>" not in lemgo
    assert f"/s/{PONDS}</a>" not in kalletal
    assert len(re.findall(r"/s/\w{6}</a>", lemgo)) == 10
    assert "1,5\u00a0km ab Start" in lemgo
    assert hikers.get("/signs/nowhere").status_code == 404
    assert 'href="/signs/lemgo?lang=en"' in hikers.get(f"/s/{PONDS}?lang=en").text
