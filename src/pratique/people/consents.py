"""Consents: what a user agreed to send, once, signed by the maker's back end and short-lived.

A consent names the hash of the very input, so that it can be used for that and nothing else; the
hash travels in the token and is kept nowhere.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from pratique.errors import NotAllowed
from pratique.people.device_tokens import MAX_CHARACTERS, Signer
from pratique.store.canonical import canonical

FIELD = "consent_token"
"""Field of an input that carries the token; it goes to no partner and is not part of what is hashed."""

_PURPOSE = b"pratique-consent-1\0"
_HINT = "ask the user, and the maker's back end for a consent token for this very input"


class Consent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a token says."""

    feature: str
    """Feature that the user agreed to."""
    targeting_key: str
    """Pseudonymous name of the device that asked."""
    content: str
    """Hash of what may be sent (see `content_of`)."""
    expires: datetime
    """When the consent ends."""


def without_consent(request: Mapping[str, object]) -> Mapping[str, object]:
    """Return an input without its consent token."""
    return {name: value for name, value in request.items() if name != FIELD}


def content_of(request: Mapping[str, object]) -> str:
    """Return the hash of an input without its consent token."""
    return hashlib.sha256(canonical(without_consent(request))).hexdigest()


def issue_consent(signer: Signer, consent: Consent) -> str:
    """Return a token for *consent*: key id, consent and signature, dot-separated."""
    body = msgspec.json.encode(consent)
    return f"{signer.key_id}.{_text(body)}.{_text(signer.sign(_PURPOSE + body))}"


def read_consent(
    token: str, verifies: Callable[[str, bytes, bytes], bool], now: datetime
) -> Consent:
    """Return what *token* says.

    Raises:
        NotAllowed: it is malformed, not signed by this maker, or has ended.
    """
    try:
        if len(token) > MAX_CHARACTERS:
            raise ValueError
        key_id, body_text, signature_text = token.split(".")
        body, signature = _bytes(body_text), _bytes(signature_text)
        if not verifies(key_id, _PURPOSE + body, signature):
            raise ValueError
        consent = msgspec.json.decode(body, type=Consent)
    except (ValueError, msgspec.DecodeError):
        raise NotAllowed(
            "the consent token is not one that this maker signed", hint=_HINT
        ) from None
    if consent.expires.tzinfo is None or consent.expires <= now:
        raise NotAllowed("the consent has ended", hint=_HINT)
    return consent


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(data) != text:
        # Base64 has many texts for the same bytes; one consent has one token.
        raise ValueError
    return data
