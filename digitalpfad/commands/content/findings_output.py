"""Findings on a terminal: all of a kind up to a number that a person reads, the others in one line."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from digitalpfad.commands.output import say
from geodata.findings.finding import Finding
from geodata.messages.message import Message, message, phrase

_MOST = 50


def say_all(lines: Iterable[tuple[Hashable, Message]]) -> None:
    """Print the lines in their order; of each kind, the first of the pair, the first fifty, and how many more."""
    first: dict[Hashable, Message] = {}
    counts: dict[Hashable, int] = {}
    for kind, line in lines:
        first.setdefault(kind, line)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= _MOST:
            say(line)
    for kind, count in counts.items():
        if count > _MOST:
            say(message("… and {number:,} more of this kind: {line}", number=count - _MOST, line=first[kind]))


def say_findings(findings: Iterable[Finding]) -> None:
    """What an import found; a kind has one reason."""
    say_all(
        (
            (finding.severity, finding.reason),
            message("{severity}: {sentence}", severity=phrase(finding.severity), sentence=finding.whole),
        )
        for finding in findings
    )
