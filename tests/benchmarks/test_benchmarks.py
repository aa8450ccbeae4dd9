"""The benchmarks run in a tiny form: whether they work, not how fast it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import measure
from benchmarks.rows import TINY, Row, table, this_machine, write_docs
from tests.checkout import ROOT
from tests.fixtures.process.programs import require

pytestmark = pytest.mark.timeout(120)


def test_a_backlog_is_measured_to_its_last_acknowledgement_on_both_brokers() -> None:
    require("nats")
    require("mosquitto")

    rows = measure(["ingest"], TINY)

    left = [row.ours for row in rows if row.what == "messages not acknowledged at the end"]
    assert left == [0, 0]
    rates = [row for row in rows if row.reference_is == "bare paho loop" and row.unit == "/s"]
    assert len(rates) == 4
    assert all(row.ours and row.reference and row.ours > 0 for row in rates)


def test_storage_is_measured_with_its_rollups() -> None:
    rows = measure(["storage"], TINY)

    (all_of_it,) = (row.ours for row in rows if row.subject == "storage, PostgreSQL" and row.what == "bytes per row")
    parts = [row.ours for row in rows if row.subject == "storage, PostgreSQL" and row.what.startswith("of which")]
    assert all_of_it == pytest.approx(sum(part for part in parts if part is not None))


def test_repeated_rows_are_measured_beside_as_many_first_ones_at_every_age() -> None:
    rows = measure(["repeats"], TINY)

    for layout in ("PostgreSQL", "TimescaleDB"):
        found = [row for row in rows if row.subject == f"repeats, {layout}"]
        assert len(found) == 6
        assert all(row.ours and row.reference and row.goal == 2 for row in found)


def test_reads_are_measured_beside_a_bare_route_and_while_the_catalogue_changes() -> None:
    require("wrk")

    rows = {row.what: row for row in measure(["catalogue"], TINY)}

    page = rows["station page, unchanged"]
    assert page.ours
    assert page.reference
    assert page.goal == 0.6
    assert (rows["an edit by another process shows after, slowest"].ours or 0) > 0
    assert any(what.startswith("near at 200/s, 300 stations anew") for what in rows)


def test_plans_and_imports_are_measured_to_their_end() -> None:
    rows = {row.what: row for row in measure(["planning"], TINY)}

    assert {"a GPX of 1000 points", "a Shapefile of 200 stations", "a folder of 10 texts"} < rows.keys()
    assert rows["trail import of 200 stations that all moved"].ratio


def test_figures_are_measured_beside_sql_over_the_raw_rows() -> None:
    rows = {row.what: row for row in measure(["figures"], TINY)}

    assert all((row.ours or 0) > 0 for row in rows.values())
    assert {"a year by day, 50 stations, per s", "2500 values of counters are stored"} < rows.keys()
    assert sum(row.goal is not None for row in rows.values()) == len(rows) == 11


def test_a_ratio_below_its_goal_is_told_as_missed() -> None:
    missed = Row("ingest", "messages/s", 10, "/s", 100, "bare loop", goal=0.6)
    reached = Row("memory", "at most", 80, "MB", goal=100, better="less")

    assert (missed.reached, reached.reached) == (False, True)
    assert "| 0.10 | ≥ 0.6 | **no** |" in table([missed])


def test_the_table_takes_the_place_of_the_former_one_and_of_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    begin, end = "<!-- figures: written by make bench -->\n", "<!-- end of figures -->\n"
    page.write_text(f"# Before\n{begin}old table\n{end}after\n")

    write_docs([Row("memory", "at most", 80, "MB")], this_machine(0.5), page)

    text = page.read_text()
    assert text.startswith(f"# Before\n{begin}")
    assert text.endswith(f"{end}after\n")
    assert "| memory: at most | 80 MB |" in text
    assert "old table" not in text
    assert "load 0.5 at the beginning" in text


def test_the_page_in_the_repository_has_a_place_for_the_table(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text((ROOT / "docs/performance.md").read_text())

    write_docs([], this_machine(0), page)


@pytest.mark.timeout(300)
def test_the_pages_are_measured_in_a_browser_to_bytes_requests_and_seconds_on_a_slow_line() -> None:
    require("chromium")

    rows = {row.what: row for row in measure(["pages"], TINY)}

    whole = rows["station page, first visit: all"]
    text = rows["station page, first visit: HTML and CSS"]
    assert 5 < (text.ours or 0) < (whole.ours or 0) < 100
    assert (rows["station page, first visit: requests"].ours or 0) >= 4
    edge = [row for what, row in rows.items() if "on EDGE" in what and row.unit == "s"]
    assert len(edge) == 4
    assert all((row.ours or 0) > 0.5 for row in edge), "half a second is what the line alone takes"
    assert rows["trail page, first visit: all"].ours
