"""Builds the documentation site and looks through it; fails with a sentence for each fault.

python -m tools.docsite [FOLDER]        # build/docs where none is given; the site is FOLDER/site
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.docsite.build import build
from tools.docsite.checks import faults
from tools.docsite.staging import documents

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """Build, look, tell."""
    folder = Path(arguments[0]) if arguments else ROOT / "build/docs"
    site = build(ROOT, folder.absolute())
    found = faults(ROOT, site, documents(ROOT))
    print("\n".join(found) or f"Open {site / 'index.html'}", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
