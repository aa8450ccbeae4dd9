"""Sheets of signs on the staff pages: set apart, with what stands on them, and never with an address that ends."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import cast

import httpx
import pytest

from dashboards.services import StaffServices, StaffSurroundings
from digitalpfad.signs.press import SignPress
from geodata.model.staff import Role
from tests.dashboards.office import Office, hire

LIST = "/staff/trails/stadtwald/signs"


@pytest.fixture
def ranger(office: Office) -> httpx.Client:
    hire(office.database, "ute", Role.RANGER)
    return office.signed_in("ute")


def test_the_page_says_what_each_sign_says(ranger: httpx.Client) -> None:
    page = ranger.get(LIST).text
    assert "Försterteiche" in page
    assert "https://pfad.example.org/s/3DVB54" in page
    assert "Entwürfe" not in page


@pytest.mark.skipif(find_spec("typst") is None, reason="typst is an extra")
@pytest.mark.parametrize("sheet", ["schilder-a6.pdf", "werkstatt-a4.pdf"])
def test_a_sheet_comes_as_a_file_of_its_own(ranger: httpx.Client, sheet: str) -> None:
    answer = ranger.get(f"{LIST}/{sheet}?station=3DVB54")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == f'attachment; filename="stadtwald-3dvb54-{sheet}"'


def test_the_list_for_the_walk_names_every_station(ranger: httpx.Client) -> None:
    text = ranger.get(f"{LIST}/rundgang.csv").content.decode("utf-8-sig")
    assert all(code in text for code in ("K7YNX0", "3DVB54", "8XBJQN", "R7TZ2H"))


@pytest.mark.parametrize("path", ["anderes.pdf", "nfc.csv?station=AAAAAA"])
def test_what_there_is_not_is_not_found(ranger: httpx.Client, path: str) -> None:
    assert ranger.get(f"{LIST}/{path}").status_code in {404, 422}


def test_an_address_that_only_this_machine_reaches_gives_drafts_alone(office: Office, ranger: httpx.Client) -> None:
    services = cast("StaffServices", office.app.state.services)
    office.app.state.services = replace(
        services, around=StaffSurroundings(signs=SignPress(office.database, office.url))
    )
    assert "Entwürfe" in ranger.get(LIST).text
    assert ranger.get(f"{LIST}/nfc.csv").status_code == 422
    assert ranger.get(f"{LIST}/nfc.csv?draft=1").status_code == 200
