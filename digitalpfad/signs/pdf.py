"""From signs to PDF/UA-1 by typst, with our own fonts only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from digitalpfad.signs.sign import Sign
from geodata.errors import DigitalpfadError, StartRefused
from geodata.messages.message import message
from geodata.runtime.extras import install_command
from geodata.typesetting.font import FONTS

_HERE = Path(__file__).parent
Template = Literal["plate", "workshop"]
_TITLES = {"plate": "Schilder", "workshop": "Werkstattblatt"}


def render(template: Template, signs: Sequence[Sign], *, draft: bool, now: datetime) -> bytes:
    """A PDF with all ``signs`` of one trail; ``now`` is the document's date. Raises StartRefused without typst."""
    if find_spec("typst") is None:
        raise StartRefused(
            message("Signs need typst, which is not installed here. Run: {command}", command=install_command("typst"))
        )
    import typst  # noqa: PLC0415 - an extra of 84 MB that no other command needs

    data = {
        "title": f"{_TITLES[template]} {signs[0].trail}",
        "municipality": signs[0].municipality,
        "site": signs[0].site,
        "draft": draft,
        "signs": [{**asdict(sign), "place": _place(sign)} for sign in signs],
    }
    try:
        pdf = typst.compile(
            _HERE / f"{template}.typ",
            root=_HERE,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["ua-1"],
            timestamp=int(now.timestamp()),
        )
    except typst.TypstError as error:
        raise DigitalpfadError(f"The signs cannot be set: {error.message}") from error
    return pdf


def _place(sign: Sign) -> str:
    metres = f"{sign.along_m:,.0f}".replace(",", ".")
    return f"{sign.lat:.6f}° N, {sign.lon:.6f}° O; {metres} m nach dem Start".replace(".", ",", 2)
