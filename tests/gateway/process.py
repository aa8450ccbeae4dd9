"""The gateway as a process of its own: settings as JSON in the first argument."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from types import FrameType

import structlog

from gateway.service import run
from gateway.settings import GatewaySettings


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    return run(GatewaySettings(**json.loads(sys.argv[1])), stop)


if __name__ == "__main__":
    sys.exit(main())
