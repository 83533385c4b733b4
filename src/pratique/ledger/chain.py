"""The chain: one entry a decision, each bound to the one before it by a hash."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, Text, insert, select, text

from pratique.errors import Malformed
from pratique.store.canonical import canonical
from pratique.store.moments import stamp
from pratique.store.schema import metadata

ORIGIN = "0" * 64
"""What the first entry names as the hash before it."""

MAX_BODY_BYTES = 16_384
"""A decision is a few facts and digests; whatever is larger belongs into a snapshot."""

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision, as it stands in the ledger."""

    seq: int
    """Its place, from 1 on, without gaps."""

    at: str
    """When it was recorded: ISO 8601 in UTC."""

    who: str
    """The account or service that decided."""

    kind: str
    """What was decided, as a dotted word: `release.halted`."""

    subject: str
    """What it was decided about: an id or a digest."""

    body: str
    """The facts of it, as canonical JSON. Never user content."""

    previous: str
    """The hash of the entry before, or `ORIGIN`."""

    hash: str
    """SHA-256, in hexadecimal, of the canonical JSON of all other fields."""

    def facts(self) -> dict[str, object]:
        """Return the body, decoded."""
        facts: dict[str, object] = json.loads(self.body)
        return facts

    def hash_at(self, seq: int) -> str:
        """Return the hash that this entry would have at the place *seq*."""
        fields = msgspec.structs.asdict(self) | {"seq": seq}
        del fields["hash"]
        return hashlib.sha256(canonical(fields)).hexdigest()


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a chain ends."""

    count: int
    """How many entries there are, 0 for none."""

    hash: str
    """The hash of the last one, or `ORIGIN`."""


def append(
    connection: Connection,
    *,
    at: datetime,
    who: str,
    kind: str,
    subject: str,
    body: Mapping[str, object],
) -> Entry:
    """Add a decision to the end of the chain, in the caller's transaction, and return it.

    The transaction must be one that writes (`Database.begin`): it keeps other processes from
    adding an entry between reading the head and writing the new one.

    Raises:
        Malformed: *kind* is no dotted word, *who* or *subject* is no short line of text, *at*
            names no time zone, or *body* is too large or has no canonical JSON.
    """
    _check_words(who, kind, subject)
    facts = canonical(dict(body))
    if len(facts) > MAX_BODY_BYTES:
        raise Malformed(
            f"the facts of `{kind}` take {len(facts)} bytes, more than {MAX_BODY_BYTES}",
            hint="keep the bytes as a snapshot and record its digest",
        )
    hold(connection)
    last = head(connection)
    unsealed = Entry(
        seq=last.count + 1,
        at=stamp(at),
        who=who,
        kind=kind,
        subject=subject,
        body=facts.decode(),
        previous=last.hash,
        hash="",
    )
    entry = msgspec.structs.replace(unsealed, hash=unsealed.hash_at(unsealed.seq))
    connection.execute(insert(ledger_entries).values(msgspec.structs.asdict(entry)))
    return entry


def entries(
    connection: Connection,
    *,
    kind: str | None = None,
    subject: str | None = None,
    after: int | None = None,
) -> Iterator[Entry]:
    """Yield entries in order: all, or those of a *kind*, on a *subject*, *after* a place."""
    query = select(ledger_entries).order_by(ledger_entries.c.seq)
    if kind is not None:
        query = query.where(ledger_entries.c.kind == kind)
    if subject is not None:
        query = query.where(ledger_entries.c.subject == subject)
    if after is not None:
        query = query.where(ledger_entries.c.seq > after)
    for row in connection.execute(query).yield_per(500).mappings():
        yield Entry(**row)


def head(connection: Connection) -> Head:
    """Return where the chain ends now."""
    columns = ledger_entries.c
    query = select(columns.seq, columns.hash).order_by(columns.seq.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Head(count=0, hash=ORIGIN) if row is None else Head(count=row.seq, hash=row.hash)


def last_moment(connection: Connection) -> datetime | None:
    """Return when the last entry was recorded, or None for an empty chain."""
    columns = ledger_entries.c
    at = connection.scalar(select(columns.at).order_by(columns.seq.desc()).limit(1))
    return None if at is None else datetime.fromisoformat(at)


def hash_of(connection: Connection, seq: int) -> str | None:
    """Return the stored hash at the place *seq*, `ORIGIN` for 0, or None if nothing is there."""
    if seq == 0:
        return ORIGIN
    return connection.scalar(select(ledger_entries.c.hash).where(ledger_entries.c.seq == seq))


def hold(connection: Connection) -> None:
    """Keep others from appending until this transaction ends.

    On SQLite every writing transaction does so anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE ledger_entries IN EXCLUSIVE MODE"))


def _check_words(who: str, kind: str, subject: str) -> None:
    if not _KIND.fullmatch(kind):
        raise Malformed(
            f"`{kind}` is not a kind of decision", hint="write a dotted word: `release.halted`"
        )
    for name, value in (("who", who), ("subject", subject)):
        if not _LINE.fullmatch(value):
            raise Malformed(
                f"`{name}` of the decision `{kind}` is not a line of 1 to 200 characters",
                hint="name an account, an id or a digest",
            )
