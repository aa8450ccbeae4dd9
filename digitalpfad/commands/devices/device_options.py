"""What the commands of `device` say of a device in the same words."""

from __future__ import annotations

from typing import Annotated

import typer

from geodata.model.device import Device

DeviceId = Annotated[str, typer.Argument(metavar="ID")]
Name = Annotated[str | None, typer.Option(help="What staff call it; its id without one.")]
Kind = Annotated[
    str | None, typer.Option(help="What kind of device it is, such as climate; boardwalk has its own sentence.")
]
Every = Annotated[
    int | None,
    typer.Option(
        metavar="SECONDS",
        help="How often it reports: after three times as long it counts as silent. What it says itself counts more.",
    ),
]
Lon = Annotated[float | None, typer.Option(help="Longitude in degrees (CRS84), of a device at no station.")]
Lat = Annotated[float | None, typer.Option(help="Latitude in degrees (CRS84), of a device at no station.")]


def place_of(device: Device) -> str | None:
    """The code of the station where it stands, or its point beside the trail, longitude first."""
    if device.station is not None or device.lon is None or device.lat is None:
        return device.station
    return f"{device.lon:.5f}, {device.lat:.5f}"


def stripped(text: str | None) -> str | None:
    """``text`` without the blanks around it."""
    return None if text is None else text.strip()
