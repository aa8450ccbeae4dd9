"""Prepares one medium of an editor, as a process of its own: ``python -m geodata.media.preparer`` is run by `apart`.

Its kind, what its file is called and the language are arguments, the file comes on standard input. What comes out is
the medium with all renditions as MessagePack; or exit code 3 and the sentence that says what is wrong with the file.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Final

import msgspec

from geodata.errors import InvalidInput
from geodata.media.prepare import prepare_bytes
from geodata.messages.translation import translated

REFUSED = 3
"""Exit code where the file cannot be used."""

_SECONDS: Final = 90  # an AVIF of the widest size takes some
_MEMORY_BYTES: Final = 3_000_000_000  # of addresses; threads of the encoder reserve more than they use


def main(kind: str, name: str, language: str) -> int:
    """Read, prepare, write; return the exit code."""
    _bound()
    try:
        medium = prepare_bytes(sys.stdin.buffer.read(), kind, name)
    except InvalidInput as error:
        sys.stdout.buffer.write(translated(error.sentence, language).encode())
        return REFUSED
    sys.stdout.buffer.write(msgspec.msgpack.encode(medium))
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
    sys.exit(main(*sys.argv[1:4]))
