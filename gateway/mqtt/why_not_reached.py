"""Why no connection to a broker came about, said with what mends it."""

from __future__ import annotations

import socket
import ssl

from gateway.mqtt.config import Broker
from geodata.messages.message import Message, message

_PROBE_S = 2.0
_EXPIRED, _NOT_YET_VALID = 10, 9  # X509_V_ERR_… of OpenSSL, as are the others
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def why(broker: Broker, error: OSError) -> Message:
    """The sentence for what connecting raised."""
    address = f"{broker.host}:{broker.port}"
    match error:
        case ssl.SSLCertVerificationError():
            return _why_not_trusted(broker, address, error)
        case ssl.SSLError() | ConnectionResetError() if broker.tls:
            return message(
                "The broker at {address} agreed on no TLS: {reason}. Where it listens without, write mqtt:// in place"
                " of mqtts://; its port with TLS is mostly 8883.",
                address=address,
                reason=getattr(error, "reason", None) or error.strerror or str(error),
            )
        case _:
            return message(
                "The broker at {address} cannot be reached: {reason}.",
                address=address,
                reason=error.strerror or str(error),
            )


def why_silent(broker: Broker, waited_s: float) -> Message:
    """The sentence where it took the connection and said nothing."""
    address = f"{broker.host}:{broker.port}"
    if not broker.tls and speaks_tls(broker):
        return message(
            "The broker at {address} speaks TLS there and takes nothing else: write mqtts:// in place of mqtt://.",
            address=address,
        )
    return message("The broker at {address} did not answer within {seconds:g} s.", address=address, seconds=waited_s)


def speaks_tls(broker: Broker) -> bool:
    """Whether TLS is agreed on at its address, with whatever certificate: nothing else is said to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((broker.host, broker.port), timeout=_PROBE_S) as plain:
            context.wrap_socket(plain, server_hostname=broker.server_name or broker.host).close()
    except ssl.SSLError as error:
        return "ALERT" in str(error.reason)  # it asks for a certificate of ours, say
    except (OSError, ValueError):
        return False
    return True


def _why_not_trusted(broker: Broker, address: str, error: ssl.SSLCertVerificationError) -> Message:
    if error.verify_code in _UNKNOWN_AUTHORITY:
        if broker.ca_file:
            return message(
                "The broker at {address} shows a certificate that {file} does not vouch for ({reason}):"
                " {setting[mqtt_ca_file]} names the file with its authority or with the certificate itself.",
                address=address,
                file=broker.ca_file,
                reason=error.verify_message,
            )
        return message(
            "The broker at {address} shows a certificate that no usual authority signed ({reason}). Name the"
            " file with its authority, or with the certificate itself, in {setting[mqtt_ca_file]}.",
            address=address,
            reason=error.verify_message,
        )
    if error.verify_code in _OTHER_NAME:
        return message(
            "The certificate of the broker at {address} does not name {name}. Use the name in it as the address,"
            " or set {setting[mqtt_server_name]} to that name.",
            address=address,
            name=broker.server_name or broker.host,
        )
    if error.verify_code == _EXPIRED:
        return message("The certificate of the broker at {address} has expired: renew it.", address=address)
    if error.verify_code == _NOT_YET_VALID:
        return message(
            "The certificate of the broker at {address} is not valid yet: look at its dates and at this machine's"
            " clock.",
            address=address,
        )
    return message(
        "The certificate of the broker at {address} is refused: {reason}.",
        address=address,
        reason=error.verify_message,
    )
