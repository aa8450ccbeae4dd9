"""What the logs of `up` take of the disk."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

from digitalpfad.logs import log_file
from geodata.errors import DigitalpfadError

HINT = "Start 'digitalpfad up' of this release, which bounds them, or delete what nobody needs."
_TOO_MUCH = 2 * (log_file.KEPT + 1) * log_file.LIMIT  # of one part; while all is well it is half of that


class LogsTooLarge(DigitalpfadError):
    """The logs of a part are larger than they ever should be, or cannot be looked at."""


def look(folder: Path) -> str:
    """How much they take together, and the largest; raise LogsTooLarge where one is beyond all bounds."""
    try:
        sizes = _sizes(folder)
    except OSError as error:
        raise LogsTooLarge(f"{folder}: {error.strerror}") from error
    if not sizes:
        return f"none at {folder} ('digitalpfad up' writes there)"
    (largest, size), *_ = sizes.most_common(1)
    summary = f"{_mb(sizes.total())} at {folder}, most of it of {largest} ({_mb(size)})"
    if size > _TOO_MUCH:
        raise LogsTooLarge(f"{summary}, more than the {_mb(_TOO_MUCH)} of one part")
    return summary


def _sizes(folder: Path) -> Counter[str]:
    """Bytes by part, with what was set aside of it."""
    sizes = Counter[str]()
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # set aside meanwhile
            sizes[path.name.partition(".")[0]] += path.stat().st_size
    return sizes


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
