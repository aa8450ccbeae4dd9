"""Sets one sheet of signs, as a process of its own: ``press`` runs ``python -m digitalpfad.signs.typesetter``.

The order comes as JSON on standard input; what comes out is the PDF, or nothing and exit code 3.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime

from digitalpfad.signs import pdf
from digitalpfad.signs.sign import Sign
from geodata.errors import DigitalpfadError

REFUSED = 3
"""Exit code where the sheet cannot be set."""


def main() -> int:
    """Read, set, write; return the exit code."""
    os.nice(5)
    order = json.loads(sys.stdin.buffer.read())
    signs = [Sign(**sign) for sign in order["signs"]]
    now = datetime.fromisoformat(order["now"])
    try:
        sheet = pdf.render(order["template"], signs, draft=order["draft"], now=now)
    except DigitalpfadError:
        return REFUSED
    sys.stdout.buffer.write(sheet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
