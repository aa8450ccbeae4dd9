"""Signs for the staff pages: what stands on each, and the sheets, set in a process of its own.

Typesetting takes seconds and the memory of its fonts: the web process only waits for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from digitalpfad.signs import lists
from digitalpfad.signs.letters import ready_to_set
from digitalpfad.signs.of_trail import load_signs
from digitalpfad.signs.sign import Sign, public_address
from geodata.errors import DigitalpfadError, NotFound
from geodata.messages.message import phrase
from geodata.store.database import Database
from geodata.text.csv_table import Dialect

_SECONDS: Final = 120
_PDF: Final = {"schilder-a6.pdf": "plate", "werkstatt-a4.pdf": "workshop"}


@dataclass(frozen=True, slots=True)
class SignPress:
    """Makes the sheets of a trail. ``base_url`` is what signs carry."""

    database: Database
    base_url: str

    def signs(self, trail: str, *, draft: bool) -> list[Sign]:
        """What stands on the signs of a trail. Raises InvalidInput, StartRefused for an address that none may carry."""
        return load_signs(self.database, trail, None, public_address(self.base_url, draft=draft))

    def sheet(self, name: str, trail: str, code: str | None, *, draft: bool) -> bytes:
        """The file ``name``, for all stations or one. Raises as signs() and render(), and NotFound for another name."""
        signs = load_signs(self.database, trail, code, public_address(self.base_url, draft=draft))
        if name == "nfc.csv":
            return lists.nfc_csv(signs, Dialect.PLAIN)
        if name == "rundgang.csv":
            return lists.walk_csv(signs, Dialect.EXCEL_DE)
        if name not in _PDF:
            raise NotFound("file", name)
        return _set_apart(_PDF[name], ready_to_set(signs)[0], draft=draft)


def _set_apart(template: str, signs: list[Sign], *, draft: bool) -> bytes:
    order = {
        "template": template,
        "draft": draft,
        "now": datetime.now(UTC).isoformat(),
        "signs": [asdict(sign) for sign in signs],
    }
    path = os.pathsep.join(part for part in sys.path if part)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "digitalpfad.signs.typesetter"],
            input=json.dumps(order).encode(),
            capture_output=True,
            env={"PYTHONPATH": path, "PATH": os.defpath},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DigitalpfadError(phrase("The signs cannot be set: it takes too long.")) from error
    if done.returncode != 0:
        raise DigitalpfadError(phrase("The signs cannot be set."))
    return done.stdout
