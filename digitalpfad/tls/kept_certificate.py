"""The embedded broker's certificate as it was last good: a copy in the data directory.

NATS refuses a whole configuration, the changed devices in it too, where it cannot read the certificate. So it reads
this copy, whatever becomes of the operator's files.
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path

from digitalpfad.config.secret_file import why_unreadable
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.tls import certificate
from digitalpfad.tls.certificate import Certificate
from geodata.errors import StartRefused

_NAME, _NEXT = "mqtt-tls.pem", "mqtt-tls-next.pem"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)


def file(data: DataDir) -> Path:
    """Where the copy is: chain and key in one file, so that one is never another's."""
    return data.path / _NAME


def keep(data: DataDir, pair: Certificate | None) -> None:
    """Make ``pair`` the copy, readable by its owner alone, whole or not at all; None removes it.

    It holds what was judged, whatever the files hold by now. Raises StartRefused where they were changed while they
    were judged and that cannot be used, or where the copy cannot be written.
    """
    if pair is None:
        data.remove(_NAME)
        return
    matches = (*_CERTIFICATE.finditer(pair.chain_text), *_KEY.finditer(pair.key_text))
    blocks = [match.group() for match in matches]
    unproven = data.write_secret(_NEXT, "\n".join(blocks))
    try:
        certificate.load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), unproven, unproven)
        unproven.replace(file(data))
    except ssl.SSLError as error:
        raise StartRefused(f"{pair.chain} and {pair.key} cannot be used: {error.reason or error}.") from None
    except OSError as error:
        raise StartRefused(f"{file(data)} cannot be written: {why_unreadable(error)}.") from None
    finally:
        data.remove(_NEXT)
