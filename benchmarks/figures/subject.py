"""The subject `figures`: all of its parts, in turn."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import closing, counting, decade, fitting, profiles, years
from benchmarks.rows import Row, Scale
from benchmarks.world import World


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Each part in databases of its own."""
    for part in (years, profiles, decade, closing, counting, fitting):
        yield from part.run(world, scale)
