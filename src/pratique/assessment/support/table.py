"""What is kept about a partner's support: probes, ticket files, attested items and verdicts."""

from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from sqlalchemy import Column, Connection, Index, Table, Text, insert, select, update

from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

support_records = Table(
    "support_records",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "partner", "kind", "subject", "at"),
)

Kind = Literal["probe", "tickets", "attested", "verdict"]
"""What a record is."""

T = TypeVar("T", bound=msgspec.Struct)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it lies in the store."""

    id: str
    """Its name, derived from what it says."""
    subject: str
    """What it is about: a model, an item, or nothing more than the partner."""
    at: str
    """When it was kept last."""
    body: bytes
    """The record, in canonical JSON."""

    def read(self, kind: type[T]) -> T:
        """Return the record itself."""
        return msgspec.json.decode(self.body, type=kind)


def keep(
    connection: Connection,
    kind: Kind,
    partner: str,
    subject: str,
    record: msgspec.Struct,
    now: datetime,
) -> str:
    """Keep *record* and return its name; the very same is kept once, under its latest time."""
    body = canonical(record)
    hashed = digest(canonical([partner, subject]) + body)
    name = f"{kind}-" + hashed.removeprefix("sha256:")[:16]
    again = update(support_records).where(support_records.c.id == name).values(at=stamp(now))
    if connection.execute(again).rowcount == 0:
        connection.execute(
            insert(support_records).values(
                id=name,
                kind=kind,
                partner=partner,
                subject=subject,
                at=stamp(now),
                body=body.decode(),
            )
        )
    return name


def latest(connection: Connection, kind: Kind, partner: str) -> dict[str, Kept]:
    """Return the latest record of *kind* about *partner*, by subject."""
    columns = support_records.c
    rows = connection.execute(
        select(columns.id, columns.subject, columns.at, columns.body)
        .where(columns.kind == kind, columns.partner == partner)
        .order_by(columns.at, columns.id)
    )
    return {
        subject: Kept(id=name, subject=subject, at=at, body=body.encode())
        for name, subject, at, body in rows
    }
