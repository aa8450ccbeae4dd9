"""The process that geodata.typesetting.apart starts: JSON comes in, a PDF goes out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from geodata.typesetting.font import FONTS


def main() -> int:
    """Set one document; 1 with the reason where that fails."""
    import typst  # noqa: PLC0415 - an extra of 84 MB, which this process alone loads

    asked: dict[str, str] = json.load(sys.stdin)
    template = Path(asked["template"])
    try:
        pdf = typst.compile(
            template,
            root=template.parent,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": asked["data"]},
            pdf_standards=["ua-1"],
            timestamp=int(asked["timestamp"]),
        )
    except typst.TypstError as error:
        sys.stderr.write(str(error.message))
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
