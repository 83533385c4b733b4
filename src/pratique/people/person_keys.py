"""Keys of people: which public key is whose, in files that the operator keeps in git."""

from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed
from pratique.people.keys import is_public_key, key_id_of
from pratique.store.canonical import canonical

SUFFIX = ".json"
"""Ending of the files `ID.json`."""

MAX_BYTES = 10_000
"""A record longer than this is not looked at."""


class PersonKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a key belongs to a person. It signs for that person, never for the workspace."""

    format: Literal["pratique-person-key-1"] = "pratique-person-key-1"
    """Version of this record."""

    account: str
    """Whose it is."""

    key_id: str
    """What signatures name it by."""

    public_key: str
    """32 bytes in base64."""

    added: str
    """When it became known: ISO 8601 in UTC."""

    added_by: str
    """Who entered it."""


def person_key_bytes(key: PersonKey) -> bytes:
    """Return the content of the file of *key*."""
    return canonical(key) + b"\n"


def read_person_key(path: Path) -> PersonKey:
    """Return the record at *path*.

    Raises:
        Malformed: it is none, or the key is not the one that its name and its id say.
    """
    try:
        with path.open("rb") as file:
            found = msgspec.json.decode(file.read(MAX_BYTES), type=PersonKey)
        own_id = key_id_of(found.public_key) if is_public_key(found.public_key) else "none"
    except (ValueError, msgspec.DecodeError) as error:
        raise Malformed(
            f"not the record of a person's key: {error}", hint="restore it from git", path=path
        ) from None
    if not found.key_id == own_id == path.name.removesuffix(SUFFIX):
        raise Malformed(
            f"the key's id is `{own_id}`, not that of the record or of the file's name",
            hint="restore it from git",
            path=path,
        )
    return found
