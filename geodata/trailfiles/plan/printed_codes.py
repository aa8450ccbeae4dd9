"""What an import says of codes that spreadsheets take for numbers or dates: they are printed, so they stay."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geodata.findings.trail_file import Findings
from geodata.messages.message import Message, message
from geodata.vocabulary import codes

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:E[+-]?\d+)?", re.IGNORECASE)
_SHOWN = 5


def tell_changing(new: Iterable[str], findings: Findings) -> None:
    """Warn once of all codes among ``new`` (valid, not stored yet) that a spreadsheet would show as other texts."""
    changing = sorted(code for code in new if codes.changes_in_spreadsheets(code))
    if not changing:
        return
    listed = ", ".join(changing[:_SHOWN]) + (" …" if len(changing) > _SHOWN else "")
    findings.warn(
        message(
            "{count} printed codes look like numbers or dates to a spreadsheet: {codes}.",
            count=len(changing),
            codes=listed,
        )
        if len(changing) > 1
        else message("The printed code {code} looks like a number or a date to a spreadsheet.", code=changing[0]),
        hint=message(
            "It is kept as it is. In spreadsheets use lists with {option[dialect]:excel-de}, which keep it as a text."
        ),
        reason="codes-like-numbers",
    )


def hint(text: str) -> Message:
    """What to do with a code that is wrong and unknown."""
    code = text.strip().zfill(codes.LENGTH)
    if codes.is_valid(code) and code != text:
        return message("A spreadsheet drops zeros in front: did you mean {code}?", code=code)
    if _NUMBER.fullmatch(text.strip()):
        return message("A spreadsheet may have made a number of it: copy it from the sign.")
    return message("Leave it empty for a new station.")
