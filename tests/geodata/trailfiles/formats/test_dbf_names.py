"""Columns of a Shapefile that share a name, as programs leave them that cut names to ten bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from geodata.findings.trail_file import Findings
from geodata.trailfiles.formats import dbf, dbf_names
from geodata.trailfiles.source import ImportFile
from tests.geodata.trailfiles.geofiles import EASTWARDS, geojson, layers, read, station


def table(folder: Path, *names: bytes) -> dbf.DbfTable:
    """A .dbf with these columns of one byte and one row."""
    folder.mkdir(exist_ok=True)
    columns = b"".join(name.ljust(11, b"\0") + b"C" + bytes(4) + b"\1" + bytes(15) for name in names)
    header = 32 + len(columns) + 1
    head = b"\3" + bytes(3) + (1).to_bytes(4, "little") + header.to_bytes(2, "little")
    content = (head + (1 + len(names)).to_bytes(2, "little")).ljust(32, b"\0") + columns + b"\r "
    (folder / "t.dbf").write_bytes(content + b"x" * len(names))
    read_table = dbf.read(folder / "t.dbf")
    assert read_table is not None
    return read_table


def told_apart(folder: Path, codec: str, *names: bytes) -> list[bytes]:
    """The names that they get."""
    import_file = ImportFile(folder / "t.dbf", "t.dbf", folder, "", Findings())
    before = table(folder, *names)
    content = dbf_names.told_apart(before, codec, import_file)
    assert (content is None) == (not import_file.findings.found)
    (folder / "t.dbf").write_bytes(content or before.content)
    after = dbf.read(folder / "t.dbf")
    assert after is not None
    assert after.content[after.header :] == before.content[before.header :]
    return [name for _, name in after.names()]


@pytest.mark.parametrize(
    ("names", "codec", "apart"),
    [
        ((b"name", b"nr"), "utf-8", (b"name", b"nr")),
        ((b"name", b"NAME"), "utf-8", (b"name", b"NAME")),
        ((b"name", b"name ", b"name"), "utf-8", (b"name", b"name_2", b"name_3")),
        ((b"name", b"name", b"name_2"), "utf-8", (b"name", b"name_3", b"name_2")),
        ((b"bezeichnun", b"bezeichnun"), "utf-8", (b"bezeichnun", b"bezeichn_2")),
        (("größenmaß".encode()[:10],) * 2, "utf-8", ("größenma".encode(), "größen_2".encode())),
        (("größenmaß".encode("cp850"),) * 2, "cp850", ("größenmaß".encode("cp850"), "größenma_2".encode("cp850"))),
        ((b"", b""), "utf-8", (b"", b"_2")),
    ],
)  # fmt: skip
def test_each_column_gets_a_name_of_its_own_of_at_most_ten_bytes(
    tmp_path: Path, names: tuple[bytes, ...], codec: str, apart: tuple[bytes, ...]
) -> None:
    assert tuple(told_apart(tmp_path, codec, *names)) == apart


@given(
    names=st.lists(
        st.sampled_from([b"", b"a", b"a_2", b"a_3", b"abcdefghij", b"abcdefgh_2", b"\xc3\xa4" * 5]), max_size=30
    )
)
def test_no_two_columns_share_a_name_and_the_first_of_each_keeps_it(
    tmp_path_factory: pytest.TempPathFactory, names: list[bytes]
) -> None:
    apart = told_apart(tmp_path_factory.getbasetemp() / "names", "utf-8", *names)
    assert len(set(apart)) == len(names)
    assert all(len(name) <= 10 for name in apart)
    assert [apart[names.index(name)] for name in names] == names


def doubled(folder: Path) -> Path:
    """A Shapefile of one station and a second text for it, with a column "bezeichnun" for each of both."""
    row = {"nr": 1, "bezeichnun": "Försterteich", "bezeichnux": "Teich"}
    file = layers(folder / "tafeln.shp", "ESRI Shapefile", "EPSG:25832", tafeln=([station(100)], [row]))
    content = file.with_suffix(".dbf").read_bytes()
    file.with_suffix(".dbf").write_bytes(content.replace(b"bezeichnux", b"bezeichnun"))
    return file


def test_the_first_of_two_columns_of_one_name_is_read_as_the_name(tmp_path: Path) -> None:
    draft, found = read(doubled(tmp_path))
    assert [one.name for one in draft.stations] == ["Försterteich"]
    (told,) = [line for line in found if "several columns" in line]
    assert told == (
        "warning: The table of tafeln.shp has several columns of one name; from the second on they are read as:"
        " 'bezeichnun' → 'bezeichn_2'. Give each column its own name in your GIS, of at most ten letters."
    )


def test_a_column_without_a_name_is_not_taken_for_one_that_the_file_lacks(tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "a.geojson",
        (LineString(EASTWARDS), {"name": "Weg"}),
        (Point(8.9, 52.05), {"name": "Teich", "": "9"}),
    )
    draft, found = read(file)
    assert [(one.name, one.number, one.along_m) for one in draft.stations] == [("Teich", None, None)]
    assert not [line for line in found if "column" in line]
