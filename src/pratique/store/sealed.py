"""Sealed bytes: a secret that a passphrase opens, and nothing else."""

import base64
import hashlib
import secrets
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from pratique.errors import Malformed, NotAllowed
from pratique.store.canonical import canonical

MIN_PASSPHRASE = 12
"""Fewest characters of a passphrase: whoever holds the file may guess as often as they like."""

MAX_BYTES = 4_000_000
"""Sealed bytes longer than this are not looked at."""

COST = 2**15
"""How often each lane of scrypt is mixed; the format stands for this number, too."""

_BLOCKS, _LANES = 8, 3


class _Sealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: how the key is made of the passphrase, and what it hides."""

    format: Literal["pratique-sealed-1"] = "pratique-sealed-1"
    """Version: scrypt with 32 MiB and three lanes, then ChaCha20-Poly1305."""
    salt: str
    """16 random bytes in base64."""
    nonce: str
    """12 random bytes in base64."""
    data: str
    """What is hidden, with its tag, in base64."""


def seal(data: bytes, passphrase: str) -> bytes:
    """Return *data* so that only *passphrase* opens it.

    Raises:
        NotAllowed: the passphrase is too short.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise NotAllowed(
            f"the passphrase has fewer than {MIN_PASSPHRASE} characters",
            hint="five words that nobody would put together are easy to keep in mind",
        )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    hidden = ChaCha20Poly1305(stretched(passphrase, salt)).encrypt(
        nonce, data, b"pratique-sealed-1"
    )
    return canonical(_Sealed(salt=_text(salt), nonce=_text(nonce), data=_text(hidden))) + b"\n"


def unseal(sealed: bytes, passphrase: str, name: str) -> bytes:
    """Return what *sealed* hides; *name* says in errors what it is.

    Raises:
        Malformed: it is not sealed by `seal`.
        NotAllowed: the passphrase is another one, or the bytes were changed.
    """
    try:
        if len(sealed) > MAX_BYTES:
            raise ValueError
        found = msgspec.json.decode(sealed, type=_Sealed)
        salt, nonce, data = map(_bytes, (found.salt, found.nonce, found.data))
        if (len(salt), len(nonce)) != (16, 12):
            raise ValueError
    except (ValueError, msgspec.DecodeError):
        raise Malformed(
            f"`{name}` is not a sealed file of ours", hint="restore it from a backup"
        ) from None
    try:
        return ChaCha20Poly1305(stretched(passphrase, salt)).decrypt(
            nonce, data, b"pratique-sealed-1"
        )
    except InvalidTag:
        raise NotAllowed(
            f"the passphrase does not open `{name}`",
            hint="try again; if it was right, the file was changed: restore it from a backup",
        ) from None


def stretched(secret: str, salt: bytes) -> bytes:
    """Return 32 bytes made of a *secret* that a person chose: slow, so that guessing is too.

    Takes 0.3 s and 32 MiB: scrypt with N = 2^15 (`COST`), r = 8, p = 3.
    """
    return hashlib.scrypt(
        secret.encode(errors="surrogatepass"),
        salt=salt,
        n=COST,
        r=_BLOCKS,
        p=_LANES,
        maxmem=2**27,
        dklen=32,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    # Base64 has spare bits; only our own spelling counts as unchanged.
    if _text(data) != text:
        raise ValueError
    return data
