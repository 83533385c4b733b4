"""Rescoring: kept answers held to today's targets by today's scorers, without a call.

An answer is used again where the same variant gave it to the very same input in another run: one
of the same suite, before its scorer or its targets were changed. The old outcome stays as it is;
the new one is a record of today's run and names the run that it came from.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from pratique.evals.cells import Cell
from pratique.evals.outcomes import Result, keep_all, open_run, results_of, runs
from pratique.evals.results import digest_of_input, rescored
from pratique.evals.scorers import SCORERS
from pratique.store.database import Database


class Rescored(msgspec.Struct, frozen=True, kw_only=True):
    """What came of scoring one cell's kept answers again."""

    run_id: str
    """Today's run."""
    taken: int
    """Answers of other runs that were scored for it."""
    changed: int
    """Of these, those that pass now and did not, or the other way round."""
    unlike: tuple[str, ...]
    """Samples of today's own run that today's scorer scores otherwise than it was kept: the scorer
    was changed and its revision was not. The kept outcome stands."""


def rescore(
    database: Database, cells: Sequence[Cell], clock: Callable[[], datetime]
) -> list[Rescored]:
    """Score the kept answers to the samples of *cells* again, and keep what came of it."""
    found = []
    for cell in cells:
        with database.begin() as connection:
            open_run(connection, cell.key, clock())
            found.append(_rescored(connection, cell, clock()))
    return found


def _rescored(connection: Connection, cell: Cell, now: datetime) -> Rescored:
    own = {one.position: one for one in results_of(connection, [cell.key.id])[cell.key.id]}
    others = _answers(connection, cell)
    taken: list[tuple[str, Result]] = []
    changed = 0
    for position, sample in enumerate(cell.order):
        source = others.get(digest_of_input(sample))
        if position in own or source is None:
            continue
        run_id, kept = source
        result = msgspec.structs.replace(
            rescored(kept, cell.suite, sample, position), rescored_from=run_id
        )
        changed += result.passed != kept.passed
        taken.append((cell.key.id, result))
    if taken:
        keep_all(connection, taken, now)
    return Rescored(
        run_id=cell.key.id, taken=len(taken), changed=changed, unlike=_unlike(cell, own)
    )


def _answers(connection: Connection, cell: Cell) -> Mapping[str, tuple[str, Result]]:
    """Return the first kept answer of the same variant to each input, with its run.

    A sample for which the partner gave nothing has no answer to score: it is asked again.
    """
    same = select(runs.c.id).where(
        runs.c.digest == cell.key.digest,
        runs.c.candidate == cell.key.candidate,
        runs.c.market == cell.key.market,
        runs.c.seed == cell.key.seed,
        runs.c.id != cell.key.id,
    )
    run_ids = list(connection.scalars(same.order_by(runs.c.created, runs.c.id)))
    found: dict[str, tuple[str, Result]] = {}
    for run_id, kept in results_of(connection, run_ids).items():
        for one in kept:
            if one.input_digest and one.outcome != "failed" and not one.rescored_from:
                found.setdefault(one.input_digest, (run_id, one))
    return found


def _unlike(cell: Cell, own: Mapping[int, Result]) -> tuple[str, ...]:
    scorer = SCORERS[cell.suite.file.scorer]
    return tuple(
        one.sample_id
        for position, one in sorted(own.items())
        if one.output is not None
        and scorer.score(cell.order[position].target, cell.order[position].input, one.output).met
        != one.met
    )
