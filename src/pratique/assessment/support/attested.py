"""Attested items: what a partner declares, who of us looked at its document, and when."""

import hashlib
from datetime import date
from pathlib import Path

import msgspec

from pratique.assessment.support.objectives import State, Support, Wanted
from pratique.errors import Malformed, NotFound

_MAX_BYTES = 100_000_000


class Attested(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item that was attested. It stays what it is; a later one stands before it."""

    version: int = 1
    """Version of this record."""
    item: str
    """Name of the item."""
    by: str
    """Who looked at the document."""
    on: date
    """When."""
    document: str
    """The document's file name; the file itself stays where it is."""
    sha256: str
    """SHA-256 of the document, 64 hexadecimal digits."""
    says: str = ""
    """What it declares, in a line."""


def attest(support: Support, item: str, by: str, on: date, document: Path, says: str) -> Attested:
    """Return the record of *item*, which *by* attests with *document*.

    Raises:
        NotFound: the standard does not ask for it, or there is no such file.
        Malformed: nobody is named, or the document is empty or too large.
    """
    known = [one.item for one in support.attested]
    if item not in known:
        raise NotFound(f"no attested item `{item}`", hint=f"known: {', '.join(known) or 'none'}")
    if not by.strip():
        raise Malformed("nobody attests it", hint="name the person with `--by`")
    return Attested(
        item=item,
        by=by.strip(),
        on=on,
        document=document.name,
        sha256=_hashed(document),
        says=says.strip(),
    )


def _hashed(document: Path) -> str:
    if not document.is_file():
        raise NotFound(f"no file `{document}`", hint="attest with a document that you have")
    size = document.stat().st_size
    if not 0 < size <= _MAX_BYTES:
        raise Malformed(f"has {size} bytes, must have 1 to {_MAX_BYTES}", path=document)
    return hashlib.sha256(document.read_bytes()).hexdigest()


def attested_state(found: Attested | None, wanted: Wanted, today: date) -> State:
    """Return whether *wanted* is attested; one that has grown too old is unknown again."""
    if found is None or (today - found.on).days > wanted.valid_days:
        return "unknown"
    return "met"
