"""The tables of ratings: batches with their key, and what each rater gave."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, insert, select

from pratique.errors import NotAllowed, NotFound
from pratique.evals.ratings.batches import Batch
from pratique.store.canonical import canonical
from pratique.store.moments import stamp
from pratique.store.schema import metadata

batches = Table(
    "rating_batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("created", Text, nullable=False),
)
"""Batches; the body holds what raters must not know: it never goes into a sheet."""

ratings = Table(
    "ratings",
    metadata,
    Column("batch", Text, ForeignKey("rating_batches.id"), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("rater", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("value", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What people gave for each item."""


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """What one person gave for one item."""

    batch: str
    """The batch."""
    item: str
    """The item."""
    rater: str
    """Who gave it."""
    role: str
    """`rater`, or `decides` where raters differed."""
    value: int
    """The grade."""
    note: str
    """The rater's own words."""
    file: str
    """SHA-256 of the file that it came from."""


def keep_batch(connection: Connection, batch: Batch, now: datetime) -> None:
    """Enter *batch*, unless it is there already."""
    if connection.scalar(select(batches.c.id).where(batches.c.id == batch.id)) is None:
        body = canonical(batch).decode()
        connection.execute(insert(batches).values(id=batch.id, body=body, created=stamp(now)))


def batch_called(connection: Connection, name: str) -> Batch:
    """Return the batch called *name*.

    Raises:
        NotFound: there is none.
    """
    body = connection.scalar(select(batches.c.body).where(batches.c.id == name))
    if body is None:
        raise NotFound(
            f"no batch of ratings `{name[:60]}`", hint="`pratique rate status` lists the batches"
        )
    return msgspec.json.decode(body, type=Batch)


def batches_kept(connection: Connection) -> list[Batch]:
    """Return every batch, oldest first."""
    query = select(batches.c.body).order_by(batches.c.created, batches.c.id)
    return [msgspec.json.decode(body, type=Batch) for body in connection.scalars(query)]


def keep_ratings(connection: Connection, given: Sequence[Rating], now: datetime) -> int:
    """Keep *given*, which one person gave for one batch; return how many are new.

    The same ratings again change nothing.

    Raises:
        NotAllowed: that person gave another rating before: it stays as it was.
    """
    first = given[0]
    kept = {
        one.item: one for one in ratings_of(connection, first.batch) if one.rater == first.rater
    }
    for one in given:
        before = kept.get(one.item)
        if before is not None and (before.value, before.role) != (one.value, one.role):
            raise NotAllowed(
                f"`{one.rater}` gave {before.value} for an item of `{one.batch}` before, now {one.value}",
                hint="a rating stays as it was given; `pratique rate adjudicate` decides disputes",
            )
    fresh = [one for one in given if one.item not in kept]
    if fresh:
        rows = [{**msgspec.structs.asdict(one), "at": stamp(now)} for one in fresh]
        connection.execute(insert(ratings), rows)
    return len(fresh)


def ratings_of(connection: Connection, batch: str) -> list[Rating]:
    """Return the ratings of *batch*, by item and rater."""
    query = (
        select(ratings).where(ratings.c.batch == batch).order_by(ratings.c.item, ratings.c.rater)
    )
    names = Rating.__struct_fields__
    return [Rating(**{n: row[n] for n in names}) for row in connection.execute(query).mappings()]
