"""Settlements: what judges, or people, found of an answer that met whatever could be checked.

The outcome stays as it was scored. A settlement is a record beside it; one that is left `open` says
that no judge could settle the answer, and the person's word is a record of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    Table,
    Text,
    insert,
    select,
)

from pratique.store.canonical import canonical
from pratique.store.moments import stamp
from pratique.store.schema import metadata

Settler = Literal["cheap", "strong", "open", "person"]
"""Who settled an answer; `open` where it was left for a person."""

settlements = Table(
    "settlements",
    metadata,
    Column("run_id", Text, ForeignKey("eval_runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("tier", Text, primary_key=True),
    Column("met", Boolean, nullable=True),
    Column("share", Float, nullable=True),
    Column("why", Text, nullable=False),
    Column("judgements", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What became of answers that went to judges."""


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one answer."""

    position: int
    """Place in the run's order."""
    tier: Settler
    """Who settled it."""
    met: bool | None
    """Whether the answer does what was asked; None while it is open."""
    share: float | None
    """How well, from 0 to 1; None while it is open."""
    why: str
    """Why it went up, or whose batch of ratings it was."""
    judgements: tuple[tuple[str, str], ...] = ()
    """Tier and name of each judgement that was made on the way."""


def keep_settlement(connection: Connection, run_id: str, one: Settlement, now: datetime) -> None:
    """Keep *one*, a settlement of an answer in the run *run_id*."""
    row = msgspec.structs.asdict(one)
    row["judgements"] = canonical(one.judgements).decode()
    connection.execute(insert(settlements).values(run_id=run_id, at=stamp(now), **row))


def settlements_of(connection: Connection, run_ids: Sequence[str]) -> dict[str, list[Settlement]]:
    """Return the settlements of each run, by position, with one query."""
    found: dict[str, list[Settlement]] = {run_id: [] for run_id in run_ids}
    query = select(settlements).where(settlements.c.run_id.in_(run_ids))
    ordered = query.order_by(settlements.c.run_id, settlements.c.position, settlements.c.at)
    for row in connection.execute(ordered).mappings():
        values = {name: row[name] for name in Settlement.__struct_fields__}
        values["judgements"] = msgspec.json.decode(
            row["judgements"], type=tuple[tuple[str, str], ...]
        )
        found[row["run_id"]].append(Settlement(**values))
    return found
