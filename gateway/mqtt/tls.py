"""The client's side of TLS: whom it trusts, and which name the certificate must bear."""

from __future__ import annotations

import socket
import ssl
from typing import Any


class NamedContext(ssl.SSLContext):
    """Checks certificates for ``server_name`` where it is set, whatever address a connection goes to."""

    server_name: str = ""

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **named: Any) -> ssl.SSLSocket:
        """Wrap ``sock`` for ``server_name`` where it is set, and shake hands at once: paho leaves a failed one open."""
        named["do_handshake_on_connect"] = True
        if self.server_name:
            named["server_hostname"] = self.server_name
        return super().wrap_socket(sock, *arguments, **named)


def client_context(ca_file: str = "", server_name: str = "") -> NamedContext:
    """TLS 1.2 or newer, trusting every certificate in ``ca_file`` (the system's authorities where empty).

    Raises OSError where the file cannot be read.
    """
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.server_name = server_name
    if ca_file:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the file may hold the server's own certificate alone
        context.load_verify_locations(ca_file)
    else:
        context.load_default_certs()
    return context
