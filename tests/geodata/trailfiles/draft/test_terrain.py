"""Heights from terrain models: GeoTIFF, ESRI ASCII grid, XYZ, against the function the model was made of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.findings.trail_file import Refused
from geodata.trailfiles.draft import terrain
from tests.checkout import ROOT
from tests.geodata.trailfiles.geofiles import EASTWARDS, read, trail_file

TO_UTM = Transformer.from_crs("OGC:CRS84", "EPSG:25832", always_xy=True)
TO_DEGREES = Transformer.from_crs("EPSG:25832", "OGC:CRS84", always_xy=True)
WEST, NORTH = 493000.0, 5767000.0  # of the tile around the test line


def slope(x: Any, y: Any) -> Any:
    """A plane: exactly what bilinear interpolation keeps."""
    return 100 + (x - WEST) / 20 + (NORTH - y) / 40


def grid(columns: int, rows: int, cell: float, west: float = WEST) -> Any:
    x = west + cell * (np.arange(columns) + 0.5)
    y = NORTH - cell * (np.arange(rows) + 0.5)
    return slope(x[None, :], y[:, None]).astype("float32")


def tiff(file: Path, west: float = WEST, columns: int = 250, **profile: Any) -> Path:
    values = grid(columns, 250, 10, west)
    settings: dict[str, Any] = {"crs": "EPSG:25832", "nodata": -9999, **profile}
    with rasterio.open(
        file, "w", driver="GTiff", width=columns, height=250, count=1, dtype="float32",
        transform=Affine(10, 0, west, 0, -10, NORTH), **settings,
    ) as raster:  # fmt: skip
        raster.write(values, 1)
    return file


def asc(file: Path) -> Path:
    lines = [f"ncols 250\nnrows 250\nxllcorner {WEST}\nyllcorner {NORTH - 2500}\ncellsize 10\nNODATA_value -9999"]
    lines += [" ".join(f"{value:.3f}" for value in row) for row in grid(250, 250, 10)]
    file.write_text("\n".join(lines))
    return file


def xyz(file: Path) -> Path:
    lines = [
        f"{WEST + 20 * (c + 0.5):.2f} {NORTH - 20 * (r + 0.5):.2f} {value:.3f}"
        for r, row in enumerate(grid(125, 125, 20))
        for c, value in enumerate(row)
    ]
    file.write_text("\n".join(lines))
    return file


@pytest.mark.parametrize(
    ("make", "crs"), [(tiff, ""), (asc, "EPSG:25832"), (xyz, "EPSG:25832")], ids=["GeoTIFF", "ASCII grid", "XYZ"]
)
def test_the_line_takes_its_heights_from_the_model(tmp_path: Path, make: Any, crs: str) -> None:
    model = make(tmp_path / f"dgm.{make.__name__}")
    draft, found = read(trail_file(tmp_path), dem=(model,), dem_crs=crs)
    assert draft.line is not None
    for lon, lat, height in draft.line.coords:
        assert height == pytest.approx(slope(*TO_UTM.transform(lon, lat)), abs=0.01)
    assert not [line for line in found if "height" in line]


@given(st.floats(5, 2495), st.floats(5, 2495))
def test_between_cells_heights_are_those_of_the_slope(model: Path, east: float, south: float) -> None:
    x, y = WEST + east, NORTH - south
    lon, lat = TO_DEGREES.transform(x, y)
    assert terrain.heights([model], "", [(lon, lat, 0.0)])[0] == pytest.approx(slope(x, y), abs=0.01)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiff(tmp_path_factory.mktemp("dgm") / "dgm.tif", compress="lzw", tiled=True)


def test_two_tiles_side_by_side_serve_one_trail(tmp_path: Path) -> None:
    middle = TO_UTM.transform(*EASTWARDS[5][:2])[0] // 10 * 10
    west = tiff(tmp_path / "west.tif", columns=int((middle - WEST) / 10))
    east = tiff(tmp_path / "east.tif", west=middle)
    draft, found = read(trail_file(tmp_path), dem=(west, east))
    assert draft.line is not None
    errors = [abs(z - slope(*TO_UTM.transform(lon, lat))) for lon, lat, z in draft.line.coords]
    assert max(errors) < 0.3  # half a cell at the seam
    assert not any("outside" in line for line in found)
    _, found = read(trail_file(tmp_path), dem=(west,))
    assert any("error: 6 of 11 vertices have no height in the terrain model." in line for line in found)


def test_cells_without_data_are_no_heights(tmp_path: Path) -> None:
    file = tiff(tmp_path / "dgm.tif")
    x, y = TO_UTM.transform(*EASTWARDS[5][:2])
    with rasterio.open(file, "r+") as raster:
        column, row = int((x - WEST) / 10), int((NORTH - y) / 10)
        raster.write(np.full((1, 3, 3), -9999, dtype="float32"), window=((row - 1, row + 2), (column - 1, column + 2)))
    _, found = read(trail_file(tmp_path), dem=(file,))
    assert any("error: 1 of 11 vertices have no height in the terrain model." in line for line in found)


def test_a_model_without_a_crs_needs_the_option(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"dgm.asc does not say in which coordinate system it is.*dem-crs=EPSG:25832"):
        read(trail_file(tmp_path), dem=(asc(tmp_path / "dgm.asc"),))


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    for name, sentence in [("dgm.vrt", "dgm.vrt ends in .vrt. Expected one of .tif"), ("dgm.tif", "cannot be read: ")]:
        (tmp_path / name).write_text("<VRTDataset/>")
        with pytest.raises(Refused, match=sentence):
            read(trail_file(tmp_path), dem=(tmp_path / name,))


def test_without_rasterio_the_sentence_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['rasterio'] = None\n"
        "from pathlib import Path\n"
        "from geodata.trailfiles.draft import terrain\n"
        "terrain.heights([Path('dgm.tif')], '', [(8.9, 52.0, 0.0)])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    said = "Terrain models need rasterio, which is not installed. Run: "
    command = ended.stderr.partition(said)[2]
    assert sys.executable in command
    assert "'rasterio>=" in command
