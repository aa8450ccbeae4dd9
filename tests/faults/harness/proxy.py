"""A TCP proxy that breaks what passes through it: resets, latency, silence, a narrow line."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import Self

_BYTES = 16_384
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with RST


class Proxy:
    """Passes loopback connections on to ``target`` (a port). Its properties may change while connections are open."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.latency_s = 0.0
        self.bytes_per_s = 0
        self.silent = threading.Event()
        """Set: connections stay open and nothing passes, as behind a dead router."""
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self.port = int(self._server.getsockname()[1])

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._server.close()
        self._acceptor.join(5)
        self.reset()

    def reset(self) -> int:
        """Close every connection with RST; returns how many there were."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    end.shutdown(socket.SHUT_RD)  # wakes the thread that reads it
                with suppress(OSError):
                    end.close()
        return len(pairs)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(max(1, self.bytes_per_s // 10) if self.bytes_per_s else _BYTES):
                if self.latency_s:
                    self._stop.wait(self.latency_s)
                if self.bytes_per_s:
                    self._stop.wait(len(data) / self.bytes_per_s)
                while self.silent.is_set() and not self._stop.wait(0.05):
                    continue
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
