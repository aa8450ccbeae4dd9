"""What the pages about trails change, the database lets them: served with the rights of the web service alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from geodata.conditions.notices import Level, NoticeRule, NoticeText
from geodata.model.staff import Role
from geodata.store import roles
from geodata.store.catalogue import notice
from geodata.store.catalogue.closure import load
from geodata.store.database import Database
from tests.dashboards.imports.test_pages import LIST as FILES
from tests.dashboards.imports.test_pages import SAME, gpx
from tests.dashboards.office import Office, hire, open_office, seed

TRAIL = "/staff/trails/stadtwald"


@pytest.fixture
def office(database: Database, database_url: str) -> Iterator[Office]:
    seed(database)
    hire(database, "chef", Role.ADMIN)
    with database.transaction() as connection:
        text = NoticeText(variant="de", caution="a", warning="b", unknown="c")
        limits = {Level.CAUTION: 1.0}
        notice.save_rule(
            connection,
            NoticeRule(
                id="r",
                trail="stadtwald",
                station=None,
                device="pond",
                observed_property="water_level",
                thresholds=limits,
                hysteresis=0,
                texts={"de": text},
            ),
        )
    with Database(database_url, role=roles.WEB) as web, open_office(web) as opened:
        yield opened


def test_every_change_is_one_that_the_web_service_may_make(office: Office) -> None:
    chef = office.signed_in("chef")
    tree = {"where": "whole", "reason_de": "Sturm", "begins": "2026-01-01T08:00", "step": "save"}
    assert chef.post(f"{TRAIL}/closures", data=tree).status_code == 303
    with office.database.transaction() as connection:
        ((identity, closure),) = load(connection).items()
    changed = {**tree, "version": closure.updated_at.isoformat(), "detour_de": "Außen herum."}
    assert chef.post(f"{TRAIL}/closures/{identity}", data=changed).status_code == 303
    assert chef.post(f"{TRAIL}/closures/{identity}/open").status_code == 303
    assert chef.post(f"{TRAIL}/closures", data={**tree, "begins": "2099-01-01T08:00"}).status_code == 303
    assert chef.post(f"{TRAIL}/closures/{identity + 1}/open").status_code == 303

    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert chef.post(f"{TRAIL}/notices/r/say", data={"level": "1", "until": until}).status_code == 303
    rule = {"device": "pond", "observed_property": "water_level", "caution": "2", "hysteresis": "1"}
    rule |= {f"{part}_de": "x" for part in ("caution", "warning", "unknown")}
    assert chef.post(f"{TRAIL}/notices", data={**rule, "step": "save"}).status_code == 303
    assert chef.post(f"{TRAIL}/notices/r/remove").status_code == 303

    new = {"lat": "52.0515", "lon": "8.920", "number": "8", "title": "Neu"}
    assert chef.post(f"{TRAIL}/stations", data=new).status_code == 303
    assert chef.post(f"{TRAIL}/stations/3DVB54/move", data={"lat": "52.0516", "lon": "8.9172"}).status_code == 303
    assert chef.post(f"{TRAIL}/stations/3DVB54/number", data={"number": "5", "swap": "y"}).status_code == 303
    assert chef.post(f"{TRAIL}/stations/3DVB54/retire").status_code == 303
    assert chef.post(f"{TRAIL}/stations/3DVB54/restore", data={"number": "5"}).status_code == 303

    for trail in ("", "&trail=stadtwald"):
        given = chef.post(f"{FILES}?municipality=lemgo{trail}", files={"file": ("weg.gpx", gpx(SAME))})
        plan = given.headers["location"]
        assert chef.post(f"{plan}/read", data={"trail": "stadtwald" if trail else "neu"}).status_code == 303
        assert chef.post(plan).headers["location"].startswith("/staff/trails?said="), chef.get(plan).text
