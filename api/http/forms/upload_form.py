"""A form with one file, read within bounds: a file that is too large is read to its end and dropped, its texts stay."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from geodata.errors import DigitalpfadError

_MOST_FIELDS = 20
_LONGEST_FIELD = 64 * 1024
_IN_MEMORY = 64 * 1024  # of a file; the rest waits in a temporary file without a name


class NotAForm(DigitalpfadError):
    """What was sent is no form with a file (multipart/form-data), half of one, or has more fields than any of ours."""


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What a form held: texts by field, and the bytes of the file; None where none was chosen, or it was dropped.

    ``file_name`` is what the sender calls the file.
    """

    fields: Mapping[str, str]
    file: bytes | None
    is_too_large: bool
    file_name: str = ""

    def get(self, name: str) -> str:
        """One text, empty where it was not sent."""
        return self.fields.get(name, "")


class _BoundedParser(MultiPartParser):
    spool_max_size = _IN_MEMORY

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes], most_bytes: int, most_fields: int) -> None:
        super().__init__(
            headers, self._to_the_end(stream), max_files=1, max_fields=most_fields, max_part_size=_LONGEST_FIELD
        )
        self._most_bytes = most_bytes
        self._file_bytes = 0
        self._is_whole = False

    async def _to_the_end(self, stream: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        """Pass on what comes; a form that was cut on its way would lack its picture without a word."""
        async for data in stream:
            yield data
        if not self._is_whole:
            raise MultiPartException("The form does not end.")

    @property
    def is_too_large(self) -> bool:
        """Whether a file had more bytes than are kept."""
        return self._file_bytes > self._most_bytes

    def on_end(self) -> None:
        """Take note of the line that ends a form."""
        self._is_whole = True

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a part; what is too much of a file is counted and dropped."""
        if self._current_part.file is not None:
            self._file_bytes += end - start
            if self.is_too_large:
                return
        super().on_part_data(data, start, end)


async def read_upload(request: Request, most_bytes: int, most_fields: int = _MOST_FIELDS) -> UploadForm:
    """The form that ``request`` brings, with a file of at most ``most_bytes``; raises NotAForm."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NotAForm
    parser = _BoundedParser(request.headers, request.stream(), most_bytes, most_fields)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise NotAForm from error
    try:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        data = await files[0].read() if files and not parser.is_too_large else b""
        name = files[0].filename or "" if files else ""
        return UploadForm(fields, data or None, parser.is_too_large, name)
    finally:
        await form.close()
