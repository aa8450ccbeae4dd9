"""Dashboard, alarms, documents and the figures themselves speak of the same things."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.http.metrics import RequestMetrics
from api.operations.exposition import _PARTS
from api.operations.readiness import check
from api.services import Services
from gateway import service
from gateway.leadership import LeadershipRole
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.database import Database
from geodata.store.operations.retention import Retention
from tests.checkout import ROOT

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
DASHBOARD = (ROOT / "deploy/grafana/digitalpfad.json").read_text(encoding="utf-8")
ALARMS = (ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8")
NAME = re.compile(r"\bdigitalpfad_[a-z_]+\b")
SUFFIXES = ("_bucket", "_count", "_sum")


def families(registry: CollectorRegistry) -> set[str]:
    return {family.name + ("_total" if family.type == "counter" else "") for family in registry.collect()}


def away() -> service._Gateway:
    """A gateway whose database and broker are away."""
    settings = service.GatewaySettings(database_url=NOWHERE, mqtt_url="mqtt://127.0.0.1:1", client_id="test")
    return service._Gateway(settings, Retention())


def checks_of_gateway() -> dict[str, tuple[bool, bool]]:
    """The checks of its /readyz: whether each decides, and whether it is one of the active gateway alone."""
    gateway = away()
    active = {one.name: one.decides for one in gateway.ready.checks()}
    gateway.leadership.role = LeadershipRole.STANDBY
    standby = {one.name for one in gateway.ready.checks()}
    gateway.session.stop()
    return {name: (decides, name not in standby) for name, decides in active.items()}


def checks_of_web() -> dict[str, bool]:
    database = Database(NOWHERE)
    keeper = SnapshotKeeper(database)
    services = Services(keeper=keeper, database=database, live=LiveHub(keeper), steady=SteadyClock())
    return {one.name: one.decides for one in asyncio.run(check(services)).checks}


@cache
def exposed() -> frozenset[str]:
    """Every metric that the gateway and the web app can show."""
    parts = away()
    gateway = parts.metrics
    source = (ROOT / "api/operations/exposition.py").read_text(encoding="utf-8")
    web = set(re.findall(r'"(digitalpfad_[a-z_]+)"', source)) - {"digitalpfad_ingest_messages"}
    web |= {f"digitalpfad_ingest_{part}" for part in _PARTS} | {"digitalpfad_ingest_messages_total"}
    names = families(gateway.registry)
    parts.session.stop()
    return frozenset(names | web | families(RequestMetrics().registry))


def used(text: str) -> set[str]:
    """The metrics of a text, histograms by their own name."""
    names = set(NAME.findall(text))
    return {re.sub(r"_(bucket|count|sum)$", "", name) if name.endswith(SUFFIXES) else name for name in names}


def expressions() -> str:
    panels = json.loads(DASHBOARD)["panels"]
    return "\n".join(target["expr"] for panel in panels for target in panel.get("targets", []))


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALARMS)["groups"] for rule in group["rules"]]


def test_the_documents_name_every_metric_and_no_other() -> None:
    table = set(re.findall(r"^\| `(digitalpfad_[a-z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert table == exposed()


def test_the_documents_name_every_check_of_readiness_and_no_other() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (both|gateway|gateway, active|web app) \| .+ \| (yes|no) \|$", OPERATIONS, re.MULTILINE
    )
    gateway = {name: (decides == "yes", "active" in of) for name, of, decides in rows if of != "web app"}
    web = {name: decides == "yes" for name, of, decides in rows if of in {"both", "web app"}}
    assert len({name for name, *_ in rows}) == len(rows), "one row for each"
    assert (gateway, web) == (checks_of_gateway(), checks_of_web())


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    assert used(expressions()) == exposed()


def test_the_dashboard_can_be_imported() -> None:
    dashboard = json.loads(DASHBOARD)
    assert [one["type"] for one in dashboard["templating"]["list"]] == ["datasource"]
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alarm_uses_metrics_that_exist_and_its_mend_is_written_down(rule: dict[str, Any]) -> None:
    assert used(rule["expr"])
    assert used(rule["expr"]) <= exposed()
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"
    section = re.search(rf"^### {rule['alert']}\n(.+)", OPERATIONS, re.MULTILINE)
    assert section, "no section"
    assert len(section[1]) > 40
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_no_mend_is_written_for_an_alarm_that_is_not_there() -> None:
    assert set(re.findall(r"^### (Digitalpfad\w+)$", OPERATIONS, re.MULTILINE)) == {rule["alert"] for rule in rules()}


def test_the_reasons_for_the_brokers_settings_name_lines_that_are_there() -> None:
    lines = {
        line.strip()
        for line in (ROOT / "deploy/mosquitto/digitalpfad.conf").read_text().splitlines()
        if line and not line.startswith("#")
    }
    table = OPERATIONS.split("| line | reason |")[1].split("\n\n")[0]
    quoted = {text for row in table.splitlines()[2:] for text in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert quoted
    assert [text for text in quoted if not any(line.startswith(text) for line in lines)] == []


def test_services_are_started_by_commands_that_exist() -> None:
    for unit in sorted((ROOT / "deploy/systemd").glob("*.service")):
        command = re.search(r"bin/digitalpfad (\w+)", unit.read_text())
        assert command, unit
        assert list((ROOT / "digitalpfad/commands").glob(f"*/{command[1]}.py")), unit
