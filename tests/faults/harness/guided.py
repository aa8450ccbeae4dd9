"""`python -m tests.faults.harness.guided TARGET OUTCOMES CORPUS …`: one target under atheris."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Each outcome that is new becomes a line of the file OUTCOMES at once; what stands behind it is libFuzzer's."""
    atheris: Any = importlib.import_module("atheris")
    name, file = sys.argv.pop(1), Path(sys.argv.pop(1))
    with atheris.instrument_imports(include=["gateway", "geodata", "yaml", "json"]):
        targets = importlib.import_module("tests.faults.harness.fuzz_targets")
    run, outcomes = targets.TARGETS[name].run, set[str]()
    with file.open("w", buffering=1) as lines:

        def one(data: bytes) -> None:
            outcome = run(data)
            if outcome not in outcomes:
                outcomes.add(outcome)
                lines.write(f"{outcome!r}\n")

        atheris.Setup(sys.argv, one)
        atheris.Fuzz()  # ends the process without a word to Python


if __name__ == "__main__":
    main()
