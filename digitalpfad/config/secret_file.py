"""Secrets that are in separate files, as container platforms hand them out."""

from __future__ import annotations

import errno
from pathlib import Path

from geodata.errors import StartRefused
from geodata.security import bounded_file

_MAX_BYTES = 64 * 1024


def read_secret(key: str, path: str) -> str:
    """The secret in a file, without the byte-order mark and the line end that editors add."""
    try:
        return _text(Path(path)).strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        is_path = "/" in path and "://" not in path and "@" not in path  # else it may be the secret itself
        value = repr(path) if is_path else "(not shown)"
        why = why_unreadable(error)
        raise StartRefused(f"{key} is {value}, expected a readable file with the secret in it: {why}.") from None


def _text(path: Path) -> str:
    content = bounded_file.at_most(path, _MAX_BYTES, may_be_pipe=True)  # of a shell: <(pass show …)
    if len(content) > _MAX_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {_MAX_BYTES} bytes")
    return content.decode("utf-8-sig")


def why_unreadable(error: Exception) -> str:
    """The reason alone: Python's sentences quote the path, or bytes of the secret."""
    return str(error.strerror) if isinstance(error, OSError) else "it is not UTF-8"
