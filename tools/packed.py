"""The brotli form of large front-end programs, committed beside them: browsers are sent it, and no server makes it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import brotli

LARGE = 100_000
"""Bytes of a program from which on the server does not compress it for each visitor anew."""


def is_packed(path: Path) -> bool:
    """Whether the brotli form of this file is committed too."""
    return path.suffix in {".js", ".mjs", ".wasm"} and path.stat().st_size >= LARGE


def brotli_form(path: Path) -> Path:
    """Where it stands."""
    return path.with_name(f"{path.name}.br")


def unpacks(packed: Path) -> bool:
    """Whether a brotli form holds exactly the file that it stands beside."""
    try:
        held = cast("bytes", brotli.decompress(packed.read_bytes()))  # pyright: ignore[reportUnknownMemberType] - no types
        return held == packed.with_suffix("").read_bytes()
    except (OSError, brotli.error):  # pyright: ignore[reportUnknownMemberType] - no types
        return False


def write(path: Path, data: bytes) -> None:
    """Write a file, and its brotli form unless that holds it already."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    if is_packed(path) and not unpacks(brotli_form(path)):
        small = cast("bytes", brotli.compress(data, quality=11))  # pyright: ignore[reportUnknownMemberType] - no types
        brotli_form(path).write_bytes(small)
