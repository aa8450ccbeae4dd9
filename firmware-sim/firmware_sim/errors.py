"""What can be wrong from outside; the command turns each into one sentence and an exit code."""

from __future__ import annotations


class FirmwareSimError(Exception):
    """The simulator cannot do what was asked."""


class WrongArgument(FirmwareSimError):
    """An argument or a file named by one is not what was expected (exit code 2)."""


class CannotRun(FirmwareSimError):
    """The arguments are right, the surroundings are not (exit code 1)."""
