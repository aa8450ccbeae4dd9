"""Prints the entries that the German catalogue lacks, to be filled in: ``python -m tools.messages``."""

from __future__ import annotations

import sys

from tools.messages.catalogue import missing, stanza
from tools.messages.source import files, in_source


def main() -> int:
    """Print entries to be filled in; 1 where there are any."""
    lacking = missing(in_source(files()))
    sys.stdout.write("\n".join(map(stanza, lacking)))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
