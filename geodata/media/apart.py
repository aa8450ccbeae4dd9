"""Files of others, decoded in a process of its own with bounds on time and memory; the web process never decodes.

A hole in a decoder is then one in a process that has neither a database nor secrets, and lives for a second.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from typing import Final

import msgspec

from geodata.errors import DigitalpfadError
from geodata.media.renditions import Prepared
from geodata.model.report import ReportPicture

_SECONDS: Final = 30  # the process has a bound of its own on the time that it computes
_SECONDS_OF_MEDIUM: Final = 120
_MOST_BYTES: Final = 2_000_000  # of what comes out; the database refuses more
_HEAD = struct.Struct(">II")  # as geodata.media.decoder writes it


class NoPicture(DigitalpfadError):
    """The file is no picture that can be read here: JPEG, PNG, WebP or AVIF of at most 40 megapixels."""


def decoded(data: bytes) -> ReportPicture:
    """The picture encoded anew, without metadata and at most 1600 pixels wide and high; raises NoPicture."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "geodata.media.decoder"],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoPicture from error
    picture = done.stdout[_HEAD.size :]
    if done.returncode != 0 or not picture or len(picture) > _MOST_BYTES:
        raise NoPicture
    width, height = _HEAD.unpack_from(done.stdout)
    return ReportPicture(width=width, height=height, data=picture)


class UnusableMedium(DigitalpfadError):
    """The file cannot be shown or played; ``sentence`` says why, in the language that was asked for."""


def prepared(data: bytes, kind: str, name: str, language: str) -> Prepared:
    """A medium with all that is served of it, of a file called ``name``; raises UnusableMedium."""
    try:
        done = subprocess.run(  # noqa: S603 - arguments, no shell; the name is one that we made
            [sys.executable, "-m", "geodata.media.preparer", kind, name, language],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=_SECONDS_OF_MEDIUM,
            check=False,
        )
    except (subprocess.TimeoutExpired, ValueError) as error:  # ValueError: a NUL in the name
        raise UnusableMedium from error
    if done.returncode != 0:
        raise UnusableMedium(done.stdout.decode(errors="replace") or None)
    return msgspec.msgpack.decode(done.stdout, type=Prepared)


def _environment() -> dict[str, str]:
    """Where Python finds the packages, and nothing else: settings and their secrets are not for a decoder."""
    return {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "PATH": os.defpath}
