"""How a command writes into the audit log what it changes, and who ran it."""

from __future__ import annotations

import os
import pwd

from geodata.store.access import audit
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action


def note(connection: Transaction, action: Action, object_: str) -> None:
    """Write down, in the transaction of the change, that the account which runs this command did ``action``."""
    audit.by_command(connection, account(), action, object_)


def account() -> str:
    """The operating system's name of the account, not what the environment says; its number where it has none."""
    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
