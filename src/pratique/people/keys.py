"""Signing keys: Ed25519 pairs whose public halves stay known after they are retired."""

import base64
import hashlib
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import Column, Connection, RowMapping, Table, Text, insert, select, update

from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable
from pratique.store.moments import stamp
from pratique.store.schema import metadata
from pratique.store.sealed import seal, unseal

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("public_key", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("added", Text, nullable=False),
    Column("retired", Text, nullable=True),
)


class SigningKey:
    """A private key in memory; neither its text nor its `repr` shows more than its id."""

    __slots__ = ("_private",)

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def create(cls, path: Path) -> "SigningKey":
        """Make a new key and keep it at *path* (PEM, PKCS 8), for its owner only.

        Raises:
            NotAllowed: there is a file at *path*; a key is never written over.
            Unavailable: the file cannot be written.
        """
        key = cls(Ed25519PrivateKey.generate())
        pem = key._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_private(path, pem)
        return key

    @classmethod
    def create_sealed(cls, path: Path, passphrase: str) -> "SigningKey":
        """Make a new key and keep it at *path* so that only *passphrase* opens it.

        Raises:
            NotAllowed: there is a file at *path*, or the passphrase is too short.
            Unavailable: the file cannot be written.
        """
        key = cls(Ed25519PrivateKey.generate())
        _write_private(path, seal(key._private.private_bytes_raw(), passphrase))
        return key

    @classmethod
    def load_sealed(cls, path: Path, passphrase: str) -> "SigningKey":
        """Return the key at *path* that *passphrase* opens.

        Raises:
            NotFound: there is no such file.
            NotAllowed: the passphrase is another one.
            Malformed: it holds no sealed Ed25519 private key.
            Unavailable: it cannot be read.
        """
        try:
            with path.open("rb") as file:
                sealed = file.read(10_000)
        except FileNotFoundError:
            raise NotFound(
                f"there is no private key `{path}`", hint="`pratique people keys make` makes one"
            ) from None
        except OSError as error:
            raise _unavailable(path, error) from error
        raw = unseal(sealed, passphrase, path.name)
        if len(raw) != 32:
            raise Malformed("this seals something else than a signing key", path=path)
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Return the key at *path*.

        Raises:
            NotFound: there is no such file.
            NotAllowed: people other than its owner may read or write it.
            Malformed: it holds no Ed25519 private key.
            Unavailable: it cannot be read.
        """
        try:
            with path.open("rb") as file:
                # Asked of the open file: the name could be pointed elsewhere in between.
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                pem = file.read(10_000)
        except FileNotFoundError:
            raise NotFound(
                f"there is no signing key `{path}`",
                hint="restore it from a backup that has it, or `pratique people keys rotate --lost`",
            ) from None
        except OSError as error:
            raise _unavailable(path, error) from error
        if mode & 0o077:
            raise NotAllowed(
                f"the signing key `{path}` is open to others (mode {mode:04o})",
                hint=f"run `chmod 600 {path}`, and replace the key if others use this machine",
            )
        return cls(_private(pem, path))

    @property
    def key_id(self) -> str:
        """16 hexadecimal digits of the SHA-256 of the public key."""
        return key_id_of(self.public_key)

    @property
    def public_key(self) -> str:
        """The 32 bytes of the public key, in base64."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*, 64 bytes."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"<signing key {self.key_id}>"

    def __reduce__(self) -> str:
        raise TypeError("a signing key cannot be pickled or copied")


class PublicKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public half of a key, and whose it is."""

    key_id: str
    """What signatures name it by."""

    public_key: str
    """32 bytes in base64."""

    owner: str
    """The account or service that signs with it."""

    added: str
    """When it became known: ISO 8601 in UTC."""

    retired: str | None
    """Since when nothing new is signed with it, if it was retired."""


def add_public_key(connection: Connection, public_key: str, owner: str, now: datetime) -> PublicKey:
    """Make *public_key* known as *owner*'s and return its record.

    Raises:
        Malformed: *public_key* is not the base64 of an Ed25519 public key.
        NotAllowed: it is known already.
    """
    if _public(public_key) is None:
        raise Malformed(
            "this is not an Ed25519 public key", hint="give the 32 bytes of it in base64"
        )
    key_id = key_id_of(public_key)
    if _row(connection, key_id) is not None:
        raise NotAllowed(
            f"the signing key `{key_id}` is known already", hint="make a new key for a new owner"
        )
    record = PublicKey(
        key_id=key_id, public_key=public_key, owner=owner, added=stamp(now), retired=None
    )
    connection.execute(insert(signing_keys).values(msgspec.structs.asdict(record)))
    return record


def retire(connection: Connection, key_id: str, now: datetime) -> PublicKey:
    """Mark a key as no longer in use and return it.

    What holds of its signatures is said by the file of its retirement, not by this row (see
    `pratique.people.retirements`).

    Raises:
        NotFound: there is no such key.
    """
    row = _row(connection, key_id)
    if row is None:
        raise NotFound(
            f"there is no signing key `{key_id}`", hint="`pratique people keys` shows them all"
        )
    record = PublicKey(**row)
    if record.retired is not None:
        return record
    record = msgspec.structs.replace(record, retired=stamp(now))
    connection.execute(
        update(signing_keys).where(signing_keys.c.key_id == key_id).values(retired=record.retired)
    )
    return record


def public_keys(connection: Connection) -> list[PublicKey]:
    """Return all known keys, retired ones too, oldest first."""
    query = select(signing_keys).order_by(signing_keys.c.added, signing_keys.c.key_id)
    return [PublicKey(**row) for row in connection.execute(query).mappings()]


def verify_signature(
    keys: Connection | Mapping[str, str], key_id: str, message: bytes, signature: bytes
) -> bool:
    """Say whether the key *key_id* signed *message*, be it retired or not.

    *keys* is the database, or public keys in base64 by id. A key under an id that is not its
    own, an unknown key and an unreadable one all verify nothing.
    """
    if isinstance(keys, Connection):
        row = _row(keys, key_id)
        text = None if row is None else row["public_key"]
    else:
        text = keys.get(key_id)
    public = None if text is None else _public(text)
    if text is None or public is None or key_id_of(text) != key_id:
        return False
    try:
        public.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def key_id_of(public_key: str) -> str:
    """Return the id of a public key given in base64."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:16]


def is_public_key(text: str) -> bool:
    """Say whether *text* is the base64 of an Ed25519 public key."""
    return _public(text) is not None


def fingerprint(public_key: str) -> str:
    """Return the SHA-256 of a public key given in base64, in groups of four that people compare."""
    whole = hashlib.sha256(base64.b64decode(public_key)).hexdigest()
    return " ".join(whole[at : at + 4] for at in range(0, 64, 4))


def _row(connection: Connection, key_id: str) -> RowMapping | None:
    query = select(signing_keys).where(signing_keys.c.key_id == key_id)
    return connection.execute(query).mappings().one_or_none()


def _public(text: str) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError:
        return None


def _private(pem: bytes, path: Path) -> Ed25519PrivateKey:
    hint = "restore it from a backup, or make a new key and retire this one"
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Not chained: the parser's words may quote what the file holds.
        raise Malformed("this is not a PEM private key", hint=hint, path=path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Malformed("this is a private key, but not of Ed25519", hint=hint, path=path)
    return key


def _write_private(path: Path, data: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise NotAllowed(
            f"there is a file at `{path}` already", hint="name another file for the new key"
        ) from None
    except OSError as error:
        raise _unavailable(path, error) from error


def _unavailable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"the signing key `{path}` cannot be used: {error.strerror}",
        hint="check that its folder exists, and who may use it",
    )
