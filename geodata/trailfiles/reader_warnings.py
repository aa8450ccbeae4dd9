"""What the libraries that read geodata warn of, as findings of the plan: no Python warning reaches a terminal."""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator
from contextlib import contextmanager

from geodata.findings.trail_file import Findings
from geodata.messages.message import Message, message

_SILENT = re.compile(
    r"geometry column type for layer .* is not consistent"  # of curves, which are read all the same
    r"|organizePolygons"  # areas are no part of a trail
    r"|Geometry is in a geographic CRS|Self-intersection|Ring "
    r"|GPX schema version"
)
_KNOWN: tuple[tuple[re.Pattern[str], Message], ...] = (
    (
        re.compile(r"Measured \(M\) geometry types"),
        message("The geometry holds measures (M values) in addition to its heights: they are not read."),
    ),
)
_CATEGORIES_OF_READERS = (UserWarning, RuntimeWarning)
_OF_PLACES_IN_MEMORY = re.compile(r"invalid value encountered|divide by zero|overflow encountered")


@contextmanager
def as_findings(findings: Findings) -> Generator[None]:
    """Each warning that is raised in the block becomes one finding, or none where it says nothing to the reader."""
    told_already = set[str]()

    def tell(warning: Warning | str, category: type[Warning], *_: object) -> None:
        if issubclass(category, _CATEGORIES_OF_READERS) and str(warning) not in told_already:
            told_already.add(str(warning))
            _tell(str(warning), findings)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = tell
        yield


def _tell(text: str, findings: Findings) -> None:
    if _SILENT.search(text) or _OF_PLACES_IN_MEMORY.search(text):
        return
    for pattern, sentence in _KNOWN:
        if pattern.search(text):
            findings.note(sentence, reason="reader-says")
            return
    findings.warn(message("The file's reader says: {text}", text=text), reason="reader-says")
