"""What `up` shows: one line per step with its time, then the addresses with a QR code."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager

import segno
from rich.console import Console

_HALF_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


class Terminal:
    """Progress on stderr, results on stdout; plain lines where nobody looks."""

    def __init__(self) -> None:
        self._progress = Console(stderr=True, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, doing: str, done: str) -> Generator[None]:
        """Show what is being done while it lasts, then one line with its time."""
        started = time.monotonic()
        if self._progress.is_terminal:
            with self._progress.status(f"{doing} …"):
                yield
        else:
            yield
        seconds = time.monotonic() - started
        self._progress.print(f"[green]✓[/green] {done:<44} [dim]{seconds:5.1f} s[/dim]", markup=True)

    def say(self, sentence: str) -> None:
        """One line of news."""
        self._progress.print(sentence, markup=False)

    def show(self, lines: Iterable[tuple[str, str]], qr: str | None) -> None:
        """Label and text of each line, framed by empty lines, with a QR code of an address where given."""
        print("\nDigitalpfad is running.\n")
        for label, text in lines:
            print(f"  {label:<10} {text}")
        if qr:
            print("\n" + qr_code(qr, coloured=sys.stdout.isatty()))
        print("\nCtrl-C stops everything.", flush=True)


def qr_code(text: str, *, coloured: bool) -> str:
    """``text`` as a QR code of half blocks, two modules high per character.

    Coloured: dark on white whatever the terminal's colours are. Otherwise drawn for a dark background.
    """
    rows = [[bool(module) for module in row] for row in segno.make(text, micro=False, error="m").matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    lines: list[str] = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        if coloured:
            blocks = "".join(_HALF_BLOCKS[above, below] for above, below in zip(upper, lower, strict=True))
            lines.append(f"  \x1b[38;5;16;48;5;231m{blocks}\x1b[0m")
        else:
            blocks = "".join(_HALF_BLOCKS[not above, not below] for above, below in zip(upper, lower, strict=True))
            lines.append(f"  {blocks}")
    return "\n".join(lines)
