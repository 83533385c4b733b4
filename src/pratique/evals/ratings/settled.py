"""Words: what people's settled ratings say of the answers of one run."""

import msgspec
from sqlalchemy import Connection, select

from pratique.evals.ratings.batches import Batch
from pratique.evals.ratings.drawing import key_of
from pratique.evals.ratings.standing import settled_values
from pratique.evals.ratings.table import batches, ratings_of

BY_LOT = "run"
"""Kind of a batch whose samples were drawn by lot from all of a run."""

WAITING = "waiting"
"""Kind of a batch of the answers that judges left for people."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What people say of one sample of a run."""

    sample: str
    """The sample."""
    grade: int | None
    """The grade; None where there was no answer to rate."""
    share: float
    """The grade from 0 (the worst) to 1 (the best); 0 without an answer."""
    batch: str
    """Batch of ratings that it is of."""


def words_on(
    connection: Connection, run_id: str, rubric: str, *, by_lot: bool, since: str = ""
) -> list[Word]:
    """Return what people say of the run *run_id* by *rubric*, in the order of drawing, each sample once.

    Only batches of which every item is settled: the key of the others is still closed.

    by_lot: without the batches of answers that judges left open, which are no fair draw.
    since: only batches made at this time (ISO 8601) or later.
    """
    found: dict[str, Word] = {}
    query = select(batches.c.body).where(batches.c.created >= since)
    for body in connection.scalars(query.order_by(batches.c.created, batches.c.id)):
        batch = msgspec.json.decode(body, type=Batch)
        if batch.kind != BY_LOT and (by_lot or batch.kind != WAITING):
            continue
        key = key_of(batch)
        values = settled_values(batch, ratings_of(connection, batch.id))
        if (key.run, key.rubric) != (run_id, rubric) or len(values) < len(batch.items):
            continue
        low, high = batch.grades[0].value, batch.grades[-1].value
        for name in key.drawn:
            grade = values.get(name)
            share = 0.0 if grade is None else (grade - low) / (high - low)
            word = Word(sample=name, grade=grade, share=share, batch=batch.id)
            found.setdefault(name, word)
    return list(found.values())
