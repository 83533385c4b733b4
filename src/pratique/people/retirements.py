"""Retirements: what a signing key stands for once another has taken over.

A signature carries no proof of when it was made, so the private half of a retired key, found in
an old backup, could sign something today and date it back. Only what the ledger had recorded when
the key was retired is believed of it. The record of the retirement lies beside the public key, where
git keeps it; it names the ledger's end at that moment, and the next key signs it.
"""

import base64
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed
from pratique.people.keys import SigningKey, verify_signature
from pratique.store.canonical import canonical

SUFFIX = ".retired"
"""Ending of the file beside `ID.pub`."""

MAX_BYTES = 10_000
"""A record longer than this is not looked at."""


class Retirement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From where on a key signs nothing."""

    format: Literal["pratique-retirement-1"] = "pratique-retirement-1"
    """Version, and what keeps this signature from standing for anything else."""

    key_id: str
    """The key that is retired."""

    reason: Literal["rotated", "lost", "left"]
    """Another took over; its private half is gone or in wrong hands; its owner needs it no more."""

    at: str
    """When: ISO 8601 in UTC."""

    by: str
    """The account that retired it."""

    entries: int
    """How many entries the ledger had; what a later one records, this key did not sign."""

    head: str
    """The hash of the last of them."""

    checkpoints: int
    """How many checkpoints there were; this key signed none after them."""

    signer: str
    """The key that signs this record: the one that takes over."""

    signer_public_key: str
    """Its public half, 32 bytes in base64."""

    signature: str
    """Base64 of its signature over `message`."""

    own_signature: str = ""
    """The same by the retired key itself; empty where it was lost or belongs to a person."""

    def message(self) -> bytes:
        """Return what is signed: the canonical JSON of all fields but the signatures."""
        fields = msgspec.structs.asdict(self)
        del fields["signature"], fields["own_signature"]
        return canonical(fields)

    def is_signed(self) -> bool:
        """Say whether the signature of the key that took over holds, and the key's own, if any."""
        known = {self.signer: self.signer_public_key}
        return _holds(known, self.signer, self.message(), self.signature)

    def is_handed_over(self, public_key: str) -> bool:
        """Say whether the retired key, given in base64, itself signed who takes over."""
        return _holds({self.key_id: public_key}, self.key_id, self.message(), self.own_signature)


def signed_retirement(
    unsigned: Retirement, signer: SigningKey, own: SigningKey | None
) -> Retirement:
    """Return *unsigned* with the signatures of the key that takes over, and of the retired one."""
    message = unsigned.message()
    return msgspec.structs.replace(
        unsigned,
        signature=base64.b64encode(signer.sign(message)).decode(),
        own_signature=base64.b64encode(own.sign(message)).decode() if own else "",
    )


def read_retirement(path: Path) -> Retirement:
    """Return the record at *path*.

    Raises:
        Malformed: it is none, or is about another key than its file's name says.
    """
    try:
        with path.open("rb") as file:
            found = msgspec.json.decode(file.read(MAX_BYTES), type=Retirement)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(
            f"not a record of a retired key: {error}", hint="restore it from git", path=path
        ) from None
    if found.key_id != path.name.removesuffix(SUFFIX):
        raise Malformed(f"it is about key `{found.key_id}`", hint="restore it from git", path=path)
    return found


def _holds(keys: dict[str, str], key_id: str, message: bytes, signature: str) -> bool:
    try:
        return verify_signature(keys, key_id, message, base64.b64decode(signature, validate=True))
    except ValueError:
        return False
