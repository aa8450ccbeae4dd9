"""Files that commands write for people."""

from __future__ import annotations

from pathlib import Path

from geodata.errors import InvalidInput


def check_free(file: Path, *, overwrite: bool) -> None:
    """Raise InvalidInput where the argument FILE is there already and ``--overwrite`` was not given."""
    if file.exists() and not overwrite:
        raise InvalidInput("FILE", str(file), "a file that is not there yet", "--overwrite replaces it.")
