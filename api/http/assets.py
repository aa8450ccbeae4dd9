"""Static files whose addresses carry a hash of their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from api.http import compression

FOR_EVER = "public, max-age=31536000, immutable"
"""Cache-Control of what another address replaces when it changes."""
_ASK_FIRST = "no-cache"
_PACKED = ".br"

for _suffix in (".js", ".mjs"):
    mimetypes.add_type("text/javascript", _suffix)  # browsers refuse modules of no such type; not every system knows it


@dataclass(frozen=True, slots=True)
class AssetFile:
    """What a static file was when its folder was read: hexadecimal SHA-256 and bytes."""

    sha256: str
    size: int


class Assets(StaticFiles):
    """The files of one folder, served below ``prefix``; mount it there.

    Where ``name.br`` stands beside a large file, browsers that read brotli get that: smaller than what could be
    compressed while they wait, and no work for each of them.
    """

    def __init__(self, directory: Path, prefix: str) -> None:
        super().__init__(directory=directory)
        self.prefix = prefix
        self._folder = directory
        self._files = {
            path.relative_to(directory).as_posix(): _read(path)
            for path in sorted(directory.rglob("*"))
            if path.is_file()
        }

    def url(self, name: str) -> str:
        """The address of a file; raises KeyError when there is none of that name."""
        return f"{self.prefix}/{name}?v={self._version(name)}"

    def file(self, name: str) -> AssetFile | None:
        """What is known of a file; None when there is none of that name."""
        return self._files.get(name)

    def text(self, name: str) -> str:
        """What a file says, to stand in a page; raises KeyError when there is none of that name."""
        if name not in self._files:
            raise KeyError(name)
        return (self._folder / name).read_text(encoding="utf-8")

    def bytes_sent(self, name: str) -> int:
        """How many bytes of a file go out at most: of its brotli form where it has one; KeyError when there is none."""
        packed = f"{name}{_PACKED}"
        return self._files[packed if packed in self._files else name].size

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file; for ever when the address has the right hash, else to be asked for again each time."""
        name = self.get_path(scope)
        if f"{name}{_PACKED}" in self._files and _reads_brotli(Headers(scope=scope)):
            response = self._packed(full_path, scope, status_code)
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        current = name in self._files and scope["query_string"] == f"v={self._version(name)}".encode()
        response.headers["cache-control"] = FOR_EVER if current else _ASK_FIRST
        if compression.varies(mimetypes.guess_type(full_path)[0] or "", stat_result.st_size):
            compression.mark(response.headers)  # of a 304 too, which does not say its type
        return response

    def _version(self, name: str) -> str:
        return self._files[name].sha256[:12]

    def _packed(self, full_path: str | os.PathLike[str], scope: Scope, status_code: int) -> Response:
        packed = f"{os.fspath(full_path)}{_PACKED}"
        response = super().file_response(packed, Path(packed).stat(), scope, status_code)
        response.headers["content-encoding"] = "br"
        return response


def _read(path: Path) -> AssetFile:
    content = path.read_bytes()
    return AssetFile(hashlib.sha256(content).hexdigest(), len(content))


def _reads_brotli(headers: Headers) -> bool:
    """Whether Accept-Encoding names it, and not with the weight 0."""
    for part in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding == "br":
            return not weight or weight.strip("0.") != ""
    return False
