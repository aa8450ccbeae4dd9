"""Passkeys (WebAuthn): as second factor behind the password, or alone where the device asks who holds it.

A browser takes part only under a name, not an IP address, and only over https or on this very machine. The library is
loaded when somebody first uses a passkey: it takes a second and 17 MB, which most processes never need.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from dashboards.access import accounts
from dashboards.access.accounts import SignedIn
from geodata.errors import DigitalpfadError
from geodata.model.staff import Staff
from geodata.store.access import audit, staff_passkey, staff_token
from geodata.store.access import staff as staff_store
from geodata.store.access.staff_passkey import Passkey
from geodata.store.access.staff_token import TokenPurpose
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LONGEST_NAME = 60
_THIS_MACHINE = "localhost"
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading raises where somebody sent anything at all."""


class UnusablePasskey(DigitalpfadError):
    """What the browser sent proves nothing here."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """For whom passkeys are good: the host's name, and the origin that browsers write into what they sign."""

    host: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> Self | None:
        """That of the public address; None where no browser would take part."""
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        is_name = bool(host) and not _is_address(host)
        is_safe = parts.scheme == "https" or host == _THIS_MACHINE
        return cls(host, f"{parts.scheme}://{parts.netloc}") if is_name and is_safe else None

    def creation_options(self, connection: Transaction, staff: Staff) -> str:
        """What a browser needs to make a passkey, as JSON; it is good for minutes and once."""
        import webauthn  # noqa: PLC0415 - see above
        from webauthn.helpers import structs  # noqa: PLC0415 - see above

        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name="Digitalpfad",
            user_id=str(staff.id).encode(),
            user_name=staff.name,
            user_display_name=staff.name,
            exclude_credentials=_named(staff_passkey.of_staff(connection, staff.id)),
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
        )
        _issue(connection, TokenPurpose.PASSKEY_ADD, options.challenge, staff.id)
        return webauthn.options_to_json(options)

    def add(self, connection: Transaction, staff: Staff, name: str, credential: str) -> None:
        """Keep the passkey that a browser made; raises UnusablePasskey."""
        import webauthn  # noqa: PLC0415 - see above
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - see above

        challenge = _challenge(credential)
        if not staff_token.take(connection, TokenPurpose.PASSKEY_ADD, _digest(challenge), staff.id):
            raise UnusablePasskey
        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, *_UNREADABLE) as error:
            raise UnusablePasskey from error
        if staff_passkey.find(connection, made.credential_id) is not None:
            raise UnusablePasskey
        key = (made.credential_public_key, made.sign_count)
        staff_passkey.add(connection, staff.id, name, made.credential_id, key)
        audit.by_staff(connection, staff.name, Action.PASSKEY_ADD, name)

    def request_options(self, connection: Transaction, staff: int | None) -> str:
        """What a browser needs to show a passkey, as JSON: one of this person's, or of whoever it is."""
        import webauthn  # noqa: PLC0415 - see above
        from webauthn.helpers import structs  # noqa: PLC0415 - see above

        known: Sequence[Passkey] = staff_passkey.of_staff(connection, staff) if staff is not None else []
        options = webauthn.generate_authentication_options(
            rp_id=self.host,
            allow_credentials=_named(known),
            user_verification=structs.UserVerificationRequirement.REQUIRED
            if staff is None
            else structs.UserVerificationRequirement.PREFERRED,
        )
        _issue(connection, TokenPurpose.PASSKEY_SIGN_IN, options.challenge, staff)
        return webauthn.options_to_json(options)

    def sign_in(self, database: Database, credential: str, staff: int | None, now: datetime) -> SignedIn:
        """Open the session of whoever showed a passkey; ``staff``: whose password was right before.

        Alone it counts only where the device made sure who holds it. Raises UnusablePasskey.
        """
        import webauthn  # noqa: PLC0415 - see above
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - see above

        challenge, shown = _challenge(credential), _credential_id(credential)
        with database.transaction() as connection:  # the challenge is used up, whatever follows
            is_ours = staff_token.take(connection, TokenPurpose.PASSKEY_SIGN_IN, _digest(challenge), staff)
        with database.transaction() as connection:
            passkey = staff_passkey.find(connection, shown)
            if not is_ours or passkey is None or staff not in {None, passkey.staff}:
                raise UnusablePasskey
            account = staff_store.get(connection, passkey.staff)
            if account.disabled_at is not None:
                raise UnusablePasskey
            try:
                proved = webauthn.verify_authentication_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=self.host,
                    expected_origin=self.origin,
                    credential_public_key=passkey.public_key,
                    credential_current_sign_count=passkey.sign_count,
                    require_user_verification=staff is None,
                )
            except (WebAuthnException, *_UNREADABLE) as error:
                raise UnusablePasskey from error
            staff_passkey.note_use(connection, passkey.id, proved.new_sign_count)
            return accounts.open_session(connection, account.staff, now)


def _named(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers import structs  # noqa: PLC0415 - see above

    return [structs.PublicKeyCredentialDescriptor(id=each.credential) for each in passkeys]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _issue(connection: Transaction, purpose: TokenPurpose, challenge: bytes, staff: int | None) -> None:
    staff_token.issue(connection, purpose, _digest(challenge), staff)


def _digest(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()


def _challenge(credential: str) -> bytes:
    """Which challenge a browser says that it answers; that it is one of ours the table tells."""
    try:
        told = json.loads(_decoded(json.loads(credential)["response"]["clientDataJSON"]))
        return _decoded(told["challenge"])
    except _UNREADABLE as error:
        raise UnusablePasskey from error


def _credential_id(credential: str) -> bytes:
    try:
        return _decoded(json.loads(credential)["rawId"])
    except _UNREADABLE as error:
        raise UnusablePasskey from error


def _decoded(text: str) -> bytes:
    """Base64 as browsers write it in what they sign: for addresses, without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
