"""The audit: whether anything in the ledger was altered, dropped, moved or added.

It relies on hashes and signatures only, not on the triggers that guard the table against
accidents, and names the first record that is wrong: what comes after it cannot be judged.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.ledger.chain import ORIGIN, Entry, entries, head
from pratique.ledger.checkpoints import Line, Reading, Verifier


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record that is not what it was."""

    record: Literal["entry", "checkpoint"]
    """Whether it stands in the database or in the file beside it."""

    number: int
    """The first record concerned: an entry's `seq`, a checkpoint's `number`."""

    what: Literal["altered", "dropped", "moved", "added"]
    """What was done to it."""

    sentence: str
    """The same for a person to read."""


class Bound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From where on a key signs nothing, because another has taken over."""

    checkpoints: int
    """The last checkpoint that it may have signed."""

    entries: int
    """How many entries the ledger had then."""

    head: str
    """The hash of the last of them."""


NO_BOUNDS: Mapping[str, Bound] = MappingProxyType({})
"""No key was retired."""


class Audit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an audit found, and how much it covered."""

    entries: int
    """How many entries the ledger has."""

    sealed: int
    """How many of them a validly signed checkpoint counts."""

    checkpoints: int
    """How many checkpoints could be read."""

    faults: tuple[Fault, ...]
    """Empty when nothing was tampered with."""

    notes: tuple[str, ...]
    """What a crash may leave and a person should know."""


def audit(
    connection: Connection,
    checkpoints: Reading,
    verify_key: Verifier,
    bounds: Mapping[str, Bound] = NO_BOUNDS,
) -> Audit:
    """Check the whole ledger against its *checkpoints*, and those against the *bounds* of keys.

    Read the checkpoints before the transaction of *connection* begins, or they may count
    entries that it does not see. Take the public keys of *verify_key* from outside the database
    where you can: whoever can write the database can add a key to it.
    """
    signed = _signed(checkpoints, verify_key, bounds)
    count = head(connection).count
    sealed = min(max((line.checkpoint.count for line in signed), default=0), count)
    return Audit(
        entries=count,
        sealed=sealed,
        checkpoints=len(checkpoints.lines),
        faults=tuple(_faults(connection, checkpoints, signed, bounds)),
        notes=tuple(_notes(count, sealed, checkpoints)),
    )


def verify(connection: Connection, checkpoints: Reading, verify_key: Verifier) -> list[Fault]:
    """Return what is wrong: the first fault of the file, then the first of the chain.

    The checkpoints and the keys are to be read as `audit` says.
    """
    signed = _signed(checkpoints, verify_key, NO_BOUNDS)
    return _faults(connection, checkpoints, signed, NO_BOUNDS)


def _signed(
    checkpoints: Reading, verify_key: Verifier, bounds: Mapping[str, Bound]
) -> frozenset[Line]:
    """Return the lines whose signature holds: the only ones whose words count."""
    return frozenset(
        line
        for line in checkpoints.lines
        if not _is_late(line, bounds) and line.checkpoint.is_signed(verify_key)
    )


def _is_late(line: Line, bounds: Mapping[str, Bound]) -> bool:
    """Say whether a line names a key that had been retired when it was written."""
    bound = bounds.get(line.checkpoint.key_id)
    return bound is not None and (
        line.checkpoint.number > bound.checkpoints or line.checkpoint.count > bound.entries
    )


def _faults(
    connection: Connection,
    checkpoints: Reading,
    signed: frozenset[Line],
    bounds: Mapping[str, Bound],
) -> list[Fault]:
    # What a retirement vouches for is as good as a checkpoint: the key that took over signed it.
    heads: dict[int, set[str]] = {}
    for count, hash_ in [
        *((line.checkpoint.count, line.checkpoint.head) for line in signed),
        *((bound.entries, bound.head) for bound in bounds.values()),
    ]:
        heads.setdefault(count, set()).add(hash_)
    count = head(connection).count
    found = (
        _file_fault(count, checkpoints, signed, bounds),
        _chain_fault(connection, count, heads),
    )
    return [fault for fault in found if fault is not None]


def _notes(count: int, sealed: int, reading: Reading) -> Iterator[str]:
    if sealed < count:
        covered = f"{count - sealed} of {count} entries are"
        yield f"{covered} not yet covered by a checkpoint; the next decision will write one"
    if reading.torn:
        after = f"after checkpoint {len(reading.lines)}" if reading.lines else "at its start"
        yield f"the file of checkpoints has a torn line {after}; the next decision will go on there"


def _file_fault(
    count: int, checkpoints: Reading, signed: frozenset[Line], bounds: Mapping[str, Bound]
) -> Fault | None:
    """Return the first checkpoint that is altered, missing or out of its place."""
    for place, line in enumerate(checkpoints.lines, start=1):
        if _is_late(line, bounds):
            return Fault(
                record="checkpoint",
                number=place,
                what="added",
                sentence=f"checkpoint {place} is signed by key `{line.checkpoint.key_id}`, which was"
                f" retired after checkpoint {bounds[line.checkpoint.key_id].checkpoints}",
            )
        if fault := _line_fault(place, line, line in signed):
            return fault
    if not checkpoints.lines and count:
        # A ledger writes its first checkpoint before its first entry.
        return Fault(
            record="checkpoint",
            number=1,
            what="dropped",
            sentence="the ledger has entries, but there is no checkpoint: the file is missing",
        )
    return None


def _line_fault(place: int, line: Line, is_signed: bool) -> Fault | None:
    number = line.checkpoint.number
    what: Literal["altered", "dropped", "moved"]
    if not is_signed:
        what, number = "altered", place
        sentence = f"checkpoint {place} does not carry a valid signature of a known key"
    elif number > place:
        what, number = "dropped", place
        sentence = f"checkpoint {place} is missing or unreadable; checkpoint {number} stands there"
    elif number < place:
        what = "moved"
        sentence = f"checkpoint {number} stands at place {place}"
    elif line.checkpoint.previous != line.follows:
        what = "altered"
        sentence = f"checkpoint {number} does not follow from the bytes before it"
    else:
        return None
    return Fault(record="checkpoint", number=number, what=what, sentence=sentence)


def _chain_fault(connection: Connection, count: int, heads: dict[int, set[str]]) -> Fault | None:
    """Return the first entry that is wrong, given the heads that checkpoints vouch for."""
    previous, place = ORIGIN, 1
    sealed = max(heads, default=0)
    for entry in entries(connection):
        fault = _place_fault(place, entry)
        fault = fault or _content_fault(
            entry, previous, heads.get(place, set()), reach=max(sealed, count)
        )
        if fault is not None:
            return fault
        previous, place = entry.hash, place + 1
    if place <= sealed:
        return Fault(
            record="entry",
            number=place,
            what="dropped",
            sentence=f"entries {place} to {sealed} are missing: a checkpoint counts {sealed}",
        )
    return None


def _place_fault(place: int, entry: Entry) -> Fault | None:
    if entry.seq > place:
        sentence = f"entry {place} is missing; the next one there is, is entry {entry.seq}"
        return Fault(record="entry", number=place, what="dropped", sentence=sentence)
    if entry.seq < place:
        sentence = f"entry {entry.seq} was added: entries are counted from 1"
        return Fault(record="entry", number=entry.seq, what="added", sentence=sentence)
    return None


def _content_fault(entry: Entry, previous: str, heads: set[str], *, reach: int) -> Fault | None:
    """Return what is wrong with an entry that stands at its place."""
    what: Literal["altered", "moved"] = "altered"
    if entry.hash_at(entry.seq) != entry.hash:
        origin = _origin(entry, reach)
        if origin is None:
            sentence = f"entry {entry.seq} was altered: it no longer has the hash it was given"
        else:
            what = "moved"
            sentence = f"in the place of entry {entry.seq} stands what was entry {origin}"
    elif heads - {entry.hash}:
        sentence = f"entry {entry.seq} was replaced: a checkpoint vouches for another"
    elif entry.previous != previous:
        sentence = f"entry {entry.seq} does not follow from the one before it"
    else:
        return None
    return Fault(record="entry", number=entry.seq, what=what, sentence=sentence)


def _origin(entry: Entry, reach: int) -> int | None:
    """Return the place up to *reach* at which *entry* has its hash, if it was merely moved."""
    places = range(1, reach + 1)
    return next((seq for seq in places if entry.hash_at(seq) == entry.hash), None)
