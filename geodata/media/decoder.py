"""Decodes one picture of a stranger, as a process of its own: ``python -m geodata.media.decoder`` is run by `apart`.

The picture comes on standard input; what comes out is the JPEG, with its size before it, or nothing and exit code 3.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
from typing import Final

from geodata.errors import InvalidInput
from geodata.media import pictures

EDGE = 1600
"""Pixels of the longer side."""

HEAD = struct.Struct(">II")
"""Before the JPEG: width and height in pixels."""

REFUSED = 3
"""Exit code where it is no picture that can be read."""

_SECONDS: Final = 20
_MEMORY_BYTES: Final = 1_500_000_000  # of addresses; a JPEG of 40 megapixels is made smaller while it is decoded


def main() -> int:
    """Read, decode, write; return the exit code."""
    _bound()
    try:
        encoded = pictures.render_one(sys.stdin.buffer.read(), "picture", EDGE)
    except InvalidInput:
        return REFUSED
    sys.stdout.buffer.write(HEAD.pack(encoded.width or 0, encoded.height or 0) + encoded.data)
    return 0


def _bound() -> None:
    """Before a byte is read: less of the processor than whoever reads a page, bounded time and memory, no files."""
    os.nice(5)
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
