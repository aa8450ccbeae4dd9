"""How to install what an extra brings, as it works for the Python that runs: a checkout's, a server's, a wheel's."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import requires
from importlib.util import find_spec


def install_command(library: str) -> str:
    """A line for the shell that installs ``library``, one of an extra of Digitalpfad, in the version wanted."""
    wanted = next(line for line in requires("digitalpfad") or [] if line.startswith(library))
    python = shlex.quote(sys.executable)
    installer = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
    return f"{installer} '{wanted.partition(';')[0].strip()}'"
