"""The table of a Shapefile (dBASE III, .dbf): which bytes are text, and in which encoding.

Layout: header of 32 bytes (4: number of rows, 8: length of the header, 10: length of a row, 29: language), then 32
bytes for each column (0: name, 11: type, 16: width) until 0x0D, then the rows, each with a byte for "deleted" first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geodata.errors import InvalidInput
from geodata.messages.message import message
from geodata.trailfiles.formats import encoding as encodings
from geodata.trailfiles.source import ImportFile

GDAL_NAMES = {"mac-roman": "MACINTOSH", "euc_kr": "EUC-KR", "utf-8": "UTF-8"}
"""Where iconv, which GDAL asks, calls an encoding otherwise than Python does in capitals."""

_LANGUAGES = {
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), "cp850"),
    **dict.fromkeys((0x03, 0x57, 0x58, 0x59), "cp1252"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64, 0x87), "cp852"),
    **dict.fromkeys((0x26, 0x65), "cp866"),
    **dict.fromkeys((0x08, 0x17, 0x66), "cp865"),
    **dict.fromkeys((0x6B, 0x88), "cp857"),
    0x04: "mac-roman",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}
"""Language driver ids, after the table that ESRI's and GDAL's readers share."""

_ISO = re.compile(r"(?:iso)?[ _-]*8859[ _-]*(\d{1,2})")
_PAGE = re.compile(r"(?:ansi|oem|cp|windows|dos|ms|ibm)?[ _-]*(\d{3,5})")
_MANY = 10


@dataclass(frozen=True, slots=True)
class DbfColumn:
    """Where the text of a column is in a row, in bytes."""

    start: int
    width: int


@dataclass(frozen=True, slots=True)
class DbfTable:
    """``content`` is the whole file; ``columns`` are those of type text."""

    content: bytes
    rows: int
    header: int
    row_bytes: int
    language: int
    columns: tuple[DbfColumn, ...]

    @property
    def raw(self) -> bytes:
        """All rows after the names of the columns."""
        names = b"".join(name for _, name in self.names())
        return names + self.content[self.header : self.header + self.rows * self.row_bytes]

    def texts(self) -> Iterator[tuple[int, bytes]]:
        """Each text that is not ASCII, with the place of its first byte in the file: names of columns first."""
        yield from ((start, name) for start, name in self.names() if not name.isascii())
        for row in range(self.rows):
            for column in self.columns:
                start = self.header + row * self.row_bytes + column.start
                value = self.content[start : start + column.width]
                if not value.isascii():
                    yield start, value

    def names(self) -> Iterator[tuple[int, bytes]]:
        """The name of each column, with the place of its first byte in the file."""
        for at in range(32, self.header - 32, 32):
            if self.content[at] == 0x0D:
                return
            yield at, self.content[at : at + 11].split(b"\0")[0]


def read(file: Path) -> DbfTable | None:
    """None where it is no such table."""
    content = file.read_bytes()
    header, row_bytes = int.from_bytes(content[8:10], "little"), int.from_bytes(content[10:12], "little")
    if len(content) < 33 or not 33 <= header <= len(content) or not row_bytes:
        return None
    rows = min(int.from_bytes(content[4:8], "little"), (len(content) - header) // row_bytes)
    columns: list[DbfColumn] = []
    start = 1
    for at in range(32, header - 32, 32):
        if content[at] == 0x0D:
            break
        if content[at + 11 : at + 12] == b"C":
            width = content[at + 16] + 256 * content[at + 17]  # long texts count their decimals as width
            columns.append(DbfColumn(start, width))
            start += width
        else:
            start += content[at + 16]
    return DbfTable(content, rows, header, row_bytes, content[29], tuple(columns))


def named(cpg: str) -> str:
    """Python's name for what a .cpg says: "UTF-8", "1252", "ANSI 1252", "88591", "OEM 850"."""
    plain = cpg.casefold()
    if plain == "65001":
        return "utf-8"
    if match := _ISO.fullmatch(plain):
        return encodings.codec_name(f"iso8859-{match[1]}")
    if match := _PAGE.fullmatch(plain):
        return encodings.codec_name(f"cp{match[1]}")
    return encodings.codec_name(plain)


def encoding(table: DbfTable, cpg: str, import_file: ImportFile) -> tuple[str, bytes | None]:
    """The encoding to read the texts in, and the file's content where texts that are cut within a letter were mended.

    Raises InvalidInput where ``--encoding`` does not fit.
    """
    raw = table.raw
    if raw.isascii():
        return import_file.encoding or "utf-8", None
    whole = encodings.is_utf_8(raw)
    if import_file.encoding:
        _check(import_file, table)
        codec = import_file.encoding
    else:
        is_utf_8 = whole or all(encodings.is_utf_8(_trimmed(text)) for _, text in table.texts())
        codec = _judged(table, cpg, import_file, is_utf_8=is_utf_8)
    return codec, _whole_letters(table, import_file) if codec == "utf-8" and not whole else None


def _check(import_file: ImportFile, table: DbfTable) -> None:
    codec = import_file.encoding
    for _, text in table.texts():
        try:
            (_trimmed(text) if codec == "utf-8" else text).decode(codec)
        except UnicodeError as error:
            sample = repr(text.strip(b" \0"))[1:]
            expected = message(
                "the encoding of the texts in {name}, such as {text}", name=import_file.name, text=sample
            )
            raise InvalidInput(
                message("{option[encoding]}"), codec, expected, "Leave the option out to have it judged."
            ) from error


def _judged(table: DbfTable, cpg: str, import_file: ImportFile, *, is_utf_8: bool) -> str:
    named_codec = named(cpg) if cpg else ""
    if cpg and not named_codec:
        import_file.findings.warn(
            message("The .cpg of {name} says {said}, which is no encoding.", name=import_file.name, said=cpg),
            reason="encoding-unknown",
        )
    by_language = "" if named_codec else _LANGUAGES.get(table.language, "")
    if is_utf_8:
        codec = "utf-8"
    else:
        declared = "" if "utf-8" in {named_codec, by_language} else named_codec or by_language
        codec = encodings.fitting(declared, b"\n".join(text for _, text in table.texts()))
    if codec != named_codec:
        _tell(table, import_file, codec, named_codec, by_language)
    return codec


def _tell(table: DbfTable, import_file: ImportFile, codec: str, named_codec: str, by_language: str) -> None:
    sample = next((text for _, text in table.texts()), b"")
    if not sample:
        return
    values = {
        "name": import_file.name,
        "codec": encodings.label(codec),
        "sample": repr(_trimmed(sample).decode(codec, "replace").strip(" \0")),
    }
    if named_codec:
        import_file.findings.warn(
            message(
                "The .cpg of {name} says {said}, but its texts are in {codec}, such as {sample}, and read as that."
                " {option[encoding]} says another.",
                said=encodings.label(named_codec),
                **values,
            ),
            reason="encoding-contradicted",
        )
    elif codec == by_language:
        import_file.findings.note(
            message(
                "{name} has no .cpg; by the language byte of its .dbf the texts are in {codec}, such as {sample}."
                " {option[encoding]} says another.",
                **values,
            ),
            reason="encoding-by-language-byte",
        )
    else:
        import_file.findings.note(
            message(
                "{name} does not say its encoding; judged by their bytes the texts are in {codec}, such as {sample}."
                " {option[encoding]} says another.",
                **values,
            ),
            reason="encoding-judged",
        )


def _trimmed(text: bytes) -> bytes:
    """UTF-8 without the beginning of a letter for which the column was too narrow."""
    for length in range(1, min(3, len(text)) + 1):
        if text[-length] & 0xC0 == 0xC0:  # begins a letter of several bytes
            return text if encodings.is_utf_8(text[-length:]) else text[:-length]
    return text


def _whole_letters(table: DbfTable, import_file: ImportFile) -> bytes | None:
    cut = [(start, text) for start, text in table.texts() if not encodings.is_utf_8(text)]
    if not cut:
        return None
    content = bytearray(table.content)
    for start, text in cut:
        content[start : start + len(text)] = _trimmed(text).ljust(len(text), b" " if start >= table.header else b"\0")
    import_file.findings.warn(
        message(
            "{count} texts in {name} fill their column and end within a letter, which is left out: {texts}.",
            count=len(cut),
            name=import_file.name,
            texts=", ".join(repr(_trimmed(text).decode()) for _, text in cut[:_MANY]),
        ),
        hint="Widen the column in your GIS, or shorten the text.",
        reason="text-cut",
    )
    return bytes(content)
