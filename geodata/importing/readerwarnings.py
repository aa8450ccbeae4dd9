"""What the libraries that read geodata warn of, as findings of the plan: no Python warning reaches a terminal."""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator
from contextlib import contextmanager

from geodata.importing.findings import Findings
from geodata.message import Message, message

_SILENT = re.compile(
    r"geometry column type for layer .* is not consistent"  # of curves, which are read all the same
    r"|organizePolygons"  # areas are no part of a trail
    r"|Geometry is in a geographic CRS|Self-intersection|Ring "
    r"|GPX schema version"
)
_KNOWN: tuple[tuple[re.Pattern[str], Message], ...] = (
    (
        re.compile(r"Measured \(M\) geometry types"),
        message("The geometry holds measures (M values) beside its heights: they are not read."),
    ),
)
_CATEGORIES_OF_READERS = (UserWarning, RuntimeWarning)
_OF_PLACES_IN_MEMORY = re.compile(r"invalid value encountered|divide by zero|overflow encountered")


@contextmanager
def told(findings: Findings) -> Generator[None]:
    """Each warning that is raised in the block becomes one finding, or none where it says nothing to the reader."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        finally:
            texts = [str(one.message) for one in caught if issubclass(one.category, _CATEGORIES_OF_READERS)]
            for text in dict.fromkeys(texts):
                _tell(text, findings)


def _tell(text: str, findings: Findings) -> None:
    if _SILENT.search(text) or _OF_PLACES_IN_MEMORY.search(text):
        return
    for pattern, sentence in _KNOWN:
        if pattern.search(text):
            findings.note(sentence)
            return
    findings.warn(message("The file's reader says: {text}", text=text))
