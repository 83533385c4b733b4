"""A signed pack: a version that nobody can change unseen, in the bytes that are kept and sent."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from pratique.errors import Malformed, NotFound, Tampered
from pratique.screening.pack import Pack, read_pack, require_sound
from pratique.store.canonical import canonical

Verifier = Callable[[str, bytes, bytes], bool]
"""Checks key id, message and signature with the workspace's public keys."""

MAX_BYTES = 64_000_000
"""Bytes of a signed pack, at most: some 300,000 entries."""

_PURPOSE = b"pratique screening pack 1\n"
"""Stands before what is signed, so that no signature of something else is taken for one."""


class Signer(Protocol):
    """Whoever signs packs."""

    @property
    def key_id(self) -> str:
        """What signatures name the key by."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*."""
        ...


class SignedPack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack with the signature over its canonical form."""

    form: Literal[1] = 1
    """Form of this record."""
    pack: Pack
    """The pack."""
    key_id: str
    """The key that signed it."""
    signature: str
    """64 bytes of Ed25519 in base64."""


def signed(pack: Pack, signer: Signer) -> bytes:
    """Return *pack* with *signer*'s signature, as the bytes of a file."""
    signature = base64.b64encode(signer.sign(message_of(pack))).decode()
    return canonical(SignedPack(pack=pack, key_id=signer.key_id, signature=signature)) + b"\n"


def opened_pack(data: bytes, verifies: Verifier | None) -> Pack:
    """Return the pack in *data*, after its digest and its signature were checked.

    Without *verifies* only the digest is: there is no workspace that knows the keys.

    Raises:
        Malformed: *data* is no signed pack, or an entry contradicts itself.
        Tampered: The signature does not hold, or the entries are others.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(
            f"the pack takes {len(data):,} bytes, more than {MAX_BYTES:,}", hint="part the list"
        )
    try:
        found = msgspec.json.decode(data, type=SignedPack)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(
            f"this is no signed pack: {error}", hint="make one with `pratique screen build`"
        ) from error
    require_sound(found.pack)
    if verifies is not None and not _holds(found, verifies):
        raise Tampered(
            f"the signature of pack `{found.pack.id}` {found.pack.version} does not hold",
            hint="build it anew with a key of this workspace: `pratique screen build`",
        )
    return found.pack


def read_signed(path: Path, verifies: Verifier | None) -> tuple[Pack, bytes]:
    """Return the pack in the file *path*, checked as by `opened_pack`, and its bytes.

    Raises: as `opened_pack`, and NotFound where there is no such file.
    """
    data = bytes_of(path)
    return opened_pack(data, verifies), data


def read_any(path: Path, verifies: Verifier | None) -> Pack:
    """Return the pack in *path*: signed (`.json`, checked by *verifies*), or a plain table.

    Raises: as `read_signed` and `read_pack`.
    """
    if path.suffix.lower() == ".json":
        return read_signed(path, verifies)[0]
    return read_pack(path)


def bytes_of(path: Path) -> bytes:
    """Return the bytes of the file *path*, unless they are too many.

    Raises:
        NotFound, Malformed: There is no such file, or it is too large.
    """
    if not path.is_file():
        raise NotFound(f"there is no pack at {path}", hint="`pratique screen build` makes one")
    if path.stat().st_size > MAX_BYTES:
        raise Malformed(f"the file is larger than {MAX_BYTES:,} bytes", path=path)
    return path.read_bytes()


def message_of(pack: Pack) -> bytes:
    """Return the bytes of *pack* that are signed."""
    """Return what is signed: all but the entries, for which their digest stands."""
    head = {name: getattr(pack, name) for name in Pack.__struct_fields__ if name != "entries"}
    return _PURPOSE + canonical(head)


def _holds(found: SignedPack, verifies: Verifier) -> bool:
    try:
        signature = base64.b64decode(found.signature, validate=True)
    except ValueError:
        return False
    return verifies(found.key_id, message_of(found.pack), signature)
