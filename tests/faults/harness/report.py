"""The table of what happened in each fault: printed, and written to docs/faults.md where that is asked for."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

REPORT = "DIGITALPFAD_TEST_FAULTS_REPORT"
"""The file to write."""

HEAD = """\
# Faults

`make faults` does to a running system what years do to it, and compares a ledger of everything that was published and
confirmed with the tables. `make test` runs short forms of the same. The figures below are of one run:
{date}, {machine}, Python {python}.

Recovery is the time from the end of fault and measuring until everything that devices had sent was committed.
"/readyz told" names the checks that failed meanwhile, ten looks a second, of the gateways and of a web process beside
them; "ready" is an answer of 200 in every look. Afterwards all of them were ready again.
"Without outbox" means that devices sent each reading once: broker and gateway alone had to lose nothing.
Of scans, recovery is a new start of the web process and its end in order: all that was written is in the database then.

| invariant | says |
| --- | --- |
| I1 | every confirmed reading is stored or quarantined |
| I2 | no key is stored twice, and received = stored + duplicates + quarantined |
| I3 | nothing is stored that was not sent |
| I4 | nothing is confirmed that is not committed |
| I5 | after the fault the lag goes to zero |
| I6 | the gateway's memory stays bounded (below 150 MB) |
| I7 | hourly rollups equal a recount of the raw rows |
| I8 | of every message, sound or not, the bytes are in quarantine or the values stored |

"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    fault: str
    broker: str
    happened: str
    readiness: str
    recovery_s: float
    invariants: str

    def line(self) -> str:
        cells = (self.fault, self.broker, self.happened, self.readiness, f"{self.recovery_s:.1f}", self.invariants)
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One parser that was given any bytes; ``outcomes`` are the distinct answers."""

    what: str
    by: str
    executions: int
    outcomes: int | None
    seconds: float

    def line(self) -> str:
        outcomes = "as described" if self.outcomes is None else f"{self.outcomes:,}"
        return f"| {self.what} | {self.by} | {self.executions:,} | {outcomes} | {self.seconds:.0f} |"


FUZZED = """
## Any bytes at all

Each parser got inputs made from sound ones and from nothing, by hypothesis and, where it is installed, by atheris,
which looks for inputs that reach new code. All ended in a value or a sentence; of messages the parts added up and the
quarantine kept the bytes.
Each path of the interface was asked by schemathesis, with parameters that its document allows and others.

| what | by | executions | distinct outcomes | seconds |
| --- | --- | --- | --- | --- |
"""


def fuzz_table(fuzzed: list[Fuzzed]) -> str:
    """Markdown, with its heading; nothing where nothing was fuzzed."""
    return FUZZED + "\n".join(one.line() for one in fuzzed) + "\n" if fuzzed else ""


def table(entries: list[Entry]) -> str:
    """Markdown."""
    head = [
        "| fault | on | what happened | /readyz told | recovery s | held |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(entry.line() for entry in entries)]) + "\n"


def write(entries: list[Entry], fuzzed: list[Fuzzed], failed: int) -> None:
    """Write the page where the environment names its file; what ``failed`` has no row in it."""
    target = os.environ.get(REPORT)
    if not target:
        return
    memory_gb = psutil.virtual_memory().total / 1e9
    machine = f"{os.cpu_count()} CPUs ({platform.machine()}), {memory_gb:.0f} GB, shared"
    head = HEAD.format(date=datetime.now(UTC).date().isoformat(), machine=machine, python=platform.python_version())
    verdict = f"**{failed} failed and have no row.**" if failed else f"All {len(entries)} ended as they should."
    Path(target).write_text(f"{head}{verdict}\n\n{table(entries)}{fuzz_table(fuzzed)}", encoding="utf-8")
