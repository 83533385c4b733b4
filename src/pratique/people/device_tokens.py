"""Device tokens: what the maker's back end vouches for about a device, signed and short-lived."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from pratique.errors import NotAllowed

MAX_CHARACTERS = 2_000
"""A token longer than this is not looked at."""

_PURPOSE = b"pratique-device-token-1\0"


class Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a token says."""

    device_region: str
    """Region in which the device was sold."""
    account_region: str
    """Region of the user's account."""
    targeting_key: str
    """Stable, pseudonymous name of the device."""
    location: str = ""
    """Region in which the device is now; empty for unknown."""
    app_category: str = ""
    """Category of the app that asks; empty for unknown."""
    expires: datetime
    """When the token ends."""


class Signer(Protocol):
    """Whoever signs for the maker."""

    @property
    def key_id(self) -> str:
        """Name of the key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*."""


def issue_token(signer: Signer, claims: Claims) -> str:
    """Return a token for *claims*: key id, claims and signature, dot-separated."""
    body = msgspec.json.encode(claims)
    return f"{signer.key_id}.{_text(body)}.{_text(signer.sign(_PURPOSE + body))}"


def read_token(token: str, verifies: Callable[[str, bytes, bytes], bool], now: datetime) -> Claims:
    """Return what *token* says.

    Raises:
        NotAllowed: it is malformed, not signed by this maker, or has ended.
    """
    hint = "ask the maker's back end for a new device token"
    try:
        if len(token) > MAX_CHARACTERS:
            raise ValueError
        key_id, body_text, signature_text = token.split(".")
        body, signature = _bytes(body_text), _bytes(signature_text)
        if not verifies(key_id, _PURPOSE + body, signature):
            raise ValueError
        claims = msgspec.json.decode(body, type=Claims)
    except (ValueError, msgspec.DecodeError):
        raise NotAllowed("the device token is not one that this maker signed", hint=hint) from None
    if claims.expires.tzinfo is None or claims.expires <= now:
        raise NotAllowed("the device token has ended", hint=hint)
    return claims


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
