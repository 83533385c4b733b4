"""What is kept about a partner's support: probes, ticket files, attested items, verdicts and their bases."""

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

Kind = Literal["probe", "tickets", "attested", "basis", "verdict"]
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
    name = name_of(kind, partner, subject, body)
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


def name_of(kind: str, partner: str, subject: str, body: bytes) -> str:
    """Return the name of a record that is kept as *body*."""
    hashed = digest(canonical([partner, subject]) + body)
    return f"{kind}-" + hashed.removeprefix("sha256:")[:16]


def changed(connection: Connection) -> list[str]:
    """Return the names of records that do not say what they said when they were kept."""
    columns = support_records.c
    rows = connection.execute(
        select(columns.id, columns.kind, columns.partner, columns.subject, columns.body)
    )
    return [
        name
        for name, kind, partner, subject, body in rows
        if name_of(kind, partner, subject, body.encode()) != name
    ]


def named(connection: Connection, name: str) -> Kept | None:
    """Return the record called *name*, or None where it is not kept."""
    columns = support_records.c
    row = connection.execute(
        select(columns.subject, columns.at, columns.body).where(columns.id == name)
    ).one_or_none()
    return row and Kept(id=name, subject=row[0], at=row[1], body=row[2].encode())


def all_of(connection: Connection, kind: Kind) -> list[Kept]:
    """Return every record of *kind*, oldest first."""
    columns = support_records.c
    rows = connection.execute(
        select(columns.id, columns.subject, columns.at, columns.body)
        .where(columns.kind == kind)
        .order_by(columns.at, columns.id)
    )
    return [
        Kept(id=name, subject=subject, at=at, body=body.encode())
        for name, subject, at, body in rows
    ]


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
