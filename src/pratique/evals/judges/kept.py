"""Kept judgements: one judge's word on one answer, which is never asked for twice."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, Table, Text, insert, select

from pratique.evals.judges.judging import Judgement
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

judgements = Table(
    "judgements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("judge", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What judges said of answers to our own samples. Users' content is never kept anywhere."""


def judgement_id(asked: object) -> str:
    """Return the name of the judgement that was *asked* for: judge, revision, words and answer."""
    return "judgement-" + digest(canonical(asked)).removeprefix("sha256:")[:24]


def kept_judgement(connection: Connection, name: str) -> Judgement | None:
    """Return the judgement called *name*, or None where it was not made yet."""
    body = connection.scalar(select(judgements.c.body).where(judgements.c.id == name))
    return None if body is None else msgspec.json.decode(body, type=Judgement)


def keep_judgement(connection: Connection, name: str, one: Judgement, now: datetime) -> None:
    """Keep *one* under *name*; what is kept already stays as it is."""
    if connection.scalar(select(judgements.c.id).where(judgements.c.id == name)) is None:
        body = canonical(one).decode()
        row = {"id": name, "judge": one.judge, "body": body, "at": stamp(now)}
        connection.execute(insert(judgements).values(**row))


def judgements_called(connection: Connection, names: Iterable[str]) -> dict[str, Judgement]:
    """Return the judgements called *names*, by name."""
    wanted, found = sorted(set(names)), {}
    for first in range(0, len(wanted), 500):
        chunk = wanted[first : first + 500]
        query = select(judgements.c.id, judgements.c.body).where(judgements.c.id.in_(chunk))
        for name, body in connection.execute(query):
            found[name] = msgspec.json.decode(body, type=Judgement)
    return found
