"""Run the benchmarks and print their table: python -m benchmarks [--short|--long] [--json FILE] [--docs] [subject]."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import catalogue, growth, ingest, live, memory, peers, planning, repeats, storage
from benchmarks.figures import subject as figures
from benchmarks.pages import subject as pages
from benchmarks.rows import FULL, LONG, SHORT, TINY, Row, Scale, table, this_machine, write_docs, write_json
from benchmarks.world import World, world
from tests.checkout import ROOT

Bench = Callable[[World, Scale], Iterator[Row]]
"""Measures one subject and yields its figures as they come."""

SUBJECTS: dict[str, Bench] = {
    "ingest": ingest.run,
    "peers": peers.run,
    "live": live.run,
    "memory": memory.run,
    "growth": growth.run,
    "storage": storage.run,
    "repeats": repeats.run,
    "planning": planning.run,
    "catalogue": catalogue.run,
    "figures": figures.run,
    "pages": pages.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", help=f"of {', '.join(SUBJECTS)}; none: all")
    parser.add_argument("--short", action="store_true", help="only whether it runs, in less than a minute")
    parser.add_argument("--tiny", action="store_true", help="the same in a few seconds")
    parser.add_argument("--long", action="store_true", help="figures of 50 million raw rows, half an hour and 5 GB")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--docs", action="store_true", help="write the table of a whole run to docs/performance.md")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed service has its modules compiled
    unknown = set(asked.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    scale = TINY if asked.tiny else SHORT if asked.short else LONG if asked.long else FULL
    if scale is LONG and asked.subjects != ["figures"]:
        parser.error("--long is for figures alone")
    if asked.docs and (asked.subjects or not scale.whole):
        parser.error("--docs is for a whole run in its full form")
    load = os.getloadavg()[0]
    rows = measure(asked.subjects or list(SUBJECTS), scale)
    machine = this_machine(load)
    print(f"{table(rows)}\n\n{machine}")
    if asked.json:
        write_json(rows, scale, machine, asked.json)
    if asked.docs:
        write_docs(rows, machine, ROOT / "docs/performance.md")
    return 0


def measure(subjects: list[str], scale: Scale) -> list[Row]:
    """All rows of these subjects, told on stderr as they come."""
    rows: list[Row] = []
    with world() as servers:
        for subject in subjects:
            began = time.perf_counter()
            for row in SUBJECTS[subject](servers, scale):
                rows.append(row)
                print(f"  {row.subject}: {row.what} {row.ours} {row.unit}", file=sys.stderr)
            print(f"{subject}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    sys.exit(main())
