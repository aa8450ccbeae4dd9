"""What a device proves itself with to the broker: a generated secret, of which only a hash is kept."""

from __future__ import annotations

from datetime import datetime

import bcrypt

from geodata.errors import InvalidInput, NotFound
from geodata.security.secret import new_secret
from geodata.store.transaction import Transaction

_COST = 5  # of 192 random bits there is nothing to guess: the cheapest bcrypt will do, and brokers stay fast


def issue(connection: Transaction, device: str) -> str:
    """Give a device a new secret and return it, this once; an earlier one stops working. Raises as issue_hashed()."""
    return issue_hashed(connection, device)[0]


def issue_hashed(connection: Transaction, device: str) -> tuple[str, str]:
    """Give a device a new secret; return it, this once, and its bcrypt hash for a broker whose users are kept by hand.

    Raises NotFound for an unknown device and InvalidInput for a revoked one.
    """
    row = connection.execute("SELECT revoked_at FROM device WHERE id = %s FOR UPDATE", [device]).fetchone()
    if row is None:
        raise NotFound("device", device)
    if row[0] is not None:
        raise InvalidInput("device", device, "a device that is not revoked", "Register it anew under another id.")
    secret = new_secret()
    # NATS and others know the prefix 2a; for text without characters beyond ASCII 2a and 2b are the same
    hashed = bcrypt.hashpw(secret.encode(), bcrypt.gensalt(_COST, prefix=b"2a")).decode()
    connection.execute("SELECT keep_device_credential(%s, %s)", [device, hashed])
    return secret, hashed


def revoke(connection: Transaction, device: str, now: datetime) -> bool:
    """Shut a device out from ``now`` on and return whether it was not yet; its observations stay. Raises NotFound."""
    row = connection.execute("SELECT revoked_at FROM device WHERE id = %s FOR UPDATE", [device]).fetchone()
    if row is None:
        raise NotFound("device", device)
    if row[0] is None:
        connection.execute("UPDATE device SET revoked_at = %s WHERE id = %s", [now, device])
    connection.execute("SELECT delete_device_credential(%s)", [device])
    return row[0] is None


def hashes(connection: Transaction) -> dict[str, str]:
    """Device to bcrypt hash, of all devices that may connect."""
    rows = connection.execute(
        "SELECT id, bcrypt FROM device_credential JOIN device ON device.id = device_credential.device"
        " WHERE revoked_at IS NULL ORDER BY id"
    )
    return {str(device): str(hashed) for device, hashed in rows}
