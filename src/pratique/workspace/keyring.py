"""The keyring: whose signatures count, from the files beside the settings.

The keys come from `keys/`, which the operator keeps in git, not from the database: whoever can
write the database could add one to it.
"""

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pratique.errors import Malformed, NotFound
from pratique.ledger.audit import Bound
from pratique.ledger.witnesses import witnessed
from pratique.people import person_keys, retirements
from pratique.people.keys import is_public_key, key_id_of, verify_signature
from pratique.people.person_keys import PersonKey, read_person_key
from pratique.people.retirements import Retirement, read_retirement
from pratique.store.database import Database

_TICK = 2_000_000_000

PEOPLE = "people"
"""Folder of people's keys in `keys/`."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the folder said when it was last looked at."""

    names: tuple[str, ...]
    """The files that there were: none is ever written over."""
    keys: Mapping[str, str]
    """The workspace's public keys, in base64 by id."""
    people: Mapping[str, PersonKey]
    """People's keys by id."""
    retired: Mapping[str, Retirement]
    """Records of retired keys, of both, by id."""


class Keyring:
    """The public keys of a workspace, read again when their folder changes."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._known: _Read | None = None
        self._settled: tuple[int, int] | None = None
        self._witnessed: dict[tuple[int, str], frozenset[bytes]] = {}

    @property
    def keys(self) -> Mapping[str, str]:
        """The workspace's public keys, retired ones too, in base64 by id.

        Raises:
            NotFound: there is none.
            Malformed: a file is not what it should be.
        """
        return self._read().keys

    def require_keys(self) -> None:
        """Make sure that something can be verified.

        Raises: as `keys`.
        """
        self._read()

    @property
    def people(self) -> Mapping[str, PersonKey]:
        """People's keys, retired ones too, by id."""
        return self._read().people

    @property
    def retired(self) -> Mapping[str, Retirement]:
        """The records of retired keys, by id."""
        return self._read().retired

    @property
    def standing(self) -> object:
        """Something that is another object whenever a key was added or retired.

        Raises: as `keys`.
        """
        return self._read()

    def verifies(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Say whether a key of this workspace made *signature*, and was entitled to.

        Of a retired key only that holds whose SHA-256 the ledger had recorded by then.
        """
        return self._made(self.keys, key_id, message, signature)

    def verifies_checkpoint(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Say whether a key of this workspace, retired or not, made *signature*.

        For checkpoints only, whose places `bounds` limits.
        """
        return verify_signature(self.keys, key_id, message, signature)

    def signed_by(self, account: str, key_id: str, message: bytes, signature: bytes) -> bool:
        """Say whether a key of the person *account* made *signature*, and was entitled to."""
        key = self.people.get(key_id)
        if key is None or key.account != account:
            return False
        return self._made({key_id: key.public_key}, key_id, message, signature)

    def bounds(self) -> Mapping[str, Bound]:
        """Return from where on retired keys of the workspace sign no checkpoint."""
        return {
            key_id: Bound(checkpoints=one.checkpoints, entries=one.entries, head=one.head)
            for key_id, one in self.retired.items()
            if key_id in self.keys
        }

    def faults(self) -> list[str]:
        """Return what is wrong with the records of retired keys, one sentence each."""
        found = []
        for key_id, one in self.retired.items():
            if self.keys.get(one.signer) != one.signer_public_key or not one.is_signed():
                found.append(f"the retirement of key `{key_id}` carries no valid signature")
            if one.own_signature and not (
                key_id in self.keys and one.is_handed_over(self.keys[key_id])
            ):
                found.append(f"the retirement of key `{key_id}` was not signed by the key itself")
        return found

    def _made(self, keys: Mapping[str, str], key_id: str, message: bytes, signature: bytes) -> bool:
        if not verify_signature(keys, key_id, message, signature):
            return False
        retirement = self.retired.get(key_id)
        return retirement is None or hashlib.sha256(message).digest() in self._seen(retirement)

    def _seen(self, retirement: Retirement) -> frozenset[bytes]:
        """Return what the ledger had recorded when a key was retired; it cannot change any more."""
        where = (retirement.entries, retirement.head)
        if where not in self._witnessed:
            if self.keys.get(retirement.signer) != retirement.signer_public_key:
                return frozenset()
            if not retirement.is_signed():
                return frozenset()
            with self._database.connect() as connection:
                self._witnessed[where] = witnessed(connection, *where)
        return self._witnessed[where]

    def _read(self) -> _Read:
        stamps = _stamp(self.folder), _stamp(self.folder / PEOPLE)
        if self._known is not None and self._settled == stamps:
            return self._known
        names = (*_names(self.folder), *_names(self.folder / PEOPLE))
        if self._known is None or self._known.names != names:
            self._known = _read(self.folder, names)
        # The clock of files is coarse: what was written just now may change again unseen.
        is_old = time.time_ns() - max(stamps) > _TICK
        self._settled = stamps if is_old else None
        return self._known


def _read(folder: Path, names: tuple[str, ...]) -> _Read:
    found = {path.stem: _public_key(path) for path in sorted(folder.glob("*.pub"))}
    if not found:
        raise NotFound(
            f"no public key in `{folder}`",
            hint="restore it from git: nothing can be verified without",
        )
    people = (folder / PEOPLE).glob(f"*{person_keys.SUFFIX}")
    retired = (
        *folder.glob(f"*{retirements.SUFFIX}"),
        *(folder / PEOPLE).glob(f"*{retirements.SUFFIX}"),
    )
    return _Read(
        names=names,
        keys=found,
        people={one.key_id: one for one in map(read_person_key, sorted(people))},
        retired={one.key_id: one for one in map(read_retirement, sorted(retired))},
    )


def _public_key(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(1_000).decode(errors="replace").strip()
    if not is_public_key(text) or key_id_of(text) != path.stem:
        raise Malformed(
            "this is not the Ed25519 public key that the file is named for",
            hint="restore it from git",
            path=path,
        )
    return text


def _stamp(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  (half the time of `Path.iterdir`)
    except FileNotFoundError:
        return []
