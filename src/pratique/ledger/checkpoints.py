"""Checkpoints: signed lines in a file beside the database, which say how long the chain was.

The chain alone cannot show that its end was cut off. So after each decision a line is added to a
file outside the database: how many entries there are, the hash of the last one, and a signature
over both. Each line also binds all bytes since the line before it, so none can be taken out.

What a crash may leave, and is no fault: entries that no checkpoint covers yet (killed between
the commit and the line), and a torn last line (killed while writing it). The torn bytes stay
where they are, and the next line binds them too. The opposite, a checkpoint that counts more
entries than there are, no crash can leave: a commit is on the disk before its line is written.

What cannot be seen from here: the database and this file put back together to an older state of
both. Only a witness outside can tell, so copy the last line to where the operator of this
machine cannot write: a mail to the compliance lead, a printed evidence pack.
"""

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from pratique.errors import PratiqueError, Unavailable
from pratique.ledger.chain import Head
from pratique.store.canonical import canonical
from pratique.store.moments import stamp


class Signer(Protocol):
    """Whoever signs checkpoints."""

    @property
    def key_id(self) -> str:
        """The name of the key, by which a verifier finds its public half."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*."""


Verifier = Callable[[str, bytes, bytes], bool]
"""Says whether the key of this id (first) signed this message (second) so (third)."""


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the file."""

    format: Literal["pratique-checkpoint-1"] = "pratique-checkpoint-1"
    """The version, and what keeps this signature from standing for anything else."""

    number: int
    """Its own place in the file, from 1 on."""

    at: str
    """When it was written: ISO 8601 in UTC."""

    count: int
    """How many entries the ledger had."""

    head: str
    """The hash of the last of them."""

    previous: str
    """SHA-256, in hexadecimal, of all bytes from the start of the checkpoint before."""

    key_id: str
    """The key that signed it."""

    signature: str
    """Base64 of the signature over `message`."""

    def message(self) -> bytes:
        """Return what is signed: the canonical JSON of all other fields."""
        fields = msgspec.structs.asdict(self)
        del fields["signature"]
        return canonical(fields)

    def is_signed(self, verify_key: Verifier) -> bool:
        """Say whether the signature holds."""
        try:
            signature = base64.b64decode(self.signature, validate=True)
        except ValueError:
            return False
        return verify_key(self.key_id, self.message(), signature)


@dataclass(frozen=True, slots=True)
class Line:
    """A checkpoint as it was read from the file."""

    checkpoint: Checkpoint
    """What the line says."""

    follows: str
    """The hash that its `previous` must be: of the bytes that really stand before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file of checkpoints says."""

    lines: tuple[Line, ...]
    """The readable lines, in order."""

    torn: bool
    """Whether unreadable bytes follow the last of them: a crash, or somebody's edit."""


class CheckpointFile:
    """A file that only ever grows, one signed line at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Reading:
        """Return what the file says; an absent file says nothing.

        Raises:
            Unavailable: it cannot be read.
        """
        lines: list[Line] = []
        since = b""
        for raw in _split(self._bytes()):
            checkpoint = _parse(raw)
            if checkpoint is None:
                since += raw
            else:
                lines.append(Line(checkpoint, _hash(since)))
                since = raw
        torn = _parse(since) is None and since != b""
        return Reading(tuple(lines), torn)

    def last(self) -> Checkpoint | None:
        """Return the last readable checkpoint, if there is one.

        Raises:
            Unavailable: the file cannot be read.
        """
        return _tail(self._bytes())[0]

    def append(self, head: Head, at: datetime, signer: Signer) -> Checkpoint:
        """Add a line for *head*, force it to the disk, and return it.

        The caller keeps two of these from running at once. Torn bytes at the end are not
        removed: the new line starts after them and binds them.

        Raises:
            Unavailable: the file cannot be written.
        """
        data = self._bytes()
        last, since = _tail(data)
        unsigned = Checkpoint(
            number=last.number + 1 if last else 1,
            at=stamp(at),
            count=head.count,
            head=head.hash,
            previous=_hash(since),
            key_id=signer.key_id,
            signature="",
        )
        signature = base64.b64encode(signer.sign(unsigned.message())).decode()
        checkpoint = msgspec.structs.replace(unsigned, signature=signature)
        ending = b"\n" if data and not data.endswith(b"\n") else b""
        self._write(ending + canonical(checkpoint) + b"\n")
        return checkpoint

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unavailable("read", error) from error

    def _write(self, data: bytes) -> None:
        try:
            is_new = not self.path.exists()
            with self.path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                _flush_folder(self.path.parent)
        except OSError as error:
            raise self._unavailable("written", error) from error

    def _unavailable(self, verb: str, error: OSError) -> PratiqueError:
        return Unavailable(
            f"the checkpoints `{self.path}` cannot be {verb}: {error.strerror}",
            hint="check the space on the disk and the permissions of the file and its folder",
        )


def _split(data: bytes) -> Iterator[bytes]:
    """Yield the lines of *data* with their ends; a last one without an end gets it.

    A whole line that only lost its end is a whole line: `append` writes the end first.
    """
    for raw in data.split(b"\n"):
        if raw:
            yield raw + b"\n"


def _tail(data: bytes) -> tuple[Checkpoint | None, bytes]:
    """Return the last readable checkpoint and all bytes from its start."""
    since = b""
    for raw in reversed(list(_split(data))):
        since = raw + since
        checkpoint = _parse(raw)
        if checkpoint is not None:
            return checkpoint, since
    return None, since


def _parse(raw: bytes) -> Checkpoint | None:
    """Return what a line says, or None when it is not exactly what `append` would have written."""
    try:
        checkpoint = msgspec.json.decode(raw, type=Checkpoint)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return checkpoint if canonical(checkpoint) + b"\n" == raw else None


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _flush_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut, as its bytes do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
