"""Remembered: what earlier processes have kept of an assessment's runs, taken in without a call."""

import asyncio

from pratique.assessment.judging import judging_of, take_ratings
from pratique.assessment.planning import Plan
from pratique.evals.budget import Budget
from pratique.evals.history import controls_for, history_of, known_of, settled_history
from pratique.evals.judges.bench import Bench
from pratique.evals.outcomes import open_run
from pratique.evals.rescore import Rescored, rescore
from pratique.evals.runs import Run
from pratique.workspace.opened import Opened


def recall(opened: Opened, planned: Plan, *, opening: bool) -> None:
    """Let earlier runs on the same samples help gates; which do is settled when a run is *opening*."""
    judge = planned.judge
    cells = [cell for cell in planned.cells if judge.recalls(cell) and not cell.observed]
    if not cells:
        return
    with opened.database.begin() if opening else opened.database.connect() as connection:
        for cell in cells:
            if opening:
                open_run(connection, cell.key, opened.clock())
                earlier = settled_history(connection, cell.key, len(cell.order))
            else:
                earlier = history_of(connection, cell.key.id) or ()
            if earlier:
                names = [sample.id for sample in cell.order]
                known = controls_for(known_of(connection, earlier), names, len(names))
                judge.recall(cell, earlier, known)


def take_settled_ratings(opened: Opened, planned: Plan) -> None:
    """Let people's settled ratings settle what judges left for them."""
    judged = [cell for cell in planned.cells if cell.panel is not None]
    if judged:
        with opened.database.begin() as connection:
            for cell in judged:
                take_ratings(connection, cell, opened.clock())


def heed(opened: Opened, planned: Plan) -> None:
    """Tell the allocator what judges and people did for each finding."""
    judge = planned.judge
    with opened.database.connect() as connection:
        for cell in planned.cells:
            found = judging_of(
                connection,
                cell,
                bar=judge.bar(cell),
                alpha=judge.alpha,
                truth=planned.standard.truth,
            )
            if found is not None:
                judge.heed(cell, found)


def rescore_kept(opened: Opened, planned: Plan) -> list[Rescored]:
    """Score kept answers again for the runs of *planned*, by kept judgements where it has judges.

    No call is made: what nobody has judged waits for the next assessment.
    """
    found = rescore(opened.database, planned.cells, opened.clock)
    run = _offline(opened, planned)
    asyncio.run(run.judge_kept(planned.cells))
    without_calls(opened, planned)
    return found


def _offline(opened: Opened, planned: Plan) -> Run:
    """Return a run that makes no call."""
    return Run(
        database=opened.database,
        models={},
        allocator=planned.judge,
        clock=opened.clock,
        deadline=1.0,
        progress=lambda _: None,
        bench=Bench(opened.database, opened.clock, {}, {}, Budget(), 1.0),
    )


def without_calls(opened: Opened, planned: Plan) -> None:
    """Take in what earlier processes have kept of the runs of *planned*; no call is made."""
    recall(opened, planned, opening=False)
    _offline(opened, planned).resume(planned.cells)
    heed(opened, planned)
