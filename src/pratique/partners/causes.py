"""Causes: what each comes to in our words, and what may be done about it (`content/causes.toml`)."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

import msgspec

from pratique.errors import Malformed
from pratique.partners.contract import Status
from pratique.partners.dialect import Cause
from pratique.settings.toml import read_toml


class Meaning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one cause means."""

    cause: Cause
    """The cause."""
    reply: Status
    """What a reply says."""
    retry: Literal["never", "backoff", "once"]
    """Whether the same call may be tried again, as long as no text has come."""
    fall_over: bool
    """Whether another model may be asked in its place."""
    page: bool
    """Whether a person must see to it."""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    causes: tuple[Meaning, ...]


@cache
def meanings() -> dict[Cause, Meaning]:
    """Return the meaning of every cause.

    Raises:
        Malformed: one is missing or stands twice.
    """
    path = Path(str(files("pratique") / "content" / "causes.toml"))
    found = read_toml(path, _File).causes
    if sorted(one.cause for one in found) != sorted(get_args(Cause)):
        raise Malformed("every cause must stand here once", path=path)
    return {one.cause: one for one in found}
